const LEAST_BYTES = 65_536
/** Memory is given back when less than this part of it is used. */
const USED = 1 / 4

/** Bytes that are added at the end and dropped from the beginning. What was given out of it stays as it was. */
export class ByteQueue {
  #memory = Buffer.alloc(0)
  #start = 0
  #end = 0

  get length(): number {
    return this.#end - this.#start
  }

  add(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#memory.length) this.#move(2 * (this.length + bytes.length))
    this.#memory.set(bytes, this.#end)
    this.#end += bytes.length
  }

  drop(count: number): void {
    this.#start += count
    if (this.#memory.length > LEAST_BYTES && this.length < this.#memory.length * USED) this.#move(this.length)
  }

  slice(from: number, to = this.length): Uint8Array {
    return this.#memory.subarray(this.#start + from, this.#start + Math.min(to, this.length))
  }

  #move(room: number): void {
    const memory = Buffer.allocUnsafeSlow(room)
    memory.set(this.#memory.subarray(this.#start, this.#end))
    this.#end = this.length
    this.#start = 0
    this.#memory = memory
  }
}
