/** Words in front of the bytes: what was written, what was read, what had no room. */
const HEAD_BYTES = 64
const WRITTEN = 0
const READ = 1
const LOST = 2

/** In place of a length: nothing more until the ring begins anew. */
const SKIP = 0xffff_ffff
const LENGTH_BYTES = 4
const ALIGN = 8

/**
 * Records on their way from one worker to the recorder's thread, in memory that both share: one writes, one reads, neither waits for
 * the other. A record lies in one piece. Where there is no room it is not taken, and counted: the straight way goes on.
 */
export class SharedRing {
  readonly buffer: SharedArrayBuffer
  /** The ring's bytes, for whoever fills in what he has reserved. */
  readonly bytes: Buffer
  readonly view: DataView
  /** The largest record, in bytes. */
  readonly largest: number
  readonly #words: Int32Array
  readonly #size: number
  #written: number
  #read: number
  #next = 0

  /** @param memory the size in bytes (a power of two), or the block that another thread made */
  constructor(memory: number | SharedArrayBuffer) {
    this.buffer = typeof memory === 'number' ? new SharedArrayBuffer(HEAD_BYTES + memory) : memory
    this.#size = this.buffer.byteLength - HEAD_BYTES
    this.#words = new Int32Array(this.buffer, 0, HEAD_BYTES / Int32Array.BYTES_PER_ELEMENT)
    this.bytes = Buffer.from(this.buffer, HEAD_BYTES, this.#size)
    this.view = new DataView(this.buffer, HEAD_BYTES, this.#size)
    this.largest = this.#size / 2 - ALIGN
    this.#written = Atomics.load(this.#words, WRITTEN) >>> 0
    this.#read = Atomics.load(this.#words, READ) >>> 0
  }

  /** Where a record of so many bytes may be written, -1 where there is no room. `commit` hands it over. */
  reserve(length: number): number {
    const needed = align(LENGTH_BYTES + length)
    const at = this.#written & (this.#size - 1)
    const left = this.#size - at
    const skipped = needed > left ? left : 0
    if (length > this.largest || !this.#fits(skipped + needed)) return -1
    if (skipped > 0) this.view.setUint32(at, SKIP, true)
    const from = skipped > 0 ? 0 : at
    this.view.setUint32(from, length, true)
    this.#next = (this.#written + skipped + needed) >>> 0
    return from + LENGTH_BYTES
  }

  /** Hands over what was reserved last. */
  commit(): void {
    this.#written = this.#next
    Atomics.store(this.#words, WRITTEN, this.#written | 0)
  }

  /** Counts acts that found no room. */
  lose(): void {
    Atomics.add(this.#words, LOST, 1)
  }

  get lost(): number {
    return Atomics.load(this.#words, LOST)
  }

  /** The next record, null where there is none; valid until `free`. */
  next(): Buffer | null {
    let at = this.#read & (this.#size - 1)
    if (Atomics.load(this.#words, WRITTEN) >>> 0 === this.#read) return null
    let length = this.view.getUint32(at, true)
    if (length === SKIP) {
      this.#read = (this.#read + this.#size - at) >>> 0
      at = 0
      length = this.view.getUint32(0, true)
    }
    this.#next = (this.#read + align(LENGTH_BYTES + length)) >>> 0
    return this.bytes.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length)
  }

  /** Gives the room of the record that was read last back. */
  free(): void {
    this.#read = this.#next
    Atomics.store(this.#words, READ, this.#read | 0)
  }

  #fits(needed: number): boolean {
    if (this.#size - ((this.#written - this.#read) >>> 0) >= needed) return true
    this.#read = Atomics.load(this.#words, READ) >>> 0
    return this.#size - ((this.#written - this.#read) >>> 0) >= needed
  }
}

const align = (bytes: number): number => (bytes + ALIGN - 1) & ~(ALIGN - 1)
