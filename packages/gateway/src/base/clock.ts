/** The one clock. Rooms take it as a parameter, so that tests and replays hold time in their hands. */
export interface Clock {
  /** Wall time in milliseconds since the Unix epoch. */
  wall(): number
  /** Monotonic time in milliseconds, with fractions, from an arbitrary start that all threads of the process share. */
  now(): number
  /** The wall time of a reading of `now` of this moment, at the price of an addition. */
  wallAt(now: number): number
}

// Every thread counts performance.now() from its own start; the offset to process.hrtime makes the readings comparable between threads.
const NANOSECONDS_A_MILLISECOND = 1e6
const offset = Number(process.hrtime.bigint()) / NANOSECONDS_A_MILLISECOND - performance.now()

/** How long the difference between the two clocks is taken as it was, in milliseconds: the wall clock may be set. */
const SYNC = 250
let shift = 0
let synced = Number.NEGATIVE_INFINITY

export const systemClock: Clock = {
  wall: () => Date.now(),
  now: () => offset + performance.now(),
  wallAt: now => {
    if (now - synced > SYNC) {
      synced = now
      shift = Date.now() - now
    }
    return now + shift
  },
}

/** A clock for tests: it stands still until told to move. */
export class ManualClock implements Clock {
  #wall: number
  #now: number

  constructor(wall = 1_700_000_000_000, now = 1_000) {
    this.#wall = wall
    this.#now = now
  }

  wall(): number {
    return this.#wall
  }

  now(): number {
    return this.#now
  }

  wallAt(now: number): number {
    return this.#wall + now - this.#now
  }

  /** Sets the wall clock, as a person or a time server does. */
  set(wall: number): void {
    this.#wall = wall
  }

  /** Moves both readings on by so many milliseconds. */
  advance(milliseconds: number): void {
    this.#wall += milliseconds
    this.#now += milliseconds
  }
}
