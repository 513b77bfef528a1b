/** So many messages at least before a relation counts as one. */
const ENOUGH = 50
/** Values below this share of the largest say nothing about a ratio: they are mostly rounding. */
const SIGNIFICANT = 0.1
/** How far a ratio may vary by rounding. */
const ROUNDING = 1e-3

/** How one number of a message relates to another of the same message. Constant memory. */
export class Pair {
  count = 0
  #largest = 0
  #low = Number.POSITIVE_INFINITY
  #high = Number.NEGATIVE_INFINITY
  #last = Number.NaN
  /** Messages with one before; those in which the second grew by the first; in which it went round, and how far round is. */
  #steps = 0
  #sums = 0
  #wraps = 0
  #modulus = Number.NaN

  add(first: number, second: number): void {
    this.#largest = Math.max(this.#largest, Math.abs(first))
    if (Math.abs(first) > SIGNIFICANT * this.#largest) {
      const ratio = second / first
      this.#low = Math.min(this.#low, ratio)
      this.#high = Math.max(this.#high, ratio)
    }
    if (this.count > 0) this.#follow(second - this.#last - first)
    this.#last = second
    this.count++
  }

  /** The second as so many times the first; null where it is not. */
  get ratio(): number | null {
    const middle = (this.#low + this.#high) / 2
    if (this.count < ENOUGH || !(this.#high - this.#low <= ROUNDING * Math.abs(middle)) || middle === 1) return null
    return Number(middle.toPrecision(3))
  }

  /** The modulus of the second as the running sum of the first; null where it is none, or was never seen to go round. */
  get modulus(): number | null {
    return this.count >= ENOUGH && this.#wraps > 0 && this.#sums + this.#wraps === this.#steps ? this.#modulus : null
  }

  join(other: Pair): void {
    this.#low = Math.min(this.#low, other.#low)
    this.#high = Math.max(this.#high, other.#high)
    this.#largest = Math.max(this.#largest, other.#largest)
    this.#steps += other.#steps
    this.#sums += other.#sums
    this.#wraps += other.#wraps
    if (Number.isNaN(this.#modulus)) this.#modulus = other.#modulus
    else if (!Number.isNaN(other.#modulus) && other.#modulus !== this.#modulus) this.#sums = Number.NEGATIVE_INFINITY
    this.count += other.count
  }

  #follow(rest: number): void {
    this.#steps++
    const near = ROUNDING * Math.max(1, this.#largest)
    if (Math.abs(rest) <= near) this.#sums++
    else {
      // It goes round either way: readings may be below zero.
      const modulus = Math.round(Math.abs(rest))
      if (Math.abs(modulus - Math.abs(rest)) > near || (this.#wraps > 0 && modulus !== this.#modulus)) return
      this.#modulus = modulus
      this.#wraps++
    }
  }
}
