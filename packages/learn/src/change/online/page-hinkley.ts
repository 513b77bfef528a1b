import { Baseline } from './baseline.ts'
import { type ChangeStep, type OnlineDetector, requireRow, SILENT } from './step.ts'
import { type SumOptions, TwoSidedSum } from './two-sided.ts'

/** How a test of Page and Hinkley adds up. */
export type PageHinkleyOptions = Partial<SumOptions>

/**
 * The test of Page and Hinkley (1971), two-sided: sums of the distances from the mean of all values since the last change. Unlike CUSUM's, that
 * mean goes on learning, so it is the surer the longer nothing happens, and follows slow drifts. Constant memory and time.
 */
export class PageHinkley implements OnlineDetector {
  readonly #warmup: number
  readonly #sum: TwoSidedSum
  #baseline: Baseline
  #row = -1
  #count = 0
  #mean = 0

  /** Error: `change_options`. */
  constructor({ warmup = 50, drift = 0.25, threshold = 15 }: PageHinkleyOptions = {}) {
    this.#sum = new TwoSidedSum({ warmup, drift, threshold })
    this.#warmup = warmup
    this.#baseline = new Baseline(warmup)
  }

  next(row: ArrayLike<number>): ChangeStep {
    requireRow(row, 1)
    const value = row[0]!
    this.#row++
    if (Number.isNaN(value)) return SILENT
    if (!this.#baseline.ready) {
      this.#baseline.learn(value)
      this.#count = this.#warmup
      this.#mean = this.#baseline.mean
      this.#sum.restart(this.#row + 1)
      return SILENT
    }
    const off = (value - this.#mean) / this.#baseline.sumDeviation
    this.#mean += (value - this.#mean) / ++this.#count
    const step = this.#sum.add(off, this.#row)
    if (step.change) this.#baseline = new Baseline(this.#warmup)
    return step
  }
}
