import type { Word } from './word.ts'

/** The fewest bytes of a word that can be told from three bytes in passing. */
export const SHORTEST_FILTERED = 4
const GRAM = 3
const LONGEST_STRIDE = 6
/** Places for each triple: few of a text's own meet one by chance. A small set stays in the nearest cache. */
const ROOM = 64
const LEAST_BITS = 10
const MOST_BITS = 16
/** Of a place that is taken whatever comes behind the triple. */
const ANY = 0xff
const FACTOR = 0x9e3779b1
/** Makes capitals small, and some signs one, alike in words and texts. */
const FOLD = 0x202020

/**
 * Says where in a text a word may begin, in the manner of Wu and Manber (1994): every `stride`th place is looked at, and the
 * three bytes there asked for in a set of all triples with which the words begin, or nearly, which knows three bits of the byte
 * behind each as well. So most bytes of most texts are never touched, and many words cost hardly more than few. It may point
 * to places where nothing is, but passes none.
 */
export class Prefilter {
  /** By hash of a triple: a bit for each value that the lowest three bits of the byte behind it may have. */
  readonly #set: Uint8Array
  readonly #shift: number
  /** What `next` points to begins within so many bytes. */
  readonly stride: number

  /** @param words of at least `SHORTEST_FILTERED` bytes */
  constructor(words: readonly Word[]) {
    const shortest = words.reduce((least, { bytes }) => Math.min(least, bytes.length), Number.POSITIVE_INFINITY)
    this.stride = Math.min(shortest - GRAM + 1, LONGEST_STRIDE)
    const wanted = Math.ceil(Math.log2(words.length * this.stride * ROOM))
    const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, wanted))
    this.#set = new Uint8Array(2 ** bits)
    this.#shift = 32 - bits
    for (const { bytes } of words) {
      for (let at = 0; at < this.stride; at++) {
        const gram = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)
        const behind = at + GRAM < bytes.length ? 1 << (bytes[at + GRAM] & 7) : ANY
        this.#set[Math.imul(gram | FOLD, FACTOR) >>> this.#shift] |= behind
      }
    }
  }

  /** The first place at or behind `from` where a word may begin, or `end`. No word begins before that. */
  next(bytes: Uint8Array, from: number, end: number): number {
    const set = this.#set
    const shift = this.#shift
    const stride = this.stride
    const last = end - GRAM
    for (let at = from + stride - 1; at <= last; at += stride) {
      const gram = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)
      const found = set[Math.imul(gram | FOLD, FACTOR) >>> shift]
      // Behind the last triple of a text comes nothing.
      if (found !== 0 && (at === last || (found & (1 << (bytes[at + GRAM] & 7))) !== 0)) return at - stride + 1
    }
    return end
  }
}
