/** One chunk in so many is timed: reading the clock twice for each would cost more than a guard. */
const SAMPLE = 16
/** Most measurements kept for one report. */
const MOST = 1_000

/** Times a sample of the chunks from being received to being handed to the socket. */
export class LatencyMeter {
  #turn = 0
  #taken: number[] = []

  /** A time to hand to `end`, or 0 where this chunk is not in the sample. */
  begin(): number {
    this.#turn = (this.#turn + 1) % SAMPLE
    return this.#turn === 0 ? performance.now() : 0
  }

  end(began: number): void {
    if (began !== 0 && this.#taken.length < MOST) this.#taken.push((performance.now() - began) / 1_000)
  }

  /** What was measured since the last call, in seconds. */
  take(): number[] {
    const taken = this.#taken
    this.#taken = []
    return taken
  }
}
