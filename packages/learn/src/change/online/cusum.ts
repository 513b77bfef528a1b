import { Baseline } from './baseline.ts'
import { type ChangeStep, type OnlineDetector, requireRow, SILENT } from './step.ts'
import { type SumOptions, TwoSidedSum } from './two-sided.ts'

/** A drift is half of the shift that is looked for. With .5 and 5 independent noise of known mean cries every 465 values. */
export type CusumOptions = Partial<SumOptions>

/**
 * The two-sided cumulative sum (Page 1954) of one variable, which learns its level again after each change. The deviation is that of sums, so
 * that autocorrelated noise cries little more than white noise does. Eleven numbers of memory, constant time.
 */
export class Cusum implements OnlineDetector {
  readonly #warmup: number
  readonly #sum: TwoSidedSum
  #baseline: Baseline
  #row = -1

  /** Error: `change_options`. */
  constructor({ warmup = 50, drift = 0.5, threshold = 5 }: CusumOptions = {}) {
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
      this.#sum.restart(this.#row + 1)
      return SILENT
    }
    const step = this.#sum.add((value - this.#baseline.mean) / this.#baseline.sumDeviation, this.#row)
    if (step.change) this.#baseline = new Baseline(this.#warmup)
    return step
  }
}
