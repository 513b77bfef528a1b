import type { Counts } from '../contract/index.ts'

/** Acts a second above which waking up costs more than the acts. */
const BUSY = 1_500
/** The rate is taken over so many milliseconds. */
const WINDOW = 20
/** A turn with more acts than this is busy reading, not waking up. */
const SMALL = 64

/**
 * What network cards call interrupt moderation: while many devices send telemetry that nobody waits for (QoS 0), a worker
 * pauses for a moment after each turn, so that it wakes up for several messages and not for each. Whatever somebody waits
 * for (an acknowledgement, a message to a device, a connection) switches it off until a window has passed without.
 */
export class Moderation {
  /** Milliseconds; 0 switches it off. */
  pause: number
  readonly #counts: Counts
  readonly #cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  #windowStart = 0
  #windowActs = 0
  #turnActs = 0
  #awaited = 0
  #fits = false

  constructor(counts: Counts, pause: number) {
    this.#counts = counts
    this.pause = pause
  }

  /** To be called at the end of a turn of the event loop in which something was forwarded. @param now monotonic milliseconds */
  turn(now: number): void {
    const { acts, awaited } = this.#counts
    const handled = acts - this.#turnActs
    this.#turnActs = acts
    if (now - this.#windowStart >= WINDOW) this.#judge(now, acts, awaited)
    if (this.#fits && awaited === this.#awaited && handled <= SMALL) Atomics.wait(this.#cell, 0, 0, this.pause)
  }

  #judge(now: number, acts: number, awaited: number): void {
    const rate = ((acts - this.#windowActs) * 1_000) / (now - this.#windowStart)
    this.#fits = this.pause > 0 && rate >= BUSY && awaited === this.#awaited
    this.#windowStart = now
    this.#windowActs = acts
    this.#awaited = awaited
  }
}
