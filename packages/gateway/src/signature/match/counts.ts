/** Words that one count takes: its key, since when it counts, and how many there were. */
export const COUNT_WORDS = 3
const PROBES = 8

/**
 * Counts of matches by rule and by whom, in a fixed number of places: when a place is needed and none is free, the oldest
 * of eight gives way. The words may be a lane's, so that the counts follow its device.
 */
export class Counts {
  words: Float64Array
  readonly #first: number
  readonly #places: number

  constructor(words: Float64Array, first: number, places: number) {
    this.words = words
    this.#first = first
    this.#places = places
  }

  /** Counts one match and gives how many there are in its window of `length` milliseconds, which begins with its first. */
  count(rule: number, name: string, time: number, length: number): number {
    const key = keyOf(rule, name)
    const at = this.#find(key)
    const { words } = this
    // A clock that was set back begins a window too.
    if (words[at] !== key || time - words[at + 1] >= length || time < words[at + 1]) {
      words[at] = key
      words[at + 1] = time
      words[at + 2] = 0
    }
    words[at + 2]++
    return words[at + 2]
  }

  /** Begins to count anew within the window. */
  clear(rule: number, name: string): void {
    const at = this.#find(keyOf(rule, name))
    this.words[at + 2] = 0
  }

  #find(key: number): number {
    const { words } = this
    const start = key % this.#places
    let chosen = -1
    for (let probe = 0; probe < PROBES && probe < this.#places; probe++) {
      const at = this.#first + ((start + probe) % this.#places) * COUNT_WORDS
      if (words[at] === key) return at
      if (chosen < 0 || (words[chosen] !== 0 && (words[at] === 0 || words[at + 1] < words[chosen + 1]))) chosen = at
    }
    return chosen
  }
}

const PRIME = 0x01000193

/** Rule and name as one number of 53 bits, never 0. */
function keyOf(rule: number, name: string): number {
  let low = 0x811c9dc5 ^ (rule % 0x1_0000_0000)
  let high = 0x9e3779b9 ^ Math.floor(rule / 0x1_0000_0000)
  low = Math.imul(low, PRIME)
  high = Math.imul(high ^ low, 0x85ebca6b)
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    low = Math.imul(low ^ unit, PRIME)
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (high >>> 13)
  }
  return (low >>> 0) * 0x20_0000 + (high >>> 11) + 1
}
