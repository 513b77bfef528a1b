/**
 * The bytes that a worker keeps for unfinished packets and waiting sends, in all. A connection charges what it holds and
 * is ended where there is no room, so that many peers together cannot hold more than was planned.
 */
export class Budget {
  limit: number
  #used = 0

  /** @param limit bytes */
  constructor(limit: number) {
    this.limit = limit
  }

  get used(): number {
    return this.#used
  }

  /** Changes a holder's charge from `before` to `after` bytes. False when that goes over the limit; it is charged all the same. */
  charge(before: number, after: number): boolean {
    this.#used += after - before
    return after <= before || this.#used <= this.limit
  }
}
