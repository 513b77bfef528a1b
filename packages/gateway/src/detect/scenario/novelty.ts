import type { Happening } from '../../evidence/happening.ts'
import { hashText, keyOf } from './fields.ts'
import type { Novel } from './scenario.ts'
import { Slots } from './slots.ts'

/** Bits of the set of values that a subject has had: with 50 values one new one in twenty is taken for known. */
const BITS = 1_024
const WORDS = BITS / 32

/**
 * Tells values that a subject has not had in its first time: topics, hours of the day. What is learned is frozen then; a
 * crowd of subjects pushes out those that were met last.
 */
export class Novelty {
  readonly most: number
  readonly bytes: number
  readonly #novel: Novel
  readonly #slots: Slots
  readonly #sets: Uint32Array

  constructor(novel: Novel, most: number) {
    this.#novel = novel
    this.most = most
    this.#sets = new Uint32Array(most * WORDS)
    this.#slots = new Slots(
      most,
      1,
      index => -this.#slots.words[index],
      index => this.#sets.fill(0, index * WORDS, (index + 1) * WORDS),
    )
    this.bytes = this.#slots.bytes + BITS / 8
  }

  get evicted(): number {
    return this.#slots.evicted
  }

  isNew(happening: Happening, time: number): boolean {
    const key = keyOf(this.#novel.by, happening)
    if (key === null) return false
    const index = this.#slots.take(key)
    const { words } = this.#slots
    if (words[index] === 0) words[index] = time
    const value = this.#novel.of.of(happening)
    const bit = typeof value === 'number' && value < BITS && value >= 0 ? value | 0 : hashText(String(value)) % BITS
    const at = index * WORDS + (bit >>> 5)
    const mask = 1 << (bit & 31)
    if ((this.#sets[at] & mask) !== 0) return false
    if (time - words[index] >= this.#novel.after) return true
    this.#sets[at] |= mask
    return false
  }
}
