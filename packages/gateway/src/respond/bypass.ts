/** The emergency switch, while it is on. Times are milliseconds since the Unix epoch. */
export interface BypassState {
  readonly since: number
  readonly until: number
  readonly by: string
  readonly reason: string
}

/** How often the log says that it is on. */
const REMINDER = 60_000

/** Whether all guards only observe and no block counts, until when, and by whose word. It ends by itself. */
export class Bypass {
  #state: BypassState | null = null
  #ends = 0
  #reminded = 0

  get state(): BypassState | null {
    return this.#state
  }

  /** @param now monotonic milliseconds: however the clock is set meanwhile, it lasts no longer than was ordered */
  begin(state: BypassState, wall: number, now: number): void {
    this.#state = state
    this.#ends = now + Math.min(state.until - wall, state.until - state.since)
    this.#reminded = now
  }

  /** @returns what it was, null where it was off */
  end(): BypassState | null {
    const state = this.#state
    this.#state = null
    return state
  }

  /** Whether its time has run out, by either clock. */
  isOver(wall: number, now: number): boolean {
    return this.#state !== null && (this.#state.until <= wall || this.#ends <= now)
  }

  /** Whether it is time to say again that it is on. @param now monotonic milliseconds */
  isToBeTold(now: number): boolean {
    if (this.#state === null || now - this.#reminded < REMINDER) return false
    this.#reminded = now
    return true
  }
}
