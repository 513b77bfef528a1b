import { type ChangeStep, requireAbove, requireWhole } from './step.ts'

/** Of tests that add up how far values are off. All in standard deviations of the noise. */
export interface SumOptions {
  /** Values that teach what is normal, at the start and after each change. */
  readonly warmup: number
  /** What is taken off each value's distance: a shift that is let pass. */
  readonly drift: number
  /** How much must have come together. */
  readonly threshold: number
}

/** Sums of how far values lie above and below what is expected, each never under 0. Four numbers. */
export class TwoSidedSum {
  readonly #options: SumOptions
  #up = 0
  #down = 0
  #upSince = 0
  #downSince = 0

  /** Error: `change_options`. */
  constructor(options: SumOptions) {
    requireWhole('warmup', options.warmup, 2)
    requireAbove('drift', options.drift, 0)
    requireAbove('threshold', options.threshold, 0)
    this.#options = options
  }

  /** Forgets all; `row` is the first one that will be added. */
  restart(row: number): void {
    this.#up = this.#down = 0
    this.#upSince = this.#downSince = row
  }

  /** Takes how far a row's value is off, and says whether that is a change by now. */
  add(off: number, row: number): ChangeStep {
    const { drift, threshold } = this.#options
    this.#up = Math.max(0, this.#up + off - drift)
    this.#down = Math.max(0, this.#down - off - drift)
    if (this.#up === 0) this.#upSince = row + 1
    if (this.#down === 0) this.#downSince = row + 1
    const level = Math.max(this.#up, this.#down)
    const confidence = sureness(level, drift)
    if (level <= threshold) return { change: false, confidence, sensor: 0, since: null }
    return { change: true, confidence, sensor: 0, since: this.#up >= this.#down ? this.#upSince : this.#downSince }
  }
}

/** 1 less the chance that a value of white noise brings a two-sided sum to this level: 2 over Siegmund's (1985) mean time of one side. */
export function sureness(level: number, drift: number): number {
  const reach = 2 * drift * (level + 1.166)
  const time = (Math.exp(Math.min(reach, 700)) - reach - 1) / (2 * drift * drift)
  return Math.max(0, 1 - 2 / time)
}
