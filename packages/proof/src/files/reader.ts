import { join } from 'node:path'
import { ProofError } from '../error.ts'
import { DIGEST_BYTES } from '../hash/sha256.ts'
import { consistencyPath, Frontier, inclusionPath, type SubtreeHash } from '../merkle/index.ts'
import { type Checkpoint, readCheckpoint, readNote } from '../note/index.ts'
import { decodeEntries, TILE_HEIGHT, TILE_WIDTH, tilesAt } from '../tiles/index.ts'
import { nodeOf } from './hash.ts'
import { CHECKPOINT_FILE, needTile, readIfThere } from './read.ts'

/** Reads a ledger's folder as it was at one checkpoint, beside its writer. It verifies nothing: a proof does, or `verifyFolder`. */
export class LedgerReader {
  readonly folder: string
  /** The signed checkpoint. */
  readonly note: string
  readonly checkpoint: Checkpoint

  /** Errors: `checkpoint_missing`, `note_malformed`, `checkpoint_malformed`. */
  constructor(folder: string) {
    const bytes = readIfThere(join(folder, CHECKPOINT_FILE))
    if (bytes === null) throw new ProofError('checkpoint_missing', `${folder} has no checkpoint: it is no ledger`)
    this.folder = folder
    this.note = new TextDecoder().decode(bytes)
    this.checkpoint = readCheckpoint(readNote(this.note).text)
  }

  /** The entry at an index. Errors: `index_range`, `tile_missing`, `entry_cut`. */
  entry(index: number): Uint8Array {
    const { size } = this.checkpoint
    if (!(Number.isSafeInteger(index) && index >= 0 && index < size))
      throw new ProofError('index_range', `there is no entry ${index} among ${size}`)
    const entry = this.#bundle(Math.floor(index / TILE_WIDTH))[index % TILE_WIDTH]
    if (entry === undefined) throw new ProofError('entry_cut', `the bundle of entry ${index} is cut short`)
    return entry
  }

  /** Entries from one index to before another, a bundle at a time. Errors: as `entry`. */
  *entries(from = 0, to = this.checkpoint.size): Generator<readonly [index: number, entry: Uint8Array]> {
    const end = Math.min(to, this.checkpoint.size)
    for (let index = Math.max(from, 0); index < end; ) {
      const entries = this.#bundle(Math.floor(index / TILE_WIDTH))
      const first = index - (index % TILE_WIDTH)
      if (entries.length <= index - first)
        throw new ProofError('entry_cut', `the bundle of entry ${index} is cut short`)
      for (; index < end && index - first < entries.length; index++) yield [index, entries[index - first]]
    }
  }

  /** What proves that an entry is in the ledger. Errors: `index_range`, `tile_missing`, `tile_length`. */
  inclusion(index: number): Uint8Array[] {
    const { size } = this.checkpoint
    if (!(index >= 0 && index < size)) throw new ProofError('index_range', `there is no entry ${index} among ${size}`)
    return inclusionPath(index, size, this.#subtree)
  }

  /** What proves that the ledger begins with that of `before` entries. Errors: `index_range`, `tile_missing`, `tile_length`. */
  consistency(before: number): Uint8Array[] {
    const { size } = this.checkpoint
    if (!(before >= 0 && before <= size))
      throw new ProofError('index_range', `a ledger of ${size} entries does not begin with one of ${before}`)
    return consistencyPath(before, size, this.#subtree)
  }

  #bundle(index: number): Uint8Array[] {
    const width = widthOf(index, tilesAt('entries', this.checkpoint.size))
    return decodeEntries(needTile(this.folder, { level: 'entries', index, width }), width).entries
  }

  /** A subtree's root, from the hashes of the tile that holds it. */
  readonly #subtree: SubtreeHash = (height, at) => {
    const level = Math.floor(height / TILE_HEIGHT)
    const count = 2 ** (height % TILE_HEIGHT)
    const index = Math.floor((at * count) / TILE_WIDTH)
    const tile = needTile(this.folder, { level, index, width: widthOf(index, tilesAt(level, this.checkpoint.size)) })
    const first = (at * count) % TILE_WIDTH
    const tree = new Frontier(nodeOf)
    for (let i = first; i < first + count; i++) tree.add(tile.slice(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES))
    return tree.root
  }
}

function widthOf(index: number, { full, partial }: { readonly full: number; readonly partial: number }): number {
  return index < full ? TILE_WIDTH : partial
}
