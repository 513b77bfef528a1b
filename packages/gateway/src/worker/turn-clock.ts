import { type Clock, systemClock } from '../base/clock.ts'

/** The system's clock, which can be held: chunks that are judged together are judged as of one instant, read once. */
export class TurnClock implements Clock {
  #held = 0

  now(): number {
    return this.#held === 0 ? systemClock.now() : this.#held
  }

  wall(): number {
    return systemClock.wall()
  }

  wallAt(now: number): number {
    return systemClock.wallAt(now)
  }

  hold(): void {
    this.#held = systemClock.now()
  }

  release(): void {
    this.#held = 0
  }
}
