import type { Connection } from '../path/connection.ts'
import type { TurnClock } from './turn-clock.ts'

/** Chunks that wait at once. More would leave the nearest cache, and live long enough to cost the collector work. */
const MOST = 64
/** Short chunks of one connection that follow each other are judged as one of so many bytes at most. */
const MOST_JOINED = 16_384
/** A longer chunk holds several messages already, and copying it costs more than it saves. */
const SHORT = 1_024

/**
 * One turn of a worker's event loop. Chunks that devices send are kept until the turn has read all that there was (or `MOST`
 * of them), and then judged one after the other, those of one connection as one: the code that decrypts and the code that judges would otherwise push each other
 * out of the processor's caches at each TLS record. Nothing is sent later for it, since what passes is written at the turn's end.
 */
export class Turn {
  readonly #clock: Pick<TurnClock, 'hold' | 'release'>
  readonly #receive: (c: Connection, chunk: Buffer) => void
  readonly #ends: () => void
  readonly #connections: (Connection | null)[] = new Array(MOST).fill(null)
  readonly #chunks: (Buffer | null)[] = new Array(MOST).fill(null)
  #count = 0
  #scheduled = false
  readonly #end = (): void => {
    this.drain()
    this.#scheduled = false
    this.#ends()
  }

  /**
   * @param clock held while chunks are judged, so that it is read once for all of them
   * @param receive judges and forwards a chunk; it throws nothing
   * @param ends writes what has gathered; called once at the end of a turn in which something was received or `need` was called
   */
  constructor(
    clock: Pick<TurnClock, 'hold' | 'release'>,
    receive: (c: Connection, chunk: Buffer) => void,
    ends: () => void,
  ) {
    this.#clock = clock
    this.#receive = receive
    this.#ends = ends
  }

  /** Takes a chunk; all are judged in the order in which they came. */
  take(c: Connection, chunk: Buffer): void {
    this.#connections[this.#count] = c
    this.#chunks[this.#count++] = chunk
    if (this.#count === MOST) this.drain()
    this.need()
  }

  /** Judges what waits, at once: a connection is about to close. */
  drain(): void {
    if (this.#count === 0) return
    this.#clock.hold()
    for (let at = 0; at < this.#count; ) {
      const first = at
      let bytes = 0
      do bytes += this.#lengthAt(at++)
      while (at < this.#count && this.#goesOn(at, bytes + this.#lengthAt(at)))
      const c = this.#connections[first]
      const chunk = at - first === 1 ? this.#chunks[first] : this.#joined(first, at, bytes)
      this.#connections.fill(null, first, at)
      this.#chunks.fill(null, first, at)
      if (c !== null && chunk !== null) this.#receive(c, chunk)
    }
    this.#count = 0
    this.#clock.release()
  }

  #lengthAt(at: number): number {
    return this.#chunks[at]?.length ?? 0
  }

  /** Whether a chunk is judged together with the one before. @param bytes of all that are, with it */
  #goesOn(at: number, bytes: number): boolean {
    const isShort = this.#lengthAt(at) < SHORT && this.#lengthAt(at - 1) < SHORT
    return isShort && bytes <= MOST_JOINED && this.#connections[at] === this.#connections[at - 1]
  }

  #joined(first: number, end: number, bytes: number): Buffer {
    const joined = Buffer.allocUnsafe(bytes)
    for (let i = first, at = 0; i < end; i++) {
      const chunk = this.#chunks[i]
      if (chunk === null) continue
      joined.set(chunk, at)
      at += chunk.length
    }
    return joined
  }

  /** Asks for the end of the turn. */
  need(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#end)
  }
}
