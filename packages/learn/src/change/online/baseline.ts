/** Below this share of its mean a deviation is rounding: a constant value that moves by more has changed. */
const ROUNDING = 1e-6
const TINY = 1e-12
/** The greatest autocorrelation that is believed of so few values. */
const MOST = 0.95

/** What is normal, learned from `warmup` values in constant memory. */
export class Baseline {
  readonly warmup: number
  #count = 0
  #mean = 0
  #square = 0
  #steps = 0
  #last = 0

  constructor(warmup: number) {
    this.warmup = warmup
  }

  get count(): number {
    return this.#count
  }

  get ready(): boolean {
    return this.#count >= this.warmup
  }

  get mean(): number {
    return this.#mean
  }

  /** The standard deviation, never quite 0. */
  get deviation(): number {
    const variance = this.#count > 1 ? this.#square / (this.#count - 1) : 0
    return Math.max(Math.sqrt(variance), ROUNDING * Math.abs(this.#mean), TINY)
  }

  /** The autocorrelation of first order (by von Neumann's ratio), 0 where it is no more than chance would make of so few values. */
  get autocorrelation(): number {
    if (this.#square === 0) return 0
    const r = Math.min(MOST, 1 - this.#steps / (2 * this.#square))
    return r > 2 / Math.sqrt(this.#count) ? r : 0
  }

  /** How much more the square of a sum of these values scatters than of independent ones: (1 + r) / (1 - r). */
  get inflation(): number {
    const r = this.autocorrelation
    return (1 + r) / (1 - r)
  }

  /** The deviation that sums of these values scatter by, as if they were independent. */
  get sumDeviation(): number {
    return this.deviation * Math.sqrt(this.inflation)
  }

  learn(value: number): void {
    if (this.#count > 0) this.#steps += (value - this.#last) ** 2
    this.#last = value
    this.#count++
    const off = value - this.#mean
    this.#mean += off / this.#count
    this.#square += off * (value - this.#mean)
  }
}
