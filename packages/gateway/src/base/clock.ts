/** The one clock. Rooms take it as a parameter, so that tests and replays hold time in their hands. */
export interface Clock {
  /** Wall time in milliseconds since the Unix epoch. */
  wall(): number
  /** Monotonic time in milliseconds, with fractions, from an arbitrary start that all threads of the process share. */
  now(): number
}

// Every thread counts performance.now() from its own start; the offset to process.hrtime makes the readings comparable between threads.
const NANOSECONDS_A_MILLISECOND = 1e6
const offset = Number(process.hrtime.bigint()) / NANOSECONDS_A_MILLISECOND - performance.now()

export const systemClock: Clock = {
  wall: () => Date.now(),
  now: () => offset + performance.now(),
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

  /** Moves both readings on by so many milliseconds. */
  advance(milliseconds: number): void {
    this.#wall += milliseconds
    this.#now += milliseconds
  }
}
