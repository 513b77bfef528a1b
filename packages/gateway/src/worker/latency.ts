import { LATENCY_BOUNDS, type Latency } from './messages.ts'

/** One chunk in so many is timed: reading the clock twice for each would cost more than a guard. */
const SAMPLE = 16

/** Times a sample of the chunks from being received to being handed to the socket. */
export class LatencyMeter {
  #turn = 0
  #buckets: number[] = new Array(LATENCY_BOUNDS.length + 1).fill(0)
  #sum = 0
  #count = 0

  /** A time in milliseconds to hand to `end`, or 0 where this chunk is not in the sample. */
  begin(): number {
    this.#turn = (this.#turn + 1) % SAMPLE
    return this.#turn === 0 ? performance.now() : 0
  }

  end(began: number): void {
    if (began === 0) return
    const took = performance.now() - began
    let bucket = 0
    while (bucket < LATENCY_BOUNDS.length && took > LATENCY_BOUNDS[bucket]) bucket++
    this.#buckets[bucket]++
    this.#sum += took
    this.#count++
  }

  /** What was measured since the last call. */
  take(): Latency {
    const taken = { buckets: this.#buckets, sum: this.#sum, count: this.#count }
    this.#buckets = new Array(LATENCY_BOUNDS.length + 1).fill(0)
    this.#sum = 0
    this.#count = 0
    return taken
  }
}
