import type { Socket } from 'node:net'

const SLAB_BYTES = 512 * 1024
/** Longer pieces are not copied: a system call of their own costs less. */
const LARGE = 16 * 1024
/** Most that is gathered for one link before it is written. */
const MOST = 64 * 1024
/** Shorter pieces are copied by a loop, which costs less than the call of `set`. */
const SHORT = 64

/** A connection that a slab writes to. */
export interface SlabTarget {
  readonly socket: Socket
  /** The socket's buffer is full. */
  full(): void
}

/**
 * Gathers what is allowed in one turn of the event loop into one write: bytes are appended to a preallocated block while
 * the same link keeps receiving, and written when the link changes or the turn ends. Received TLS records of a hundred
 * bytes each thus cost one system call upstream. One a worker.
 */
export class Slab {
  #block = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #offset = 0
  #start = 0
  #target: SlabTarget | null = null
  // A socket that could not write at once still reads from the block.
  #lent = false
  readonly #needTurn: () => void

  /** @param needTurn asks for `cut` at the end of the turn; called whenever a piece begins to gather. */
  constructor(needTurn?: () => void) {
    this.#needTurn = needTurn ?? (() => setImmediate(() => this.cut()))
  }

  /** Appends bytes `[start, end)` for a target, in order with all that was appended before. */
  append(target: SlabTarget, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length >= LARGE) {
      this.cut()
      if (!target.socket.destroyed && !target.socket.write(bytes.subarray(start, end))) target.full()
      return
    }
    if (this.#target !== target || this.#offset - this.#start > MOST) this.cut()
    if (this.#offset + length > SLAB_BYTES) this.#renew()
    if (this.#target === null) {
      this.#target = target
      this.#start = this.#offset
      this.#needTurn()
    }
    this.#copy(bytes, start, end)
  }

  /** Writes what has gathered. */
  cut(): void {
    const target = this.#target
    if (target === null) return
    this.#target = null
    const piece = this.#block.subarray(this.#start, this.#offset)
    const { socket } = target
    if (!socket.destroyed && !socket.write(piece)) target.full()
    if (socket.writableLength > 0) this.#lent = true
    // Nobody reads from the block any more: its beginning, which is still in the processor's cache, is used again.
    if (!this.#lent) this.#offset = 0
  }

  #renew(): void {
    this.cut()
    if (!this.#lent) return
    this.#lent = false
    this.#block = Buffer.allocUnsafeSlow(SLAB_BYTES)
    this.#offset = 0
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length < SHORT) {
      const block = this.#block
      let offset = this.#offset
      for (let i = start; i < end; i++) block[offset++] = bytes[i]
    } else {
      this.#block.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.#offset)
    }
    this.#offset += length
  }
}
