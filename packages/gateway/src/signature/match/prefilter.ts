import type { Word } from './word.ts'

/** The fewest bytes of a word that is found in passing; shorter ones would have too many places looked at. */
export const SHORTEST_FILTERED = 3
const LONGEST_STRIDE = 6
/** Places for each pair: few of a text's own meet one by chance. A small set stays in the nearest cache. */
const ROOM = 8
const LEAST_BITS = 10
const MOST_BITS = 14
const ANY = 0xffff
const FACTOR = 0x9e3779b1
/** Makes capitals small, and some signs one, alike in words and texts. */
const FOLD = 0x2020

/**
 * Says where in a text a word may begin, in the manner of Wu and Manber (1994): every `stride`th place is looked at, and the
 * two bytes there asked for in a set of all pairs near the beginnings of the words, which knows what may stand before and behind
 * each as well. So most bytes of most texts are never touched, and many words cost hardly more than few. It may point to
 * places where nothing is, but passes none.
 */
export class Prefilter {
  /** By hash of a pair: a bit for each value of the low half of the byte behind it, and above them the same of that before it. */
  readonly #set: Uint32Array
  readonly #shift: number
  /** What `next` points to begins within so many bytes. */
  readonly stride: number

  /** @param words of at least `SHORTEST_FILTERED` bytes */
  constructor(words: readonly Word[]) {
    const shortest = words.reduce((least, { bytes }) => Math.min(least, bytes.length), Number.POSITIVE_INFINITY)
    this.stride = Math.min(shortest, LONGEST_STRIDE)
    const wanted = Math.ceil(Math.log2(words.length * this.stride * ROOM))
    const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, wanted))
    this.#set = new Uint32Array(2 ** bits)
    this.#shift = 32 - bits
    for (const { bytes } of words) for (let at = 0; at < this.stride; at++) this.#add(bytes, at)
  }

  /** The first place at or behind `from` where a word may begin, or `end`. No word begins before that. */
  next(bytes: Uint8Array, from: number, end: number): number {
    const set = this.#set
    const shift = this.#shift
    const stride = this.stride
    const last = end - 1
    let at = from + stride - 1
    for (; at < last; at += stride) {
      const found = set[Math.imul(bytes[at] | (bytes[at + 1] << 8) | FOLD, FACTOR) >>> shift]
      if (found === 0) continue
      if (at > from && (found & (0x1_0000 << (bytes[at - 1] & 15))) === 0) continue
      // Behind the last pair of a text comes nothing.
      if (at + 1 < last && (found & (1 << (bytes[at + 2] & 15))) === 0) continue
      return at - stride + 1
    }
    // A word that ends with the text may have its last byte alone in the place that is looked at.
    return at === last ? at - stride + 1 : end
  }

  /** Adds the pair at a word's `at`; behind its last byte anything may stand. */
  #add(bytes: Uint8Array, at: number): void {
    const before = at > 0 ? 1 << (bytes[at - 1] & 15) : ANY
    const behind = at + 2 < bytes.length ? 1 << (bytes[at + 2] & 15) : ANY
    const [least, most] = at + 1 < bytes.length ? [bytes[at + 1], bytes[at + 1]] : [0, 0xff]
    for (let second = least; second <= most; second++) {
      this.#set[Math.imul(bytes[at] | (second << 8) | FOLD, FACTOR) >>> this.#shift] |= (before << 16) | behind
    }
  }
}
