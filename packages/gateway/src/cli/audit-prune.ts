import { ProofError } from '@ringwall/proof'
import { pruneFolder } from '@ringwall/proof/files'
import type { Command } from 'commander'
import { valueAt } from '../audit/entry.ts'
import { openView, type View } from '../audit/view.ts'
import { RingwallError } from '../base/error.ts'
import { folderOf, type Where, withFolder } from './audit-folder.ts'
import { timeOf } from './audit-search.ts'
import { verifiersOf } from './audit-verify.ts'
import { runs, verb } from './verb.ts'

/** Entries go in bundles of so many. */
const BUNDLE = 256

/** `ringwall audit prune`: removes old entries; their hashes stay, and with them every proof of what is kept. */
export function pruneVerb(audit: Command): void {
  const command = withFolder(
    verb(audit, {
      name: 'prune',
      summary:
        'Remove entries older than a time, in bundles of 256. Their hashes stay, so all that is kept is proven as before.',
      example: 'ringwall audit prune --before 2025-11-28 --key data/ledger.key.pub',
    }),
  )
    .requiredOption('--before <time>', 'as 2026-11-28 or 2026-11-28T09:00:00Z')
    .requiredOption('--key <key>', 'what verifies the ledger: only what its checkpoint signs is touched')
    .addHelpText(
      'after',
      '\nThe gateway may run meanwhile. Export or prove first what is to be kept: it does not come back.',
    )
  runs<Where & { before: string; key: string }>(command, async (_, { before, key, ...where }) => {
    const folder = folderOf(where)
    const end = endOf(openView(folder), timeOf(before))
    try {
      const { from, bundles } = await pruneFolder(folder, end, await verifiersOf(key))
      const text = `${bundles * BUNDLE} entries are removed; those from ${from} on are kept.\n`
      return { status: 0, text, json: { from, removed: bundles * BUNDLE } }
    } catch (error) {
      if (!(error instanceof ProofError)) throw error
      throw new RingwallError(error.code, error.message, 'Verify the ledger: ringwall audit verify DIR.', {
        file: folder,
      })
    }
  })
}

/** The beginning of the last bundle that begins before `time`: all before it is older. Where entries were pruned already, not before these. */
function endOf({ published, get }: View, time: number): number {
  const { size } = published.checkpoint
  let end = published.from
  for (let next = end + BUNDLE; next < size; next += BUNDLE) {
    if (!(Number(valueAt(get(next), 'time')) < time)) break
    end = next
  }
  return end
}
