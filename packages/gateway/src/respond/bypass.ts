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
  #reminded = 0

  get state(): BypassState | null {
    return this.#state
  }

  begin(state: BypassState, wall: number): void {
    this.#state = state
    this.#reminded = wall
  }

  /** @returns what it was, null where it was off */
  end(): BypassState | null {
    const state = this.#state
    this.#state = null
    return state
  }

  /** Whether its time has run out. */
  isOver(wall: number): boolean {
    return this.#state !== null && this.#state.until <= wall
  }

  /** Whether it is time to say again that it is on. */
  isToBeTold(wall: number): boolean {
    if (this.#state === null || wall - this.#reminded < REMINDER) return false
    this.#reminded = wall
    return true
  }
}
