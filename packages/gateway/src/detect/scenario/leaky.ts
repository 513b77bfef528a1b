import { Slots } from './slots.ts'
import type { Full, Tally } from './tally.ts'

const LEVEL = 0
const TOUCHED = 1
const BEGAN = 2
const COUNT = 3
const WIDTH = 4

/** Bits of a set of values for each that fits in, and at least: up to some ten values none collide, as a rule. */
const BITS_EACH = 8
const FEWEST_BITS = 1_024
/** What a few values may seem to be more than they are. */
const DOUBT = 0.5

export interface LeakyOptions {
  readonly capacity: number
  /** One leaks out in so many milliseconds. */
  readonly leak: number
  /** Whether only values count that differ from those which are in. */
  readonly distinct: boolean
  readonly most: number
}

/**
 * Leaky buckets: what is poured in leaks out evenly, and more than `capacity` at once is too much. Of different values each
 * bucket keeps a bit map; it forgets them when it has run empty. A new value that falls on a bit which is taken is missed;
 * those that are seen count for more in return (streaming linear counting: D. Ting, KDD 2014), so that the sum is right on average.
 */
export class Leaky implements Tally {
  readonly most: number
  readonly bytes: number
  readonly #capacity: number
  readonly #leak: number
  readonly #slots: Slots
  readonly #bits: number
  readonly #sets: Uint32Array
  #now = 0

  constructor({ capacity, leak, distinct, most }: LeakyOptions) {
    this.most = most
    this.#capacity = capacity
    this.#leak = leak
    this.#bits = distinct ? 2 ** Math.ceil(Math.log2(Math.max(FEWEST_BITS, capacity * BITS_EACH))) : 0
    this.#sets = new Uint32Array((most * this.#bits) / 32)
    this.#slots = new Slots(most, WIDTH, index => this.#levelOf(index * WIDTH))
    this.bytes = this.#slots.bytes + this.#bits / 8
  }

  get evicted(): number {
    return this.#slots.evicted
  }

  pour(key: string | number, value: number, time: number): Full | null {
    this.#now = time
    const index = this.#slots.take(key)
    const { words } = this.#slots
    const at = index * WIDTH
    const level = this.#levelOf(at)
    if (level === 0) {
      words[at + BEGAN] = time
      words[at + COUNT] = 0
      if (this.#bits > 0) this.#sets.fill(0, this.#setOf(index), this.#setOf(index + 1))
    }
    const worth = this.#bits === 0 ? 1 : this.#worth(index, value, words[at + COUNT])
    words[at + LEVEL] = level + worth
    words[at + TOUCHED] = time
    words[at + COUNT] += worth
    if (level + worth <= this.#capacity + (this.#bits === 0 ? 0 : DOUBT)) return null
    const full = { count: Math.round(words[at + COUNT]), began: words[at + BEGAN] }
    this.#slots.drop(index)
    return full
  }

  #levelOf(at: number): number {
    const { words } = this.#slots
    return Math.max(0, words[at + LEVEL] - (this.#now - words[at + TOUCHED]) / this.#leak)
  }

  /** 0 where the value is in already. */
  #worth(index: number, value: number, taken: number): number {
    const bit = value & (this.#bits - 1)
    const word = this.#setOf(index) + (bit >>> 5)
    const mask = 1 << (bit & 31)
    if ((this.#sets[word] & mask) !== 0) return 0
    this.#sets[word] |= mask
    // `taken` values are in: with n of them a share of 1 - exp(-n / bits) of the bits is expected to be taken.
    return Math.exp(taken / this.#bits)
  }

  /** Where the set of a slot begins. */
  #setOf(index: number): number {
    return index * (this.#bits >>> 5)
  }
}
