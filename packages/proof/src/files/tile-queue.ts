import { TILE_WIDTH } from '../tiles/index.ts'

interface Tile {
  count: number
  length: number
  memory: Buffer
}

/** How much memory of tiles that were dropped is kept for others. */
const MOST_FREE = 2 ** 22

/**
 * What lies in no full tile that is published, of one level: tiles of 256 items, the last of which may have fewer. The memory of tiles is used again when they
 * are dropped: an allocation for each append was most of what the collector had to do.
 */
export class TileQueue {
  #tiles: Tile[] = []
  readonly #free: Buffer[] = []
  #freeBytes = 0

  /** Adds a copy of items, which must all lie in one tile. */
  add(bytes: Uint8Array, count: number): void {
    let last = this.#tiles.at(-1)
    if (last === undefined || last.count === TILE_WIDTH) {
      // It will be about as long as the one before.
      last = { count: 0, length: 0, memory: this.#memory(Math.max(bytes.length, last?.length ?? 0)) }
      this.#tiles.push(last)
    }
    const length = last.length + bytes.length
    if (length > last.memory.length) {
      const memory = Buffer.allocUnsafeSlow(2 * length)
      memory.set(last.memory.subarray(0, last.length))
      last.memory = memory
    }
    last.memory.set(bytes, last.length)
    last.length = length
    last.count += count
  }

  /** How many items each tile has. */
  get counts(): number[] {
    return this.#tiles.map(({ count }) => count)
  }

  /** The bytes of a tile, counted from the first that is held, until that is dropped; null where it is not. */
  bytes(at: number): Uint8Array | null {
    const tile = this.#tiles[at]
    return tile === undefined ? null : tile.memory.subarray(0, tile.length)
  }

  /** Forgets the first tiles. */
  drop(tiles: number): void {
    for (const { memory } of this.#tiles.splice(0, tiles)) {
      if (this.#freeBytes + memory.length > MOST_FREE) continue
      this.#free.push(memory)
      this.#freeBytes += memory.length
    }
  }

  #memory(length: number): Buffer {
    const memory = this.#free.pop()
    this.#freeBytes -= memory?.length ?? 0
    return memory === undefined || memory.length < length ? Buffer.allocUnsafeSlow(length) : memory
  }
}
