import { Prefilter, SHORTEST_FILTERED } from './prefilter.ts'
import { small } from './search.ts'
import type { Word } from './word.ts'

/**
 * Looks for many words at once (Aho and Corasick, 1975), in one pass over the bytes: a table of states by byte class, in which
 * the states that tell something come last. ASCII capitals count as small letters, so whoever is told must look again.
 */
export class AhoCorasick {
  /** The class of each byte; bytes that no word has are of class 0. */
  readonly #classes: Uint8Array
  /** Where to go: the state's number times the classes, plus the class. Holds numbers that are multiplied already. */
  readonly #next: Int32Array
  /** From this row on states tell something. */
  readonly #telling: number
  /** What the telling states tell, by their number behind the first telling one: from where to where in `tells`. */
  readonly #from: Int32Array
  readonly #tells: Int32Array
  readonly #width: number
  /** Passes over what no word begins in; null where a word is too short for that. */
  readonly #filter: Prefilter | null

  constructor(words: readonly Word[]) {
    const trie = new Trie(words)
    const order = trie.order()
    const classes = trie.classes
    const width = trie.width
    const place = new Int32Array(order.length)
    for (const [row, state] of order.entries()) place[state] = row
    this.#classes = classes
    this.#next = new Int32Array(order.length * width)
    for (const [row, state] of order.entries()) {
      for (let each = 0; each < width; each++) {
        this.#next[row * width + each] = place[trie.next[state * width + each]] * width
      }
    }
    const quiet = order.findIndex(state => trie.told[state].length > 0)
    this.#telling = (quiet < 0 ? order.length : quiet) * width
    const told = quiet < 0 ? [] : order.slice(quiet).map(state => trie.told[state])
    this.#from = new Int32Array(told.length + 1)
    for (const [index, each] of told.entries()) this.#from[index + 1] = this.#from[index] + each.length
    this.#tells = Int32Array.from(told.flat())
    this.#width = width
    this.#filter = words.every(({ bytes }) => bytes.length >= SHORTEST_FILTERED) ? new Prefilter(words) : null
  }

  /** Whether any of the words stands in `[start, end)`, capitals taken for small letters. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    const filter = this.#filter
    if (filter === null) return this.#walk(bytes, start, end, end, null) < 0
    for (let at = filter.next(bytes, start, end); at < end; at = filter.next(bytes, at, end)) {
      at = this.#walk(bytes, at, at + filter.stride, end, null)
      if (at < 0) return true
    }
    return false
  }

  /** Tells what stands in `[start, end)`, once for each place where it does. */
  search(bytes: Uint8Array, start: number, end: number, tell: (told: number) => void): void {
    const filter = this.#filter
    if (filter === null) return void this.#walk(bytes, start, end, end, tell)
    for (let at = filter.next(bytes, start, end); at < end; at = filter.next(bytes, at, end)) {
      at = this.#walk(bytes, at, at + filter.stride, end, tell)
    }
  }

  /**
   * Goes from state to state until, at or behind `least`, nothing is begun any more; gives the place where it stopped, or -1
   * at the first word where nobody is told.
   */
  #walk(bytes: Uint8Array, start: number, least: number, end: number, tell: ((told: number) => void) | null): number {
    const classes = this.#classes
    const next = this.#next
    const telling = this.#telling
    let state = 0
    let at = start
    while (at < end && (state !== 0 || at < least)) {
      state = next[state + classes[bytes[at++]]]
      if (state < telling) continue
      if (tell === null) return -1
      this.#tell(state, tell)
    }
    return at
  }

  #tell(state: number, tell: (told: number) => void): void {
    const index = (state - this.#telling) / this.#width
    for (let i = this.#from[index]; i < this.#from[index + 1]; i++) tell(this.#tells[i])
  }
}

/** The words as a tree, completed to an automaton. */
class Trie {
  readonly classes = new Uint8Array(256)
  readonly width: number
  readonly told: number[][] = [[]]
  next: Int32Array

  constructor(words: readonly Word[]) {
    let width = 1
    let states = 1
    for (const { bytes } of words) {
      states += bytes.length
      for (const byte of bytes) {
        const low = small(byte)
        if (this.classes[low] === 0) this.classes[low] = width++
      }
    }
    for (let byte = 0x41; byte <= 0x5a; byte++) this.classes[byte] = this.classes[byte | 0x20]
    // All 255 others may be needed and 0 be left: then no byte is without a class.
    this.width = width
    this.next = new Int32Array(states * width)
    for (const word of words) this.#add(word)
    this.#complete()
  }

  #add({ bytes, tells }: Word): void {
    let state = 0
    for (const byte of bytes) {
      const at = state * this.width + this.classes[byte]
      if (this.next[at] === 0) this.next[at] = this.told.push([]) - 1
      state = this.next[at]
    }
    if (!this.told[state].includes(tells)) this.told[state].push(tells)
  }

  /** Goes through the states by their depth: where the tree does not go on, on goes the longest end that does. */
  #complete(): void {
    const { width, next } = this
    const back = new Int32Array(this.told.length)
    const queue: number[] = []
    for (let each = 0; each < width; each++) if (next[each] !== 0) queue.push(next[each])
    for (let i = 0; i < queue.length; i++) {
      const state = queue[i]
      for (const tells of this.told[back[state]]) if (!this.told[state].includes(tells)) this.told[state].push(tells)
      for (let each = 0; each < width; each++) {
        const at = state * width + each
        const other = next[back[state] * width + each]
        if (next[at] === 0) next[at] = other
        else {
          back[next[at]] = other
          queue.push(next[at])
        }
      }
    }
  }

  /** The states with those last that tell something; the first is the root. */
  order(): number[] {
    const all = [...this.told.keys()]
    return [...all.filter(state => this.told[state].length === 0), ...all.filter(state => this.told[state].length > 0)]
  }
}
