import type { Tap } from '../contract/index.ts'

/** A limit: so many events a second in the long run, and so many at once. */
export interface Limit {
  readonly perSecond: number
  readonly burst: number
}

/** One tick is 10 microseconds: the finest interval, and 32 bits of it go round in 11.9 hours. */
const TICKS_A_MILLISECOND = 100

/**
 * Rate limits that all threads share: a table of 32-bit words, each one the theoretical arrival time of the generic cell
 * rate algorithm (ITU-T I.371, annex A), advanced by compare-and-exchange. Names are hashed to words with a secret seed:
 * two names that meet share a budget, and nobody outside can aim for that. Memory is fixed whatever the names.
 */
export class SharedLimits {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #mask: number
  readonly #seed: number
  /** Where the answers of `take` pass by, null for nowhere. */
  tap: Tap | null = null

  /** @param memory the number of words (a power of two), or the block that another thread made. */
  constructor(memory: number | SharedArrayBuffer, seed: number) {
    this.buffer = typeof memory === 'number' ? new SharedArrayBuffer(memory * Int32Array.BYTES_PER_ELEMENT) : memory
    this.#words = new Int32Array(this.buffer)
    this.#mask = this.#words.length - 1
    this.#seed = seed | 0
  }

  /** The word of a name in a class of limits (an address, a rule and its topic). */
  slot(kind: string, name: string): number {
    let hash = this.#seed
    for (let i = 0; i < kind.length; i++) hash = Math.imul(hash ^ kind.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ 0xff, 0x01000193)
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
    hash ^= hash >>> 15
    hash = Math.imul(hash, 0x2c1b3c6d)
    hash ^= hash >>> 12
    return hash & this.#mask
  }

  /**
   * Takes one event from the budget at `slot`.
   * @param now monotonic milliseconds
   * @returns 0 when it was within the limit, otherwise the milliseconds until it would be; nothing is taken then.
   */
  take(slot: number, limit: Limit, now: number): number {
    const wait = this.#take(slot, limit, now)
    return this.tap === null ? wait : this.tap.pass(wait)
  }

  #take(slot: number, limit: Limit, now: number): number {
    const ticks = (now * TICKS_A_MILLISECOND) | 0
    const interval = intervalOf(limit)
    const tolerance = toleranceOf(limit, interval)
    for (;;) {
      const stored = Atomics.load(this.#words, slot)
      const ahead = aheadOf(stored, ticks, tolerance + interval)
      if (ahead > tolerance) return (ahead - tolerance) / TICKS_A_MILLISECOND
      const next = (ticks + ahead + interval) | 0
      if (Atomics.compareExchange(this.#words, slot, stored, next === 0 ? 1 : next) === stored) return 0
    }
  }

  /** Looks without taking: the milliseconds until an event would be within the limit, 0 when it is now. */
  peek(slot: number, limit: Limit, now: number): number {
    const interval = intervalOf(limit)
    const tolerance = toleranceOf(limit, interval)
    const stored = Atomics.load(this.#words, slot)
    const ahead = aheadOf(stored, (now * TICKS_A_MILLISECOND) | 0, tolerance + interval)
    return ahead > tolerance ? (ahead - tolerance) / TICKS_A_MILLISECOND : 0
  }

  /** Forgets words whose time has passed. To be called at least every five hours, before the ticks come round to them again. */
  sweep(now: number): void {
    const ticks = (now * TICKS_A_MILLISECOND) | 0
    for (let slot = 0; slot < this.#words.length; slot++) {
      const stored = Atomics.load(this.#words, slot)
      if (stored !== 0 && ((stored - ticks) | 0) < 0) Atomics.compareExchange(this.#words, slot, stored, 0)
    }
  }
}

/** What a word can lie ahead: rates below one in six hours and bursts of more than that long count as this wide. */
const WIDEST = 2 ** 31 - 1

function intervalOf(limit: Limit): number {
  return Math.min(WIDEST, Math.max(1, Math.round((1000 * TICKS_A_MILLISECOND) / limit.perSecond)))
}

function toleranceOf(limit: Limit, interval: number): number {
  return Math.min(WIDEST - interval, interval * (limit.burst - 1))
}

/** How far a word lies ahead of now, in ticks; further than this limit could have brought it means that it is stale. */
function aheadOf(stored: number, ticks: number, most: number): number {
  if (stored === 0) return 0
  const ahead = (stored - ticks) | 0
  return ahead < 0 || ahead > most ? 0 : ahead
}
