import { Innovation } from './innovation.ts'
import { Run } from './run.ts'
import { type ChangeStep, type OnlineDetector, requireAbove, requireRow, requireWhole, SILENT } from './step.ts'

/** How a Bayesian detector thinks of changes. */
export interface BayesOptions {
  /** Rows between changes, in the mean. */
  readonly interval?: number
  /** Rows that teach the prior: the noise of each column and its autocorrelation. */
  readonly warmup?: number
  /** A run longer than this forgets: its length is then "at least". */
  readonly longest?: number
  /** Most runs that are held; less likely ones are dropped. */
  readonly runs?: number
  /** The posterior that a change is reported at. */
  readonly threshold?: number
}

/** Runs that are less likely than this are dropped. */
const UNLIKELY = 1e-7

/**
 * Bayesian online change point detection (Adams and MacKay 2007): the posterior of the current run's length under a constant hazard. Each column
 * is normal with unknown mean and variance in a run, so that the next value has Student's t distribution; columns are independent in a run.
 * Where the noise of the first rows is autocorrelated, each value is judged less what the one before it foretells, or every wave would be a run.
 * At most `runs` runs of three numbers a column, and as much time a row.
 */
export class BayesDetector implements OnlineDetector {
  readonly #columns: number
  readonly #hazard: number
  readonly #longest: number
  readonly #most: number
  readonly #threshold: number
  readonly #innovations: readonly Innovation[]
  readonly #warmup: number
  #held: Float64Array[] = []
  #runs: Run[] = []
  #row = -1
  /** Where the last reported piece begins. */
  #began = 0
  /** The likeliest run of the last reported piece. */
  #before: Run | null = null

  /** Error: `change_options`. */
  constructor(
    columns: number,
    { interval = 250, warmup = 100, longest = 1_000, runs = 200, threshold = 0.9 }: BayesOptions = {},
  ) {
    requireWhole('columns', columns, 1)
    requireAbove('interval', interval, 1)
    requireWhole('warmup', warmup, 2)
    requireWhole('longest', longest, 2)
    requireWhole('runs', runs, 2)
    requireAbove('threshold', threshold, 0)
    this.#columns = columns
    this.#hazard = 1 / interval
    this.#longest = longest
    this.#most = runs
    this.#threshold = threshold
    this.#warmup = warmup
    this.#innovations = Array.from({ length: columns }, () => new Innovation(this.#warmup))
  }

  /** The posterior of where the current run began, most recent last; empty in the warm-up. It sums to 1. */
  get posterior(): { readonly start: number; readonly probability: number }[] {
    return this.#runs.map(({ start, probability }) => ({ start, probability }))
  }

  next(row: ArrayLike<number>): ChangeStep {
    requireRow(row, this.#columns)
    this.#row++
    const values = Float64Array.from(row)
    if (this.#runs.length > 0) return this.#judge(values, true)
    // The prior comes from the first rows; they are then judged like all others, so that the first run is as long as it is.
    this.#held.push(values)
    if (this.#held.length < this.#warmup) return SILENT
    for (const [column, innovation] of this.#innovations.entries())
      innovation.learn(this.#held.map(held => held[column]!))
    this.#row -= this.#held.length
    for (const held of this.#held) {
      this.#row++
      this.#judge(held, false)
    }
    this.#held = []
    return SILENT
  }

  #judge(row: Float64Array, reports: boolean): ChangeStep {
    const values = row.map((value, column) => this.#innovations[column]!.next(value))
    const priors = this.#innovations.map(innovation => innovation.prior)
    const fresh = new Run(this.#row, this.#runs.length === 0 ? 1 : this.#hazard, priors)
    const growing = this.#runs
    for (const run of growing) run.probability *= 1 - this.#hazard
    this.#runs = this.#pruned([...growing, fresh], values)
    for (const run of this.#runs) run.learn(values, this.#longest)
    const newer = this.#runs.filter(run => run.start > this.#began)
    const sum = newer.reduce((total, run) => total + run.probability, 0)
    const confidence = Math.min(1, sum)
    const likeliest = likeliestOf(this.#runs)
    if (likeliest.start <= this.#began) {
      this.#before = likeliest
      return { change: false, confidence, sensor: null, since: null }
    }
    const sensor = this.#blamed(likeliest)
    if (!reports || confidence <= this.#threshold) return { change: false, confidence, sensor, since: null }
    this.#began = likeliest.start
    this.#before = likeliest
    return { change: true, confidence, sensor, since: likeliest.start }
  }

  /** Weighs the runs by how well they foretold the values; drops the unlikely ones, but never the newest. */
  #pruned(runs: Run[], values: Float64Array): Run[] {
    const logs = runs.map(run => run.density(values))
    const most = Math.max(...logs)
    let total = 0
    for (const [i, run] of runs.entries()) {
      run.probability *= Math.exp(logs[i]! - most)
      total += run.probability
    }
    const newest = runs.at(-1)!
    let kept = runs.filter(run => run === newest || run.probability > UNLIKELY * total)
    if (kept.length > this.#most) {
      const least = kept.map(run => run.probability).sort((a, b) => b - a)[this.#most - 1]!
      kept = kept.filter(run => run === newest || run.probability >= least).slice(-this.#most)
    }
    const left = kept.reduce((sum, run) => sum + run.probability, 0)
    for (const run of kept) run.probability /= left
    return kept
  }

  /** The column whose level or deviation differs most between the piece before and this run. */
  #blamed(run: Run): number {
    const shifts = this.#innovations.map((_, column) => {
      const now = run.beliefOf(column)
      const before = this.#before?.beliefOf(column) ?? now
      return (
        Math.abs(now.level - before.level) / before.deviation + Math.abs(Math.log(now.deviation / before.deviation))
      )
    })
    return shifts.indexOf(Math.max(...shifts))
  }
}

function likeliestOf(runs: readonly Run[]): Run {
  return runs.reduce((best, run) => (run.probability > best.probability ? run : best))
}
