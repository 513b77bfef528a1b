import { DIGEST_BYTES } from '../hash/sha256.ts'
import { Frontier } from '../merkle/index.ts'
import {
  decodeEntries,
  LENGTH_BYTES,
  levelsOf,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileName,
  tilePath,
  tilesAt,
} from '../tiles/index.ts'
import { type Growth, GrowthMemory, grow, MOST_ROOTS, rootOf } from './growth.ts'
import { nodeOf } from './hash.ts'
import { afterEntry, type HashTile, hashTile } from './hash-tile.ts'
import { needTile } from './read.ts'
import { TileQueue } from './tile-queue.ts'

/** A file that is published. */
export interface Written {
  readonly path: string
  readonly bytes: Uint8Array
}

/** The files that bring what is published to a size. */
export interface Step {
  readonly size: number
  readonly files: readonly Written[]
  /** Paths of partial tiles and bundles that wider ones take the place of. */
  readonly gone: readonly string[]
}

/**
 * The right edge of a ledger: its tree, and what of it lies in no full tile or bundle that is published. At most 256 entries and hashes a level
 * more than what waits to be published, and some megabytes to be used again.
 */
export class Edge {
  #size: number
  /** The roots of the tree's whole subtrees, greatest first, and where they lie. */
  #roots: Uint8Array
  readonly #rootMemory = Buffer.alloc(MOST_ROOTS * DIGEST_BYTES)
  #published: number
  /** By tile level, from the first tile on that was not full when it was published; and the bundles from there on. */
  readonly #hashes: TileQueue[]
  readonly #entries = new TileQueue()
  readonly #hashTile: HashTile
  readonly #memory = new GrowthMemory()

  private constructor(size: number, hashes: readonly Uint8Array[], entries: Uint8Array, hasher: HashTile) {
    this.#size = size
    this.#roots = this.#keep(subtreesOf(hashes, size))
    this.#published = size
    this.#hashTile = hasher
    this.#hashes = hashes.map((bytes, level) => {
      const queue = new TileQueue()
      const { partial } = tilesAt(level, size)
      if (partial > 0) queue.add(bytes, partial)
      return queue
    })
    const { partial } = tilesAt('entries', size)
    if (partial > 0) this.#entries.add(entries, partial)
  }

  /** Reads the edge of a published tree of `size`. Errors: `tile_missing`, `tile_length`. */
  static read(folder: string, size: number, hasher = hashTile): Edge {
    const partialOf = (level: TileName['level']): Uint8Array => {
      const { full, partial } = tilesAt(level, size)
      return partial === 0 ? new Uint8Array(0) : needTile(folder, { level, index: full, width: partial })
    }
    const hashes = Array.from({ length: levelsOf(size) }, (_, level) => partialOf(level))
    const entries = partialOf('entries')
    // What lies behind the last of them is nothing that was signed, and would be taken for the next.
    const { rest } = decodeEntries(entries, tilesAt('entries', size).partial)
    return new Edge(size, hashes, entries.subarray(0, rest), hasher)
  }

  get size(): number {
    return this.#size
  }

  get published(): number {
    return this.#published
  }

  get root(): Uint8Array {
    return rootOf(this.#roots)
  }

  /** What a bundle of whole entries adds, until the next is asked for. The edge stays as it is. */
  grow(bundle: Uint8Array): Growth {
    return grow(this.#size, this.#roots, bundle, this.#hashTile, this.#memory)
  }

  /** Goes on from a growth, which must be the last of this edge. */
  take({ size, roots, parts, above }: Growth): void {
    this.#size = size
    this.#roots = this.#keep(roots)
    for (const { count, bundle, hashes } of parts) {
      this.#entries.add(bundle, count)
      this.#level(0).add(hashes, count)
    }
    for (const [i, hashes] of above.entries()) for (const hash of hashes) this.#level(1 + i).add(hash, 1)
  }

  /** What is to be written so that all is published. */
  step(): Step {
    const size = this.#size
    const files: Written[] = []
    for (const [level, queue] of this.#hashes.entries()) this.#put(level, queue, files)
    this.#put('entries', this.#entries, files)
    const old = partialsOf(this.#published)
    const now = new Set(partialsOf(size))
    const isThere = new Set(old)
    return { size, files: files.filter(({ path }) => !isThere.has(path)), gone: old.filter(path => !now.has(path)) }
  }

  /** A step's files are on the disk: what lies in full ones is kept no longer. */
  settle({ size }: Step): void {
    const full = (level: TileName['level']) => tilesAt(level, size).full - tilesAt(level, this.#published).full
    for (const [level, queue] of this.#hashes.entries()) queue.drop(full(level))
    this.#entries.drop(full('entries'))
    this.#published = size
  }

  /** The first hashes of a tile that is not published full, or null where it is. */
  tile({ level, index, width }: TileName & { readonly level: number }): Uint8Array[] | null {
    const at = index - tilesAt(level, this.#published).full
    if (at < 0) return null
    const bytes = this.#hashes[level]?.bytes(at) ?? new Uint8Array(0)
    return split(bytes.subarray(0, width * DIGEST_BYTES))
  }

  /** An entry of a bundle that is not published full, or null where it is. */
  entry(index: number): Uint8Array | null {
    const bundle = this.#entries.bytes(Math.floor(index / TILE_WIDTH) - tilesAt('entries', this.#published).full)
    if (bundle === null) return null
    let at = 0
    for (let before = index % TILE_WIDTH; before > 0; before--) at = afterEntry(bundle, at)
    const end = afterEntry(bundle, at)
    return end <= bundle.length ? bundle.subarray(at + LENGTH_BYTES, end) : null
  }

  #keep(roots: Uint8Array): Uint8Array {
    this.#rootMemory.set(roots)
    return this.#rootMemory.subarray(0, roots.length)
  }

  #level(level: number): TileQueue {
    this.#hashes[level] ??= new TileQueue()
    return this.#hashes[level]
  }

  #put(level: TileName['level'], queue: TileQueue, files: Written[]): void {
    const first = tilesAt(level, this.#published).full
    for (const [at, width] of queue.counts.entries())
      files.push({ path: tilePath({ level, index: first + at, width }), bytes: queue.bytes(at) ?? new Uint8Array(0) })
  }
}

/** The paths of the partial tiles and bundle of a tree of `size`. */
function partialsOf(size: number): string[] {
  const levels: TileName['level'][] = ['entries', ...Array.from({ length: levelsOf(size) }, (_, level) => level)]
  return levels.flatMap(level => {
    const { full, partial } = tilesAt(level, size)
    return partial === 0 ? [] : [tilePath({ level, index: full, width: partial })]
  })
}

/** The roots of the complete subtrees, greatest first: of each level's last tile, by the bits of its width. */
function subtreesOf(tiles: readonly Uint8Array[], size: number): Uint8Array {
  const roots: Uint8Array[] = []
  for (let level = tiles.length - 1; level >= 0; level--) {
    const { partial } = tilesAt(level, size)
    const hashes = split(tiles[level])
    for (let at = 0, height = TILE_HEIGHT - 1; height >= 0; height--) {
      const count = 2 ** height
      if ((partial & count) === 0) continue
      const small = new Frontier(nodeOf)
      for (const hash of hashes.slice(at, at + count)) small.add(hash)
      roots.push(small.root)
      at += count
    }
  }
  return Buffer.concat(roots)
}

/** The hashes of a tile. */
export function split(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / DIGEST_BYTES }, (_, i) =>
    Uint8Array.from(bytes.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)),
  )
}
