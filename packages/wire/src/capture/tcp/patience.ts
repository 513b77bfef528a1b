// The other end's acknowledgement may have been captured a little before what it acknowledges. Waiting longer would bring what
// the two ends said out of its order.
const GRACE_MS = 50
const GRACE_PACKETS = 4
// Where the other direction was not captured nothing says that a segment arrived; a retransmission takes about so long.
const ONE_SIDED_MS = 3000

/** How long a stream waits for missing bytes. */
export class Patience {
  #waits: boolean
  #since: number
  #packets: number

  constructor() {
    this.#waits = false
    this.#since = 0
    this.#packets = 0
  }

  /** Nothing is missing. */
  reset(): void {
    this.#waits = false
  }

  /**
   * Whether the missing bytes are to be given up: they were acknowledged (`passed`) a while ago or that many packets of the flow ago, or
   * the other direction does not exist. While both directions exist and nothing was acknowledged they may still come.
   */
  ends(time: number, packets: number, passed: boolean, oneSided: boolean): boolean {
    if (!passed && !oneSided) {
      this.#waits = false
      return false
    }
    if (!this.#waits) {
      this.#waits = true
      this.#since = time
      this.#packets = packets
    }
    if (!passed) return time - this.#since >= ONE_SIDED_MS
    return time - this.#since >= GRACE_MS || packets - this.#packets >= GRACE_PACKETS
  }
}
