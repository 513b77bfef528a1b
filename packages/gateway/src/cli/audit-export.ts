import type { Command } from 'commander'
import { ecsOf } from '../audit/ecs.ts'
import { isWanted } from '../audit/entry.ts'
import { openView } from '../audit/view.ts'
import { RingwallError } from '../base/error.ts'
import { folderOf, type Where, withFolder } from './audit-folder.ts'
import { type Search, searching, wantedOf } from './audit-search.ts'
import { LineSink } from './line-sink.ts'
import { json } from './output.ts'
import { Progress } from './progress.ts'
import { runs, verb } from './verb.ts'

interface Options extends Where, Search {
  readonly ocsf?: boolean
  readonly ecs?: boolean
}

/** Entries between two looks at whether what was written has been taken. */
const FLUSH = 1_000

/** `ringwall audit export`: entries for other tools, a JSON line each. */
export function exportVerb(audit: Command): void {
  const command = searching(
    withFolder(
      verb(audit, {
        name: 'export',
        summary: 'Write entries as JSON lines on standard output, oldest first: OCSF, or ECS for Elastic.',
        example: 'ringwall audit export --ecs --since 2026-11-28 > entries.ndjson',
      }),
    ),
  )
    .option('--ocsf', 'as OCSF has them, which is how they stand in the ledger (default)')
    .option('--ecs', 'as the Elastic Common Schema has them')
  runs<Options>(command, async (_, options) => {
    if (options.ocsf === true && options.ecs === true) {
      throw new RingwallError('format_twice', 'two formats are asked for', 'Leave out --ocsf or --ecs.')
    }
    const view = openView(folderOf(options))
    const wanted = wantedOf(options)
    const sink = new LineSink(process.stdout)
    const progress = new Progress('ledger', 0)
    let count = 0
    for (const { index, entry } of view.read(0, view.size)) {
      if (index % FLUSH === 0) await sink.flush()
      progress.add(JSON.stringify(entry).length)
      if (!isWanted(entry, wanted)) continue
      sink.write(json(options.ecs === true ? ecsOf(entry, index) : { ...entry, ledger_index: index }))
      count++
    }
    progress.end()
    await sink.end()
    return { status: count === 0 ? 1 : 0, text: '', json: [], lines: true }
  })
}
