import { DIGEST_BYTES } from '../hash/sha256.ts'
import { EMPTY_ROOT } from '../merkle/index.ts'
import { TILE_HEIGHT, TILE_WIDTH } from '../tiles/index.ts'
import { nodeOf } from './hash.ts'
import { afterEntry, type HashTile, subtreesIn } from './hash-tile.ts'

/** A tree has at most 53 whole subtrees at its edge, and one more while two are joined. */
export const MOST_ROOTS = 54
/** The hashes of so many tiles keep their memory. */
const MOST_KEPT = 64

/** Where the edge and the hashes lie while a tree grows, from one growth to the next: an object for each hash took as long as the hashing. */
export class GrowthMemory {
  readonly edge = Buffer.alloc(MOST_ROOTS * DIGEST_BYTES)
  readonly #hashes: Buffer[] = []

  /** Room for the hashes of a growth's `part`th tile. */
  hashes(part: number): Buffer {
    if (part >= MOST_KEPT) return Buffer.allocUnsafeSlow(TILE_WIDTH * DIGEST_BYTES)
    this.#hashes[part] ??= Buffer.allocUnsafeSlow(TILE_WIDTH * DIGEST_BYTES)
    return this.#hashes[part]
  }
}

/** Entries that came to lie in one tile and bundle. */
export interface TilePart {
  readonly count: number
  /** The entries, as in a bundle; and their hashes, one behind the other. */
  readonly bundle: Uint8Array
  readonly hashes: Uint8Array
}

/** What entries add to a tree. It holds until the next growth in the same memory. */
export interface Growth {
  /** The size of the tree with them. */
  readonly size: number
  /** The roots of its whole subtrees, greatest first, one behind the other. */
  readonly roots: Uint8Array
  readonly parts: readonly TilePart[]
  /** The hashes of tiles that became full, by the level of the tiles that hold them, from 1 on. */
  readonly above: readonly (readonly Uint8Array[])[]
}

/** Adds a bundle of whole entries to a tree of `before` whose whole subtrees have these roots. */
export function grow(
  before: number,
  roots: Uint8Array,
  bundle: Uint8Array,
  hashTile: HashTile,
  memory: GrowthMemory,
): Growth {
  const { edge } = memory
  edge.set(roots)
  const parts: TilePart[] = []
  const above: Uint8Array[][] = []
  let [size, count] = [before, roots.length / DIGEST_BYTES]
  for (let from = 0; from < bundle.length; ) {
    const index = size % TILE_WIDTH
    let [to, entries] = [from, 0]
    for (; to < bundle.length && index + entries < TILE_WIDTH; entries++) to = afterEntry(bundle, to)
    const hashes = memory.hashes(parts.length).subarray(0, entries * DIGEST_BYTES)
    const first = count - subtreesIn(index)
    hashTile(bundle, from, to, index, edge, first * DIGEST_BYTES, hashes)
    parts.push({ count: entries, bundle: bundle.subarray(from, to), hashes })
    count = first + subtreesIn(index + entries)
    size += entries
    if (size % TILE_WIDTH === 0) count = joinTile(edge, size / TILE_WIDTH - 1, count, above)
    from = to
  }
  return { size, roots: edge.subarray(0, count * DIGEST_BYTES), parts, above }
}

/** Joins the last subtree, of a tile that became full, with what it completes; gives how many there are then. */
function joinTile(edge: Buffer, tile: number, roots: number, above: Uint8Array[][]): number {
  let count = roots
  keep(above, 0, lastRoot(edge, count))
  for (let level = 1, left = tile; left % 2 === 1; level++, left = (left - 1) / 2) {
    count--
    edge.set(nodeOf(lastRoot(edge, count), lastRoot(edge, count + 1)), (count - 1) * DIGEST_BYTES)
    if (level % TILE_HEIGHT === 0) keep(above, level / TILE_HEIGHT, lastRoot(edge, count))
  }
  return count
}

function lastRoot(edge: Buffer, count: number): Uint8Array {
  return edge.subarray((count - 1) * DIGEST_BYTES, count * DIGEST_BYTES)
}

function keep(above: Uint8Array[][], level: number, hash: Uint8Array): void {
  above[level] ??= []
  above[level].push(Uint8Array.from(hash))
}

/** The root of a tree whose whole subtrees have these. */
export function rootOf(roots: Uint8Array): Uint8Array {
  let root: Uint8Array | null = null
  for (let at = roots.length - DIGEST_BYTES; at >= 0; at -= DIGEST_BYTES) {
    const left = roots.subarray(at, at + DIGEST_BYTES)
    root = root === null ? Uint8Array.from(left) : nodeOf(left, root)
  }
  return root ?? EMPTY_ROOT
}
