import { Baseline } from './baseline.ts'
import { sureness } from './cusum.ts'
import { type ChangeStep, type OnlineDetector, requireAbove, requireRow, requireWhole, SILENT } from './step.ts'

/** All in standard deviations of the noise. */
export interface PageHinkleyOptions {
  /** Values that teach the noise, at the start and after each change. */
  readonly warmup?: number
  /** A shift of the mean that is let pass. */
  readonly drift?: number
  readonly threshold?: number
}

/**
 * The test of Page and Hinkley (1971), two-sided: sums of the distances from the mean of all values since the last change. Unlike CUSUM's, that
 * mean goes on learning, so it is the surer the longer nothing happens, and follows slow drifts. Constant memory and time.
 */
export class PageHinkley implements OnlineDetector {
  readonly #warmup: number
  readonly #drift: number
  readonly #threshold: number
  #baseline: Baseline
  #row = -1
  #count = 0
  #mean = 0
  readonly #up = new Excess()
  readonly #down = new Excess()

  /** Error: `change_options`. */
  constructor({ warmup = 50, drift = 0.25, threshold = 15 }: PageHinkleyOptions = {}) {
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
      this.#count = this.#warmup
      this.#mean = this.#baseline.mean
      this.#up.restart(this.#row + 1)
      this.#down.restart(this.#row + 1)
      return SILENT
    }
    const off = (value - this.#mean) / (this.#baseline.deviation * Math.sqrt(this.#baseline.inflation))
    this.#mean += (value - this.#mean) / ++this.#count
    this.#up.add(off - this.#drift, this.#row)
    this.#down.add(-off - this.#drift, this.#row)
    const stronger = this.#up.height >= this.#down.height ? this.#up : this.#down
    const confidence = sureness(stronger.height, this.#drift)
    if (stronger.height <= this.#threshold) return { change: false, confidence, sensor: 0, since: null }
    this.#baseline = new Baseline(this.#warmup)
    return { change: true, confidence, sensor: 0, since: stronger.since }
  }
}

/** How far a sum stands above its lowest point, and from when on. */
class Excess {
  height = 0
  since = 0

  restart(row: number): void {
    this.height = 0
    this.since = row
  }

  add(value: number, row: number): void {
    this.height = Math.max(0, this.height + value)
    if (this.height === 0) this.since = row + 1
  }
}
