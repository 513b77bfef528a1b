const A = 0x41
const Z = 0x5a

/** The byte with an ASCII capital made small. */
export function small(byte: number): number {
  return byte >= A && byte <= Z ? byte | 0x20 : byte
}

/** Looks for one sequence of bytes (Knuth, Morris and Pratt, 1977): linear, whatever the bytes. */
export class Search {
  readonly length: number
  readonly #wanted: Uint8Array
  readonly #nocase: boolean
  /** For each length of what has matched, how much of it still does after the next byte did not. */
  readonly #back: Int32Array

  constructor(wanted: Uint8Array, nocase: boolean) {
    this.#wanted = nocase ? wanted.map(small) : wanted
    this.#nocase = nocase
    this.length = wanted.length
    this.#back = new Int32Array(wanted.length + 1)
    this.#back[0] = -1
    for (let i = 0, back = -1; i < wanted.length; ) {
      while (back >= 0 && this.#wanted[i] !== this.#wanted[back]) back = this.#back[back]
      this.#back[++i] = ++back
    }
  }

  /** The end of the first occurrence that lies within `[from, end)`, or -1. */
  next(bytes: Uint8Array, from: number, end: number): number {
    const wanted = this.#wanted
    const length = this.length
    let matched = 0
    for (let at = from; at < end; at++) {
      const byte = this.#nocase ? small(bytes[at]) : bytes[at]
      while (matched >= 0 && wanted[matched] !== byte) matched = this.#back[matched]
      if (++matched === length) return at + 1
    }
    return -1
  }

  /** Writes the ends of all occurrences within `[from, end)` into `into`, ascending, and gives how many. */
  all(bytes: Uint8Array, from: number, end: number, into: Int32Array): number {
    const wanted = this.#wanted
    let matched = 0
    let found = 0
    for (let at = from; at < end; at++) {
      const byte = this.#nocase ? small(bytes[at]) : bytes[at]
      while (matched >= 0 && wanted[matched] !== byte) matched = this.#back[matched]
      if (++matched < this.length) continue
      into[found++] = at + 1
      matched = this.#back[matched]
    }
    return found
  }

  /** Whether it stands at a place. */
  at(bytes: Uint8Array, at: number, end: number): boolean {
    if (at + this.length > end) return false
    for (let i = 0; i < this.length; i++) {
      const byte = bytes[at + i]
      if ((this.#nocase ? small(byte) : byte) !== this.#wanted[i]) return false
    }
    return true
  }
}
