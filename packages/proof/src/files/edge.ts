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

/** A file that a commit writes. */
export interface Written {
  readonly path: string
  readonly bytes: Uint8Array
}

/** The right edge of a ledger: its tree, and what its last tiles and bundle hold that are not full. At most 256 entries and hashes a level. */
export class Edge {
  readonly frontier: Frontier
  /** By tile level. */
  readonly #hashes: Uint8Array[][]
  readonly #entries: Uint8Array[]

  private constructor(frontier: Frontier, hashes: Uint8Array[][], entries: Uint8Array[]) {
    this.frontier = frontier
    this.#hashes = hashes
    this.#entries = entries
  }

  /** Reads the edge of a tree of `size`. Errors: `tile_missing`, `tile_length`. */
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

  /** The edge after these entries, and the files that hold them. This one stays as it is. */
  with(entries: readonly Uint8Array[]): { edge: Edge; files: Written[] } {
    const from = this.frontier.size
    const frontier = Frontier.from(from, this.frontier.roots, nodeOf)
    const hashes = this.#hashes.map(each => [...each])
    for (const entry of entries)
      frontier.add(leafOf(entry), (level, _, hash) => {
        if (level % TILE_HEIGHT !== 0) return
        hashes[level / TILE_HEIGHT] ??= []
        hashes[level / TILE_HEIGHT].push(hash)
      })
    const files: Written[] = []
    const keep = hashes.map((each, level) => cut(each, { level, index: tilesAt(level, from).full }, joined, files))
    const all = [...this.#entries, ...entries]
    const kept = cut(all, { level: 'entries', index: tilesAt('entries', from).full }, encodeEntries, files)
    const old = new Set(this.partials())
    const isNew = ({ path }: Written) => !old.has(path)
    return { edge: new Edge(frontier, keep, kept), files: files.filter(isNew) }
  }

  /** The paths of the partial tiles and bundle that this edge has: the next one's take their place. */
  partials(): string[] {
    const size = this.frontier.size
    const levels: TileName['level'][] = ['entries', ...this.#hashes.keys()]
    return levels.flatMap(level => {
      const { full, partial } = tilesAt(level, size)
      return partial === 0 ? [] : [tilePath({ level, index: full, width: partial })]
    })
  }
}

/** Puts items into files of 256 and one of what is left, which is given back. */
function cut(
  items: readonly Uint8Array[],
  { level, index }: Omit<TileName, 'width'>,
  encode: (items: readonly Uint8Array[]) => Uint8Array,
  files: Written[],
): Uint8Array[] {
  for (let at = 0; at < items.length; at += TILE_WIDTH) {
    const some = items.slice(at, at + TILE_WIDTH)
    files.push({ path: tilePath({ level, index: index + at / TILE_WIDTH, width: some.length }), bytes: encode(some) })
  }
  return items.slice(items.length - (items.length % TILE_WIDTH))
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

function split(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / DIGEST_BYTES }, (_, i) =>
    Uint8Array.from(bytes.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)),
  )
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(hashes)
}
