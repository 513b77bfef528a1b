import { Baseline } from './baseline.ts'

/** What of a column's value the value before it does not foretell: an autoregression of first order, learned from the first rows. */
export class Innovation {
  readonly prior: Baseline
  #blind = false
  #weight = 0
  #last = 0

  constructor(warmup: number) {
    this.prior = new Baseline(warmup)
  }

  /** A column without two values to learn from tells nothing from then on. */
  learn(values: readonly number[]): void {
    const raw = new Baseline(values.length)
    for (const value of values) if (!Number.isNaN(value)) raw.learn(value)
    this.#blind = raw.count < 2
    this.#weight = raw.autocorrelation
    this.#last = raw.mean
    for (const value of values) {
      const innovation = this.next(value)
      if (!Number.isNaN(innovation)) this.prior.learn(innovation)
    }
    this.#last = raw.mean
  }

  /** Over a missing value the last present one foretells. */
  next(value: number): number {
    if (this.#blind || Number.isNaN(value)) return Number.NaN
    const innovation = value - this.#weight * this.#last
    this.#last = value
    return innovation
  }
}
