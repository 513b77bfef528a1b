import { join } from 'node:path'
import { ProofError } from '../error.ts'
import { sameHash } from '../merkle/index.ts'
import { readCheckpoint, readNote, type Verifier } from '../note/index.ts'
import { TILE_WIDTH, tilesAt } from '../tiles/index.ts'
import { Edge } from './edge.ts'
import { leafOf } from './hash.ts'
import type { HashTile } from './hash-tile.ts'
import { CHECKPOINT_FILE, readIfThere } from './read.ts'
import { openCheckpoint } from './signed.ts'
import { notesIn, walk } from './walk.ts'

/** What a folder holds, published or not. */
export interface Recovered {
  readonly edge: Edge
  /** The published checkpoint. */
  readonly note: string
}

/**
 * Reads a ledger to go on with: what is published, and every entry of its journals. Null where there is no checkpoint. Errors: those of
 * reading checkpoints and tiles; `ledger_root` where its tiles do not have the root that was signed; `journal_missing`, `journal_damaged`, `journal_mismatch`.
 */
export async function recover(
  folder: string,
  origin: string,
  verifier: Verifier,
  hashTile?: HashTile,
): Promise<Recovered | null> {
  const bytes = readIfThere(join(folder, CHECKPOINT_FILE))
  if (bytes === null) return null
  const note = new TextDecoder().decode(bytes)
  const { size, root } = await openCheckpoint(note, origin, [verifier])
  const edge = Edge.read(folder, size, hashTile)
  if (!sameHash(edge.root, root))
    throw new ProofError('ledger_root', `the tiles of ${folder} do not have the root that its checkpoint signs`)
  holdEntries(edge, folder)
  const steps = walk(folder, edge)
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done) {
      const { file, rest } = next.value
      await refuseLoss(rest, `${folder}/${file}`, edge.size, origin, verifier)
      return { edge, note }
    }
    const step = next.value
    if ('bundle' in step) edge.take(edge.grow(step.bundle))
    else if ('note' in step) await holdNote(step, edge, `${folder}/${step.file}`, origin, verifier)
    else await refuseLoss(step.torn, `${folder}/${step.file}`, edge.size, origin, verifier)
  }
}

/** The entries of the last bundle, behind which others will be written, are those that were hashed. Error: `entry_mismatch`. */
function holdEntries(edge: Edge, folder: string): void {
  const { full, partial } = tilesAt(0, edge.size)
  if (partial === 0) return
  for (const [i, hash] of (edge.tile({ level: 0, index: full, width: partial }) ?? []).entries()) {
    const entry = edge.entry(full * TILE_WIDTH + i)
    if (entry === null || !sameHash(leafOf(entry), hash))
      throw new ProofError(
        'entry_mismatch',
        `entry ${full * TILE_WIDTH + i} of ${folder} is not the one that was hashed`,
      )
  }
}

/** A note signs what came before it. Its signature is asked about where that differs: else there is nothing that it could tell. Error: `journal_mismatch`. */
async function holdNote(
  { note }: { readonly note: string },
  { size, root }: Edge,
  file: string,
  origin: string,
  verifier: Verifier,
): Promise<void> {
  const said = readCheckpoint(readNote(note).text)
  if (said.size === size && sameHash(said.root, root)) return
  const signed = await openCheckpoint(note, origin, [verifier])
  throw new ProofError(
    'journal_mismatch',
    `the ${size} entries up to a note in ${file} are not the ${signed.size} that it signs: restore it from a copy`,
  )
}

/** A kill cuts off what nobody was told of. Where a signed note of more entries stands behind the cut, it was no kill. */
async function refuseLoss(
  rest: Uint8Array,
  file: string,
  size: number,
  origin: string,
  verifier: Verifier,
): Promise<void> {
  const lost = await signedBeyond(rest, size, origin, [verifier])
  if (lost !== null)
    throw new ProofError(
      'journal_damaged',
      `${file} is damaged behind entry ${size}, and ${lost} were signed: restore it from a copy`,
    )
}

/** The size of the first signed note of more than `size` entries in what could not be read, or null. */
export async function signedBeyond(
  rest: Uint8Array,
  size: number,
  origin: string,
  verifiers: readonly Verifier[],
): Promise<number | null> {
  for (const text of notesIn(rest, origin)) {
    const found = await openCheckpoint(text, origin, verifiers).catch(error => {
      if (error instanceof ProofError) return null
      throw error
    })
    if (found !== null && found.size > size) return found.size
  }
  return null
}
