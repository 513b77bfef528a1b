import { type CodePoints, hasCodePoint } from './set.ts'

const ASCII = 0x80

/** Code points that no set of a pattern tells apart, as one letter each. */
export class Alphabet {
  /** How many letters there are. */
  readonly size: number
  /** The letters of ASCII. */
  readonly ascii: Uint16Array
  // The first code point of each letter; the letters are ranges, in order.
  readonly #firsts: Uint32Array
  readonly #members: readonly Uint8Array[]

  constructor(sets: readonly CodePoints[]) {
    const cuts = new Set([0])
    for (const set of sets) {
      for (let i = 0; i < set.length; i += 2) {
        cuts.add(set[i])
        cuts.add(set[i + 1] + 1)
      }
    }
    this.#firsts = Uint32Array.from(cuts).sort()
    this.size = this.#firsts.length
    this.ascii = new Uint16Array(ASCII)
    for (let point = 0; point < ASCII; point++) this.ascii[point] = this.letter(point)
    this.#members = sets.map(set => Uint8Array.from(this.#firsts, first => (hasCodePoint(set, first) ? 1 : 0)))
  }

  /** The letter of any code point. */
  letter(point: number): number {
    let low = 0
    let high = this.#firsts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#firsts[middle] <= point) low = middle
      else high = middle
    }
    return low
  }

  /** Whether the set of that number has the letter. */
  has(set: number, letter: number): boolean {
    return this.#members[set][letter] === 1
  }
}
