import { Slots } from './slots.ts'
import type { Full, Tally } from './tally.ts'

export interface WindowOptions {
  readonly capacity: number
  /** Milliseconds. */
  readonly within: number
  readonly distinct: boolean
  readonly most: number
}

/** More than `capacity` happenings, or different values, within a time: exact, as Sigma's correlations ask for. */
export class Window implements Tally {
  readonly most: number
  readonly bytes: number
  readonly #options: WindowOptions
  readonly #slots: Slots
  /** Each subject keeps so many times, and values with them, newest first. */
  readonly #kept: number
  #now = 0

  constructor(options: WindowOptions) {
    this.most = options.most
    this.#options = options
    this.#kept = options.capacity + 1
    this.#slots = new Slots(options.most, this.#kept * (options.distinct ? 2 : 1), index => this.#count(index))
    this.bytes = this.#slots.bytes
  }

  get evicted(): number {
    return this.#slots.evicted
  }

  pour(key: string | number, value: number, time: number): Full | null {
    this.#now = time
    const { words } = this.#slots
    const index = this.#slots.take(key)
    const at = index * this.#slots.width
    let from = this.#kept - 1
    if (this.#options.distinct) {
      const values = at + this.#kept
      for (let i = 0; i < from; i++) if (words[at + i] !== 0 && words[values + i] === value) from = i
      words.copyWithin(values + 1, values, values + from)
      words[values] = value
    }
    words.copyWithin(at + 1, at, at + from)
    words[at] = time
    if (this.#count(index) < this.#kept) return null
    const full = { count: this.#kept, began: words[at + this.#kept - 1] }
    this.#slots.drop(index)
    return full
  }

  #count(index: number): number {
    const { words, width } = this.#slots
    let count = 0
    while (count < this.#kept) {
      const time = words[index * width + count]
      if (time === 0 || this.#now - time > this.#options.within) break
      count++
    }
    return count
  }
}
