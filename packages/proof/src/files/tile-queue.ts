import { TILE_WIDTH } from '../tiles/index.ts'

interface Tile {
  count: number
  pieces: Uint8Array[]
}

/**
 * What lies in no full tile that is published, of one level: tiles of 256 items, the last of which may have fewer, in pieces as they came. Nothing is
 * copied before a tile is asked for; what was given out stays as it was.
 */
export class TileQueue {
  #tiles: Tile[] = []

  /** Adds items, which must all lie in one tile. */
  add(bytes: Uint8Array, count: number): void {
    let last = this.#tiles.at(-1)
    if (last === undefined || last.count === TILE_WIDTH) {
      last = { count: 0, pieces: [] }
      this.#tiles.push(last)
    }
    last.count += count
    last.pieces.push(bytes)
  }

  /** How many items each tile has. */
  get counts(): number[] {
    return this.#tiles.map(({ count }) => count)
  }

  /** The bytes of a tile, counted from the first that is held; null where it is not. */
  bytes(at: number): Uint8Array | null {
    const tile = this.#tiles[at]
    if (tile === undefined) return null
    if (tile.pieces.length > 1) tile.pieces = [Buffer.concat(tile.pieces)]
    return tile.pieces[0]
  }

  /** Forgets the first tiles. What then waits for more holds no memory of others. */
  drop(tiles: number): void {
    this.#tiles = this.#tiles.slice(tiles)
    const [only] = this.#tiles
    if (this.#tiles.length === 1 && only.pieces.length > 0) only.pieces = [Uint8Array.from(Buffer.concat(only.pieces))]
  }
}
