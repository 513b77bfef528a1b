import type { Command } from 'commander'
import { addressOf, isWanted, kindOf, type ReadEntry, textAt, type valueAt } from '../audit/entry.ts'
import { openView } from '../audit/view.ts'
import { RingwallError } from '../base/error.ts'
import { exportVerb } from './audit-export.ts'
import { folderOf, type Where, withFolder } from './audit-folder.ts'
import { proveVerb } from './audit-prove.ts'
import { pruneVerb } from './audit-prune.ts'
import { indexOf, type Search, searching, wantedOf } from './audit-search.ts'
import { verifyVerb } from './audit-verify.ts'
import { printable, table } from './output.ts'
import { runs, verb } from './verb.ts'

/** `ringwall audit`: what the ledger holds, and proofs of it. Nothing here needs a running gateway. */
export function auditVerb(program: Command): void {
  const audit = program.command('audit').description('Read, search and prove what stands in the ledger of a gateway.')
  tail(audit)
  search(audit)
  show(audit)
  proveVerb(audit)
  verifyVerb(audit)
  exportVerb(audit)
  pruneVerb(audit)
}

function tail(audit: Command): void {
  const command = withFolder(
    verb(audit, { name: 'tail', summary: 'List the latest entries.', example: 'ringwall audit tail --most 50' }),
  ).option('--most <count>', 'how many', wholeOf, 20)
  runs<Where & { most: number }>(command, (_, { most, ...where }) => {
    const view = openView(folderOf(where))
    const entries: ReadEntry[] = []
    for (const each of view.read(Math.max(0, view.size - most), view.size)) entries.push(each)
    return { status: 0, text: listed(entries), json: entries }
  })
}

function search(audit: Command): void {
  const command = searching(
    withFolder(
      verb(audit, {
        name: 'search',
        summary: 'List the entries that fit, latest first; 1 where none does.',
        example: 'ringwall audit search --device pump-1 --code publish_denied --since 2026-11-28',
      }),
    ),
  ).option('--most <count>', 'how many', wholeOf, 100)
  runs<Where & Search & { most: number }>(command, (_, { most, ...options }) => {
    const view = openView(folderOf(options))
    const wanted = wantedOf(options)
    const found: ReadEntry[] = []
    for (const each of view.backwards()) {
      if (isWanted(each.entry, wanted)) found.push(each)
      if (found.length === most) break
    }
    return { status: found.length === 0 ? 1 : 0, text: listed(found), json: found }
  })
}

function show(audit: Command): void {
  const command = withFolder(
    verb(audit, { name: 'show <number>', summary: 'Show one entry whole.', example: 'ringwall audit show 4711' }),
  )
  runs<Where>(command, ([number = ''], where) => {
    const view = openView(folderOf(where))
    const entry = view.get(indexOf(number, view.size))
    const lines = JSON.stringify(entry, null, 2).split('\n').map(printable)
    return { status: 0, text: `${lines.join('\n')}\n`, json: { index: Number(number), entry } }
  })
}

function wholeOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new RingwallError('count_invalid', `${text} is no count`, 'Write a number from 1 to 999999.')
}

function listed(entries: readonly ReadEntry[]): string {
  if (entries.length === 0) return 'No entries.\n'
  const rows = entries.map(({ index, entry }) => [
    String(index),
    timeText(entry.time),
    kindOf(entry),
    textAt(entry, 'device', 'uid') || addressOf(entry) || textAt(entry, 'actor', 'user', 'name') || '-',
    [textAt(entry, 'finding_info', 'uid'), textAt(entry, 'message')].filter(Boolean).join(' '),
  ])
  return table([['entry', 'time', 'kind', 'who', 'what'], ...rows])
}

function timeText(time: ReturnType<typeof valueAt>): string {
  return typeof time === 'number' && Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : '-'
}
