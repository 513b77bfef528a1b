import { join } from 'node:path'
import { ProofError } from '../error.ts'
import { consistencyPath, Frontier, inclusionPath, type SubtreeHash } from '../merkle/index.ts'
import { type Checkpoint, readCheckpoint, readNote } from '../note/index.ts'
import { decodeEntries, TILE_HEIGHT, TILE_WIDTH } from '../tiles/index.ts'
import { Edge, split } from './edge.ts'
import { nodeOf } from './hash.ts'
import { prunedFrom } from './prune.ts'
import { CHECKPOINT_FILE, COSIGNED_FILE, needTile, readIfThere } from './read.ts'
import { stateOf } from './state.ts'
import { walk } from './walk.ts'

/** A writer may publish while its folder is read, and takes away the journals that this makes needless. */
const MOST_TRIES = 100

/**
 * Reads a ledger's folder as it was at one checkpoint, beside its writer: the one that was acknowledged last, or, where `published` is asked
 * for, that of the checkpoint file, or, where `cosigned` is, the last one that a witness has cosigned (that of the checkpoint file where none has). It verifies nothing: a proof does, or `verifyFolder`.
 */
export class LedgerReader {
  readonly folder: string
  /** The signed checkpoint. */
  readonly note: string
  readonly checkpoint: Checkpoint
  readonly #edge: Edge

  /** Errors: `checkpoint_missing`, `note_malformed`, `checkpoint_malformed`, `journal_missing`, `journal_damaged`. */
  constructor(
    folder: string,
    { published = false, cosigned = false }: { readonly published?: boolean; readonly cosigned?: boolean } = {},
  ) {
    this.folder = folder
    const { note, checkpoint, edge } = still(folder, () =>
      published || cosigned ? readPublished(folder, cosigned) : readAcknowledged(folder),
    )
    this.note = note
    this.checkpoint = checkpoint
    this.#edge = edge
  }

  /** The first entry that is kept; those before it were pruned. Error: `pruned_malformed`. */
  get from(): number {
    return prunedFrom(this.folder)
  }

  /** The entry at an index. Errors: `index_range`, `entry_pruned`, `tile_missing`, `entry_cut`. */
  entry(index: number): Uint8Array {
    const { size } = this.checkpoint
    if (!(Number.isSafeInteger(index) && index >= 0 && index < size))
      throw new ProofError('index_range', `there is no entry ${index} among ${size}`)
    const entry = this.#edge.entry(index) ?? this.#bundle(Math.floor(index / TILE_WIDTH))[index % TILE_WIDTH]
    if (entry === undefined) throw new ProofError('entry_cut', `the bundle of entry ${index} is cut short`)
    return entry
  }

  /** Entries from one index to before another, a bundle at a time. Errors: as `entry`. */
  *entries(from = 0, to = this.checkpoint.size): Generator<readonly [index: number, entry: Uint8Array]> {
    const end = Math.min(to, this.checkpoint.size)
    for (let index = Math.max(from, 0); index < end; ) {
      const waiting = this.#edge.entry(index)
      if (waiting !== null) {
        yield [index++, waiting]
        continue
      }
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

  /**
   * What proves that the ledger begins with that of `before` entries; or, that of `size` entries does. Errors: `index_range`, `tile_missing`,
   * `tile_length`.
   */
  consistency(before: number, size = this.checkpoint.size): Uint8Array[] {
    if (!(before >= 0 && before <= size && size <= this.checkpoint.size))
      throw new ProofError('index_range', `a ledger of ${size} entries does not begin with one of ${before}`)
    return consistencyPath(before, size, this.#subtree)
  }

  #bundle(index: number): Uint8Array[] {
    if (index * TILE_WIDTH < this.from)
      throw new ProofError('entry_pruned', `entries before ${this.from} were pruned, with their hashes kept`)
    return decodeEntries(needTile(this.folder, { level: 'entries', index, width: TILE_WIDTH }), TILE_WIDTH).entries
  }

  /** A subtree's root, from the hashes of the tile that holds it. */
  readonly #subtree: SubtreeHash = (height, at) => {
    const level = Math.floor(height / TILE_HEIGHT)
    const count = 2 ** (height % TILE_HEIGHT)
    const first = (at * count) % TILE_WIDTH
    const name = { level, index: Math.floor((at * count) / TILE_WIDTH), width: first + count }
    const hashes = this.#edge.tile(name) ?? split(needTile(this.folder, { ...name, width: TILE_WIDTH }))
    const tree = new Frontier(nodeOf)
    for (const hash of hashes.slice(first, first + count)) tree.add(hash)
    return tree.root
  }
}

interface Seen {
  readonly note: string
  readonly checkpoint: Checkpoint
  readonly edge: Edge
}

/** What the checkpoint file names. Its partial tiles may be replaced while they are read. */
function readPublished(folder: string, cosigned = false): Seen {
  const last = cosigned ? readIfThere(join(folder, COSIGNED_FILE)) : null
  const bytes = last ?? readIfThere(join(folder, CHECKPOINT_FILE))
  if (bytes === null) throw new ProofError('checkpoint_missing', `${folder} has no checkpoint: it is no ledger`)
  const note = new TextDecoder().decode(bytes)
  const checkpoint = readCheckpoint(readNote(note).text)
  return { note, checkpoint, edge: Edge.read(folder, checkpoint.size) }
}

/** The last note of the journals, and all entries before it. */
function readAcknowledged(folder: string): Seen {
  let seen = readPublished(folder)
  const { edge, checkpoint } = seen
  for (const step of walk(folder, edge)) {
    if ('bundle' in step) edge.take(edge.grow(step.bundle))
    else if ('note' in step) seen = { note: step.note, checkpoint: readCheckpoint(readNote(step.note).text), edge }
  }
  if (readPublished(folder).checkpoint.size !== checkpoint.size)
    throw new ProofError('journal_missing', `${folder} was published meanwhile`)
  return seen
}

/** What reading comes to beside a writer that moves on. */
const MOVED = ['journal_missing', 'tile_missing']

/** Reads again where the writer moved on meanwhile. What is damaged is so again, unless what was read is gone: it is cleared then. */
function still(folder: string, read: () => Seen): Seen {
  for (let tries = 1; ; tries++) {
    const before = stateOf(folder)
    try {
      return read()
    } catch (error) {
      const code = error instanceof ProofError ? error.code : ''
      const isMoved = MOVED.includes(code) || (code === 'journal_damaged' && stateOf(folder) !== before)
      if (!isMoved || tries >= MOST_TRIES) throw error
    }
  }
}
