import type { Word } from './word.ts'

/** The fewest bytes of a word that can be told from three bytes in passing. */
export const SHORTEST_FILTERED = 4
const GRAM = 3
const LONGEST_STRIDE = 6
const BITS = 16
const FACTOR = 0x9e3779b1
/** Makes capitals small, and some signs one, alike in words and texts. */
const FOLD = 0x202020

/**
 * Says where in a text a word may begin, in the manner of Wu and Manber (1994): every `stride`th place is looked at, and the
 * three bytes there asked for in a set of all triples with which the words begin, or nearly. So most bytes of most texts are
 * never touched, and many words cost hardly more than few. It may point to places where nothing is, but passes none.
 */
export class Prefilter {
  // A byte for each hash: a set of bits would be smaller and slower.
  readonly #set = new Uint8Array(2 ** BITS)
  /** What `next` points to begins within so many bytes. */
  readonly stride: number

  /** @param words of at least `SHORTEST_FILTERED` bytes */
  constructor(words: readonly Word[]) {
    const shortest = words.reduce((least, { bytes }) => Math.min(least, bytes.length), Number.POSITIVE_INFINITY)
    this.stride = Math.min(shortest - GRAM + 1, LONGEST_STRIDE)
    for (const { bytes } of words) {
      for (let at = 0; at < this.stride; at++) {
        this.#set[hashOf(bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16))] = 1
      }
    }
  }

  /** The first place at or behind `from` where a word may begin, or `end`. No word begins before that. */
  next(bytes: Uint8Array, from: number, end: number): number {
    const set = this.#set
    const stride = this.stride
    const last = end - GRAM
    for (let at = from + stride - 1; at <= last; at += stride) {
      const gram = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)
      if (set[hashOf(gram)] !== 0) return at - stride + 1
    }
    return end
  }
}

function hashOf(gram: number): number {
  return Math.imul(gram | FOLD, FACTOR) >>> (32 - BITS)
}
