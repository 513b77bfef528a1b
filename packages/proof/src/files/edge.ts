import { DIGEST_BYTES } from '../hash/sha256.ts'
import { Frontier } from '../merkle/index.ts'
import {
  decodeEntries,
  encodeEntries,
  levelsOf,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileName,
  tilePath,
  tilesAt,
} from '../tiles/index.ts'
import { leafOf, nodeOf } from './hash.ts'
import { needTile } from './read.ts'

/** A file that is published. */
export interface Written {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What entries add to a tree. */
export interface Growth {
  readonly frontier: Frontier
  readonly entries: readonly Uint8Array[]
  /** By tile level: the hashes that became whole. */
  readonly made: readonly (readonly Uint8Array[])[]
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
  #frontier: Frontier
  #published: number
  /** By tile level, from the first tile on that was not full when it was published. */
  readonly #hashes: Uint8Array[][]
  readonly #entries: Uint8Array[]

  private constructor(frontier: Frontier, hashes: Uint8Array[][], entries: Uint8Array[]) {
    this.#frontier = frontier
    this.#published = frontier.size
    this.#hashes = hashes
    this.#entries = entries
  }

  /** Reads the edge of a published tree of `size`. Errors: `tile_missing`, `tile_length`. */
  static read(folder: string, size: number): Edge {
    const hashes = Array.from({ length: levelsOf(size) }, (_, level) => {
      const { full, partial } = tilesAt(level, size)
      return partial === 0 ? [] : split(needTile(folder, { level, index: full, width: partial }))
    })
    const { full, partial } = tilesAt('entries', size)
    const entries =
      partial === 0
        ? []
        : decodeEntries(needTile(folder, { level: 'entries', index: full, width: partial }), partial).entries
    return new Edge(Frontier.from(size, subtreesOf(hashes, size), nodeOf), hashes, entries)
  }

  get size(): number {
    return this.#frontier.size
  }

  get published(): number {
    return this.#published
  }

  get root(): Uint8Array {
    return this.#frontier.root
  }

  /** What these entries add. The edge stays as it is. */
  grow(entries: readonly Uint8Array[]): Growth {
    const frontier = Frontier.from(this.size, this.#frontier.roots, nodeOf)
    const made: Uint8Array[][] = []
    const keep = (level: number, _: number, hash: Uint8Array): void => {
      if (level % TILE_HEIGHT !== 0) return
      made[level / TILE_HEIGHT] ??= []
      made[level / TILE_HEIGHT].push(hash)
    }
    for (const entry of entries) frontier.add(leafOf(entry), keep)
    return { frontier, entries, made }
  }

  /** Goes on from a growth, which must be of this edge. */
  take({ frontier, entries, made }: Growth): void {
    this.#frontier = frontier
    for (const entry of entries) this.#entries.push(entry)
    for (const [level, hashes] of made.entries()) {
      this.#hashes[level] ??= []
      for (const hash of hashes) this.#hashes[level].push(hash)
    }
  }

  /** What is to be written so that all is published. */
  step(): Step {
    const size = this.size
    const files: Written[] = []
    for (const [level, each] of this.#hashes.entries())
      cut(each, { level, index: tilesAt(level, this.#published).full }, joined, files)
    cut(this.#entries, { level: 'entries', index: tilesAt('entries', this.#published).full }, encodeEntries, files)
    const old = partialsOf(this.#published)
    const now = new Set(partialsOf(size))
    const isThere = new Set(old)
    return { size, files: files.filter(({ path }) => !isThere.has(path)), gone: old.filter(path => !now.has(path)) }
  }

  /** A step's files are on the disk: what lies in full ones is kept no longer. */
  settle({ size }: Step): void {
    const before = this.#published
    for (const [level, each] of this.#hashes.entries())
      each.splice(0, (tilesAt(level, size).full - tilesAt(level, before).full) * TILE_WIDTH)
    this.#entries.splice(0, (tilesAt('entries', size).full - tilesAt('entries', before).full) * TILE_WIDTH)
    this.#published = size
  }

  /** The first hashes of a tile that is not published full, or null where it is. */
  tile({ level, index, width }: TileName & { readonly level: number }): Uint8Array[] | null {
    const from = (index - tilesAt(level, this.#published).full) * TILE_WIDTH
    return from < 0 ? null : (this.#hashes[level] ?? []).slice(from, from + width)
  }

  /** An entry of a bundle that is not published full, or null where it is. */
  entry(index: number): Uint8Array | null {
    return this.#entries[index - tilesAt('entries', this.#published).full * TILE_WIDTH] ?? null
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
  items: readonly Uint8Array[],
  { level, index }: Omit<TileName, 'width'>,
  encode: (items: readonly Uint8Array[]) => Uint8Array,
  files: Written[],
): void {
  for (let at = 0; at < items.length; at += TILE_WIDTH) {
    const some = items.slice(at, at + TILE_WIDTH)
    files.push({ path: tilePath({ level, index: index + at / TILE_WIDTH, width: some.length }), bytes: encode(some) })
  }
}

/** The roots of the complete subtrees, greatest first: of each level's last tile, by the bits of its width. */
function subtreesOf(hashes: readonly Uint8Array[][], size: number): Uint8Array[] {
  const roots: Uint8Array[] = []
  for (let level = hashes.length - 1; level >= 0; level--) {
    const { partial } = tilesAt(level, size)
    for (let at = 0, height = TILE_HEIGHT - 1; height >= 0; height--) {
      const count = 2 ** height
      if ((partial & count) === 0) continue
      const small = new Frontier(nodeOf)
      for (const hash of hashes[level].slice(at, at + count)) small.add(hash)
      roots.push(small.root)
      at += count
    }
  }
  return roots
}

/** The hashes of a tile. */
export function split(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / DIGEST_BYTES }, (_, i) =>
    Uint8Array.from(bytes.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)),
  )
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(hashes)
}
