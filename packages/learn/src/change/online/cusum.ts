import { Baseline } from './baseline.ts'
import { type ChangeStep, type OnlineDetector, requireAbove, requireRow, requireWhole, SILENT } from './step.ts'

/** All in standard deviations of the noise. */
export interface CusumOptions {
  /** Values that teach what is normal, at the start and after each change. */
  readonly warmup?: number
  /** Half of the shift that is looked for. */
  readonly drift?: number
  /** How much must have come together. With .5 and 5 independent noise of known mean cries every 465 values. */
  readonly threshold?: number
}

/**
 * The two-sided cumulative sum (Page 1954) of one variable, which learns its level again after each change. The deviation is that of sums, so
 * that autocorrelated noise cries little more than white noise does. Eleven numbers of memory, constant time.
 */
export class Cusum implements OnlineDetector {
  readonly #warmup: number
  readonly #drift: number
  readonly #threshold: number
  #baseline: Baseline
  #row = -1
  #up = 0
  #down = 0
  #upSince = 0
  #downSince = 0

  /** Error: `change_options`. */
  constructor({ warmup = 50, drift = 0.5, threshold = 5 }: CusumOptions = {}) {
    requireWhole('warmup', warmup, 2)
    requireAbove('drift', drift, 0)
    requireAbove('threshold', threshold, 0)
    this.#warmup = warmup
    this.#drift = drift
    this.#threshold = threshold
    this.#baseline = new Baseline(warmup)
  }

  next(row: ArrayLike<number>): ChangeStep {
    requireRow(row, 1)
    const value = row[0]!
    this.#row++
    if (Number.isNaN(value)) return SILENT
    if (!this.#baseline.ready) {
      this.#baseline.learn(value)
      this.#upSince = this.#downSince = this.#row + 1
      return SILENT
    }
    const { mean, deviation, inflation } = this.#baseline
    const off = (value - mean) / (deviation * Math.sqrt(inflation))
    this.#up = Math.max(0, this.#up + off - this.#drift)
    this.#down = Math.max(0, this.#down - off - this.#drift)
    if (this.#up === 0) this.#upSince = this.#row + 1
    if (this.#down === 0) this.#downSince = this.#row + 1
    const level = Math.max(this.#up, this.#down)
    const confidence = sureness(level, this.#drift)
    if (level <= this.#threshold) return { change: false, confidence, sensor: 0, since: null }
    const since = this.#up >= this.#down ? this.#upSince : this.#downSince
    this.#baseline = new Baseline(this.#warmup)
    this.#up = this.#down = 0
    return { change: true, confidence, sensor: 0, since }
  }
}

/** 1 less the chance that a value of white noise brings a two-sided sum to this level: 2 over Siegmund's (1985) mean time of one side. */
export function sureness(level: number, drift: number): number {
  const reach = 2 * drift * (level + 1.166)
  const time = (Math.exp(Math.min(reach, 700)) - reach - 1) / (2 * drift * drift)
  return Math.max(0, 1 - 2 / time)
}
