import { hashOf, textIs } from './keys.ts'
import type { Tape } from './tape.ts'

/** Names by their hash, in open addressing: finds a key of the tape without making a string of it. */
export class NameTable {
  readonly names: readonly Uint8Array[]
  readonly hashes: Int32Array
  readonly #slots: Int32Array
  readonly #mask: number

  constructor(names: readonly Uint8Array[]) {
    this.names = names
    this.hashes = Int32Array.from(names, name => hashOf(name, 0, name.length))
    let size = 4
    while (size < names.length * 3) size *= 2
    this.#mask = size - 1
    this.#slots = new Int32Array(size).fill(-1)
    for (let index = 0; index < names.length; index++) {
      let slot = this.hashes[index] & this.#mask
      while (this.#slots[slot] >= 0) slot = (slot + 1) & this.#mask
      this.#slots[slot] = index
    }
  }

  /** The index of the name that a key is, or -1. */
  find(tape: Tape, key: number): number {
    const hash = tape.hashes[key]
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = this.#slots[slot]
      if (index < 0) return -1
      if (this.hashes[index] === hash && textIs(tape, key, this.names[index])) return index
    }
  }
}
