import type { Posture } from '../contract/index.ts'

/** A posture and a maintenance window for each lane. */
const WORDS = 2
/** Words in front of the lanes: those of the site. */
const HEAD = 4
const SITE_MODE = 0
const SITE_MODE_TOLD = 1

/** The lowest two bits of a word say what holds, the others until which second of the shared monotonic clock. */
const BITS = 2
const MASK = 3
/** The last second that a word can hold, 17 years on; it stands for no end as well. */
const LAST = 2 ** 29 - 1

/**
 * Where each device stands, in memory that all threads share: its posture and whether a maintenance window is open for it, by
 * the index of its lane; and the plant's operating mode, where a trusted topic tells it. The main thread writes, workers read
 * once a chunk. What holds and until when share one 32-bit word, so nobody ever sees half of it, and what has ended needs no
 * timer: it no longer counts. 8 bytes a device.
 */
export class Standing {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array

  /** @param memory the number of lanes, or the block that another thread made. */
  constructor(memory: number | SharedArrayBuffer) {
    this.buffer =
      typeof memory === 'number'
        ? new SharedArrayBuffer((HEAD + memory * WORDS) * Int32Array.BYTES_PER_ELEMENT)
        : memory
    this.#words = new Int32Array(this.buffer)
  }

  /** @param now milliseconds of the shared monotonic clock */
  postureOf(lane: number, now: number): Posture {
    return held(Atomics.load(this.#words, HEAD + lane * WORDS), now) as Posture
  }

  /** @param until milliseconds of the same clock, rounded up to whole seconds; `Infinity` for no end */
  setPosture(lane: number, posture: Posture, until: number): void {
    Atomics.store(this.#words, HEAD + lane * WORDS, word(posture, until))
  }

  /** @param now milliseconds of the shared monotonic clock */
  maintenanceOf(lane: number, now: number): boolean {
    return held(Atomics.load(this.#words, HEAD + lane * WORDS + 1), now) !== 0
  }

  /** Opens a device's window, or closes it where `until` has passed already. */
  setMaintenance(lane: number, until: number): void {
    Atomics.store(this.#words, HEAD + lane * WORDS + 1, word(1, until))
  }

  /** Forgets all about a lane that is given to another device. */
  clear(lane: number): void {
    Atomics.store(this.#words, HEAD + lane * WORDS, 0)
    Atomics.store(this.#words, HEAD + lane * WORDS + 1, 0)
  }

  /** Notes the operating mode that a trusted topic has told: an index into the modes of the configuration. */
  tellMode(index: number, now: number): void {
    Atomics.store(this.#words, SITE_MODE_TOLD, Math.floor(now / 1_000))
    Atomics.store(this.#words, SITE_MODE, index + 1)
  }

  /** The mode that was told last, -1 for none yet, or none within the last `stale` milliseconds. */
  modeAt(now: number, stale: number): number {
    const age = now - Atomics.load(this.#words, SITE_MODE_TOLD) * 1_000
    return age > stale + 1_000 ? -1 : Atomics.load(this.#words, SITE_MODE) - 1
  }
}

function held(stored: number, now: number): number {
  return stored !== 0 && now < (stored >>> BITS) * 1_000 ? stored & MASK : 0
}

function word(what: number, until: number): number {
  const seconds = Math.min(LAST, Math.max(0, Math.ceil(until / 1_000)))
  return (seconds << BITS) | what
}
