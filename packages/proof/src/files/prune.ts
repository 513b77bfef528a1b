import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ProofError } from '../error.ts'
import type { Verifier } from '../note/index.ts'
import { TILE_WIDTH, tilePath } from '../tiles/index.ts'
import { type Disk, disk } from './disk.ts'
import { CHECKPOINT_FILE, readIfThere } from './read.ts'
import { openCheckpoint } from './signed.ts'

/** Names the first entry that is kept: `minimum index` of C2SP tlog-tiles, in decimal with a line feed. */
export const PRUNED_FILE = 'pruned'

/** What a pruning did. */
export interface Pruned {
  /** The first entry that is kept: the one that was asked for, or before it the beginning of its bundle. */
  readonly from: number
  /** Bundles that were removed. */
  readonly bundles: number
}

/**
 * Removes the bundles of entries before `before`. The tiles stay, so inclusion and consistency proofs of all that is kept, and of the
 * tree from its first entry on, are as they were. A pruned entry can be proven by whoever kept it. May run beside the ledger's writer; only what
 * is published is pruned. Errors: `checkpoint_missing`, those of reading checkpoints, `index_range`, `pruned_malformed`.
 */
export async function pruneFolder(
  folder: string,
  before: number,
  keys: readonly Verifier[],
  on: Disk = disk,
): Promise<Pruned> {
  const bytes = readIfThere(join(folder, CHECKPOINT_FILE))
  if (bytes === null) throw new ProofError('checkpoint_missing', `${folder} has no checkpoint: it is no ledger`)
  const { size } = await openCheckpoint(new TextDecoder().decode(bytes), null, keys)
  if (!(Number.isSafeInteger(before) && before >= 0 && before <= size))
    throw new ProofError('index_range', `there is no entry ${before} in a ledger of ${size}, up to which to prune`)
  const from = Math.max(prunedFrom(folder), before - (before % TILE_WIDTH))
  // Said before it is done: a bundle that is missing without that is a fault.
  const path = join(folder, PRUNED_FILE)
  const draft = `${path}.${process.pid}.new`
  await on.write(draft, new TextEncoder().encode(`${from}\n`))
  // Another that prunes may have gone further meanwhile, which must not be taken back.
  if (prunedFrom(folder) > from) {
    await on.remove(draft)
    return { from: prunedFrom(folder), bundles: 0 }
  }
  await on.rename(draft, path)
  await on.syncFolder(folder)
  let bundles = 0
  for (const name of bundlesIn(folder)) {
    const index = Number(name.replaceAll(/[x/]/g, ''))
    if ((index + 1) * TILE_WIDTH > from) continue
    await on.remove(join(folder, tilePath({ level: 'entries', index, width: TILE_WIDTH })))
    bundles++
  }
  return { from, bundles }
}

/** The first entry that a folder keeps. Error: `pruned_malformed`. */
export function prunedFrom(folder: string): number {
  const bytes = readIfThere(join(folder, PRUNED_FILE))
  if (bytes === null) return 0
  const text = new TextDecoder().decode(bytes)
  const from = Number(text)
  if (!/^(0|[1-9]\d*)\n$/.test(text) || !Number.isSafeInteger(from) || from % TILE_WIDTH !== 0)
    throw new ProofError('pruned_malformed', `${PRUNED_FILE} does not name the beginning of a bundle`)
  return from
}

/** Paths of full bundles, below their folder. */
function bundlesIn(folder: string): string[] {
  return readdirSync(join(folder, 'tile', 'entries'), { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => /^(x\d{3}\/)*\d{3}$/.test(name))
}
