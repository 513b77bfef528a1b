import type { Random } from '../../base/random.ts'
import type { Arena } from '../../kernels/arena.ts'
import type { Settings } from './options.ts'

/** The columns that the nodes of a tree may ask, drawn anew for each tree and from those for each level. */
export class Columns {
  readonly #all: readonly number[]
  readonly #settings: Settings
  readonly #random: Random
  readonly #arena: Arena
  readonly #at: number
  readonly #counts: number[]

  constructor(columns: number, settings: Settings, random: Random, arena: Arena) {
    this.#all = Array.from({ length: columns }, (_, column) => column)
    this.#settings = settings
    this.#random = random
    this.#arena = arena
    this.#at = arena.alloc(columns * 4 * settings.maxDepth)
    this.#counts = new Array<number>(settings.maxDepth).fill(0)
  }

  /** Draws them for a tree. */
  draw(): void {
    const { columnSampleByTree, columnSampleByLevel, maxDepth } = this.#settings
    const ofTree = this.#draw(this.#all, columnSampleByTree)
    for (let depth = 0; depth < maxDepth; depth++) {
      const drawn = this.#draw(ofTree, columnSampleByLevel)
      this.#counts[depth] = drawn.length
      this.#arena.i32.set(drawn, this.ofLevel(depth).at / 4)
    }
  }

  /** Where those of a level are, in ascending order, and how many. */
  ofLevel(depth: number): { at: number; count: number } {
    return { at: this.#at + depth * this.#all.length * 4, count: this.#counts[depth]! }
  }

  #draw(from: readonly number[], share: number): readonly number[] {
    const count = Math.max(1, Math.floor(from.length * share))
    if (count === from.length) return from
    const order = [...from]
    for (let i = 0; i < count; i++) {
      const other = i + this.#random.below(order.length - i)
      const held = order[i]!
      order[i] = order[other]!
      order[other] = held
    }
    return order.slice(0, count).sort((a, b) => a - b)
  }
}
