import { writeEntries } from '../tiles/index.ts'

/** More memory than this is not kept from one commit to the next. */
const MOST_KEPT = 2 ** 21

/** Entries that go into one commit, one behind the other as in a bundle, in memory that is used again. */
export class Inbox {
  #memory = Buffer.alloc(0)
  #length = 0

  /** Copies entries behind those that are there. @param bytes that they take: `entriesLength` */
  add(entries: readonly Uint8Array[], bytes: number): void {
    const length = this.#length + bytes
    if (length > this.#memory.length) {
      const memory = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#length))
      memory.set(this.bytes)
      this.#memory = memory
    }
    this.#length = writeEntries(entries, this.#memory, this.#length)
  }

  /** What was added; it holds until `clear`. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = 0
    if (this.#memory.length > MOST_KEPT) this.#memory = Buffer.alloc(0)
  }
}
