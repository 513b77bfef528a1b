import { join } from 'node:path'
import { ProofError } from '../error.ts'
import { DIGEST_BYTES } from '../hash/sha256.ts'
import { EMPTY_ROOT } from '../merkle/index.ts'
import type { Verifier } from '../note/index.ts'
import { decodeEntries, levelsOf, TILE_WIDTH, type TileName, tilePath, tilesAt } from '../tiles/index.ts'
import { leafOf, nodeOf } from './hash.ts'
import { PRUNED_FILE, prunedFrom } from './prune.ts'
import { CHECKPOINT_FILE, readIfThere } from './read.ts'
import { openCheckpoint } from './signed.ts'
import { stateOf } from './state.ts'
import { verifyJournals } from './verify-journals.ts'

/** What a verification found: the whole ledger holds, or the first place where it does not. */
export type Judgment =
  | {
      readonly ok: true
      readonly origin: string
      readonly size: number
      /** The first entry that was verified: those before it were pruned, and only their hashes stand. */
      readonly from: number
    }
  | {
      readonly ok: false
      readonly code: string
      /** Below the ledger's folder, with slashes. */
      readonly file: string
      /** The first entry that does not hold. Null where the file is about many. */
      readonly entry: number | null
      readonly what: string
    }

/** A writer that publishes replaces partial tiles and takes away journals: what was found then is looked at again. */
const MOST_TRIES = 10

/**
 * Verifies all that a ledger's checkpoint signs: each entry against its hash, each tile against the one above, and the root; then
 * the entries and notes of its journals. Holds a tile and a bundle at a time, and 32 bytes for 256 entries.
 */
export async function verifyFolder(folder: string, keys: readonly Verifier[]): Promise<Judgment> {
  for (let tries = 1; ; tries++) {
    const before = stateOf(folder)
    const found = await verifyOnce(folder, keys)
    if (found.ok || tries >= MOST_TRIES || stateOf(folder) === before) return found
  }
}

async function verifyOnce(folder: string, keys: readonly Verifier[]): Promise<Judgment> {
  let file = CHECKPOINT_FILE
  const read = (name: TileName): Buffer => {
    file = tilePath(name)
    const bytes = readIfThere(join(folder, file))
    if (bytes === null) throw new Bad('file_missing', 'the file is not there')
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  try {
    const bytes = readIfThere(join(folder, CHECKPOINT_FILE))
    if (bytes === null) throw new Bad('file_missing', 'the file is not there')
    const { origin, size, root } = await openCheckpoint(textOf(bytes), null, keys)
    // What each level's tiles must hold, worked out from the level below.
    file = PRUNED_FILE
    const from = prunedFrom(folder)
    if (from > size) throw new Bad('pruned_malformed', `entries were pruned up to ${from}, and there are ${size}`)
    let hashes = hashEntries(from, size, root, read)
    for (let level = 1; level < levelsOf(size); level++) {
      compare(level, hashes, read)
      const { full } = tilesAt(level, size)
      hashes = Array.from({ length: full }, (_, i) => rootOf(hashes.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH)))
    }
    const found = wholeRoot(size, read)
    file = CHECKPOINT_FILE
    if (!found.equals(root)) throw new Bad('root_mismatch', 'the entries do not have the root that is signed')
    const waiting = await verifyJournals(folder, origin, size, keys)
    return typeof waiting === 'number' ? { ok: true, origin, size: waiting, from } : { ok: false, ...waiting }
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    return { ok: false, code: error.code, file, entry: error instanceof Bad ? error.entry : null, what: error.message }
  }
}

class Bad extends ProofError {
  readonly entry: number | null

  constructor(code: string, what: string, entry: number | null = null) {
    super(code, what)
    this.entry = entry
  }
}

type Read = (name: TileName) => Buffer

/** Not UTF-8 is malformed, and no byte order mark is passed over: each byte of the file counts. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Bad('checkpoint_malformed', 'the checkpoint is not UTF-8')
  }
}

/** The roots of the full tiles, after each entry from `from` on was found in its own. */
function hashEntries(from: number, size: number, root: Uint8Array, read: Read): Buffer[] {
  const roots: Buffer[] = []
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - first)
    const tile = read({ level: 0, index: first / TILE_WIDTH, width })
    checkLength(tile, width)
    if (first < from) {
      roots.push(rootOf(Array.from({ length: width }, (_, i) => hashIn(tile, i))))
      continue
    }
    const bundle = read({ level: 'entries', index: first / TILE_WIDTH, width })
    const { entries, rest } = decodeEntries(bundle, width)
    for (const [i, entry] of entries.entries()) {
      const leaf = leafOf(entry)
      if (!isAt(tile, i, leaf)) throw mismatch(tile, first + i, size, root, read)
    }
    if (entries.length < width) throw new Bad('entry_cut', 'the entry is cut short', first + entries.length)
    if (rest < bundle.length) throw new Bad('bundle_longer', `${bundle.length - rest} bytes follow the last entry`)
    if (width === TILE_WIDTH) roots.push(rootOf(Array.from({ length: width }, (_, i) => hashIn(tile, i))))
  }
  return roots
}

/** An entry and its hash differ: which of the two is the bad one, the tiles above tell. */
function mismatch(tile: Buffer, entry: number, size: number, root: Uint8Array, read: Read): Bad {
  const index = Math.floor(entry / TILE_WIDTH)
  const { full, partial } = tilesAt(0, size)
  const isTileGood = index < full ? isUnder(tile, index, size, read) : wholeRoot(size, read).equals(root)
  // Names the file that the message is about.
  read({ level: isTileGood ? 'entries' : 0, index, width: index < full ? TILE_WIDTH : partial })
  return isTileGood
    ? new Bad('entry_mismatch', 'the entry is not the one that the tree has', entry)
    : new Bad('tile_mismatch', 'the hash is not that of its entry, nor is the tile that of the tree', entry)
}

/** Whether a full tile is the one that the tile above has. */
function isUnder(tile: Buffer, index: number, size: number, read: Read): boolean {
  const above = Math.floor(index / TILE_WIDTH)
  const { full, partial } = tilesAt(1, size)
  const parent = read({ level: 1, index: above, width: above < full ? TILE_WIDTH : partial })
  const hashes = Array.from({ length: TILE_WIDTH }, (_, i) => hashIn(tile, i))
  return isAt(parent, index % TILE_WIDTH, rootOf(hashes))
}

function compare(level: number, hashes: readonly Buffer[], read: Read): void {
  for (let first = 0; first < hashes.length; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, hashes.length - first)
    const tile = read({ level, index: first / TILE_WIDTH, width })
    checkLength(tile, width)
    for (let i = 0; i < width; i++) {
      if (!isAt(tile, i, hashes[first + i]))
        throw new Bad('tile_mismatch', `hash ${i} is not that of the tile below`, (first + i) * TILE_WIDTH ** level)
    }
  }
}

/** The root of a tree of `size`, from the last tile of each level, greatest subtrees first. */
function wholeRoot(size: number, read: Read): Buffer {
  const subtrees: Buffer[] = []
  for (let level = levelsOf(size) - 1; level >= 0; level--) {
    const { full, partial } = tilesAt(level, size)
    if (partial === 0) continue
    const tile = read({ level, index: full, width: partial })
    for (let at = 0, count = TILE_WIDTH / 2; count >= 1; count /= 2) {
      if ((partial & count) === 0) continue
      subtrees.push(rootOf(Array.from({ length: count }, (_, i) => hashIn(tile, at + i))))
      at += count
    }
  }
  return subtrees.length === 0 ? Buffer.from(EMPTY_ROOT) : subtrees.reduceRight((right, left) => nodeOf(left, right))
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  let row = hashes
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => nodeOf(row[2 * i], row[2 * i + 1]))
  return row[0]
}

function checkLength(tile: Buffer, width: number): void {
  if (tile.length !== width * DIGEST_BYTES)
    throw new Bad('tile_length', `the tile has ${tile.length} bytes, not ${width * DIGEST_BYTES}`)
}

const hashIn = (tile: Buffer, i: number): Buffer => tile.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)
const isAt = (tile: Buffer, i: number, wanted: Buffer): boolean => hashIn(tile, i).equals(wanted)
