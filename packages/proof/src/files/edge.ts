import { DIGEST_BYTES } from '../hash/sha256.ts'
import { Frontier } from '../merkle/index.ts'
import { decodeEntries, levelsOf, TILE_HEIGHT, TILE_WIDTH, type TileName, tilePath, tilesAt } from '../tiles/index.ts'
import { type Growth, grow, rootOf } from './growth.ts'
import { nodeOf } from './hash.ts'
import { ByteQueue } from './queue.ts'
import { needTile } from './read.ts'

/** An entry's length stands before it. */
const LENGTH_BYTES = 2

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
 * more than what waits to be published.
 */
export class Edge {
  #size: number
  /** The roots of the tree's whole subtrees, greatest first. */
  #roots: Uint8Array
  #published: number
  /** By tile level, from the first tile on that was not full when it was published. */
  readonly #hashes: ByteQueue[]
  /** As in bundles; and where each entry begins, counted from the first that was ever held. */
  readonly #entries = new ByteQueue()
  #starts: number[] = []
  #dropped = 0

  private constructor(size: number, hashes: readonly Uint8Array[], entries: Uint8Array) {
    this.#size = size
    this.#roots = subtreesOf(hashes, size)
    this.#published = size
    this.#hashes = hashes.map(each => {
      const queue = new ByteQueue()
      queue.add(each)
      return queue
    })
    this.#add(entries)
  }

  /** Reads the edge of a published tree of `size`. Errors: `tile_missing`, `tile_length`. */
  static read(folder: string, size: number): Edge {
    const partialOf = (level: TileName['level']): Uint8Array => {
      const { full, partial } = tilesAt(level, size)
      return partial === 0 ? new Uint8Array(0) : needTile(folder, { level, index: full, width: partial })
    }
    const hashes = Array.from({ length: levelsOf(size) }, (_, level) => partialOf(level))
    const entries = partialOf('entries')
    return new Edge(size, hashes, entries.subarray(0, decodeEntries(entries, TILE_WIDTH).rest))
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

  /** What bundles of whole entries add. The edge stays as it is. */
  grow(bundles: readonly Uint8Array[]): Growth {
    return grow(this.#size, this.#roots, bundles)
  }

  /** Goes on from a growth, which must be of this edge. */
  take({ size, roots, bundles, made }: Growth): void {
    this.#size = size
    this.#roots = roots
    for (const bundle of bundles) this.#add(bundle)
    for (const [level, hashes] of made.entries()) {
      this.#hashes[level] ??= new ByteQueue()
      this.#hashes[level].add(hashes)
    }
  }

  /** What is to be written so that all is published. */
  step(): Step {
    const size = this.#size
    const files: Written[] = []
    for (const [level, hashes] of this.#hashes.entries()) {
      const part = (from: number, to: number) => hashes.slice(from * DIGEST_BYTES, to * DIGEST_BYTES)
      cut(hashes.length / DIGEST_BYTES, { level, index: tilesAt(level, this.#published).full }, part, files)
    }
    const part = (from: number, to: number) => this.#entries.slice(this.#startOf(from), this.#startOf(to))
    cut(this.#starts.length, { level: 'entries', index: tilesAt('entries', this.#published).full }, part, files)
    const old = partialsOf(this.#published)
    const now = new Set(partialsOf(size))
    const isThere = new Set(old)
    return { size, files: files.filter(({ path }) => !isThere.has(path)), gone: old.filter(path => !now.has(path)) }
  }

  /** A step's files are on the disk: what lies in full ones is kept no longer. */
  settle({ size }: Step): void {
    const before = this.#published
    for (const [level, each] of this.#hashes.entries())
      each.drop((tilesAt(level, size).full - tilesAt(level, before).full) * TILE_WIDTH * DIGEST_BYTES)
    const count = (tilesAt('entries', size).full - tilesAt('entries', before).full) * TILE_WIDTH
    const bytes = this.#startOf(count)
    this.#entries.drop(bytes)
    this.#dropped += bytes
    this.#starts = this.#starts.slice(count)
    this.#published = size
  }

  /** The first hashes of a tile that is not published full, or null where it is. */
  tile({ level, index, width }: TileName & { readonly level: number }): Uint8Array[] | null {
    const from = (index - tilesAt(level, this.#published).full) * TILE_WIDTH
    if (from < 0) return null
    return split(this.#hashes[level]?.slice(from * DIGEST_BYTES, (from + width) * DIGEST_BYTES) ?? new Uint8Array(0))
  }

  /** An entry of a bundle that is not published full, or null where it is. */
  entry(index: number): Uint8Array | null {
    const at = index - tilesAt('entries', this.#published).full * TILE_WIDTH
    return at < 0 || at >= this.#starts.length
      ? null
      : this.#entries.slice(this.#startOf(at) + LENGTH_BYTES, this.#startOf(at + 1))
  }

  /** Where an entry begins in what is held, or the end. */
  #startOf(at: number): number {
    return at < this.#starts.length ? this.#starts[at] - this.#dropped : this.#entries.length
  }

  #add(bundle: Uint8Array): void {
    const first = this.#dropped + this.#entries.length
    for (let at = 0; at < bundle.length; at += LENGTH_BYTES + (bundle[at] << 8) + bundle[at + 1])
      this.#starts.push(first + at)
    this.#entries.add(bundle)
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

/** Puts items into files of 256 and one of what is left. */
function cut(
  count: number,
  { level, index }: Omit<TileName, 'width'>,
  part: (from: number, to: number) => Uint8Array,
  files: Written[],
): void {
  for (let at = 0; at < count; at += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, count - at)
    files.push({ path: tilePath({ level, index: index + at / TILE_WIDTH, width }), bytes: part(at, at + width) })
  }
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
