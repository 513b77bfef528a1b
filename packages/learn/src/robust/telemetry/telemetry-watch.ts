import { LearnError } from '../../base/error.ts'
import { type Matrix, rowOf, rowsOf } from '../../base/matrix.ts'
import { calibrated, SETTLE } from './calibrate.ts'
import { checkProcess, netLawsOf, type ProcessDescription, residualsOf } from './description.ts'
import type { LinearResidual } from './linear-residual.ts'
import { fitNetLaw } from './net-law.ts'
import type { NetResidual } from './net-residual.ts'
import { linearResidualScore, type ResidualScorer } from './residual-score.ts'
import { type Armed, Watch } from './watch.ts'

/** A residual of the watch at its threshold. */
export interface WatchPart extends Armed {
  readonly scorer: ResidualScorer<LinearResidual | NetResidual>
}

/** What a row was found to be. */
export interface Watched {
  /** The highest score over its threshold; 0 before there is one. */
  readonly score: number
  /** Whether it is above 1. */
  readonly alarm: boolean
  /** The column whose residual it is; -1 before there is a score. */
  readonly sensor: number
}

/** How a watch is learned. */
export interface WatchOptions {
  /** Decides with which weights nets begin, and in which order they learn; 1. */
  readonly seed?: number
  /** From 0 to 1. */
  readonly progress?: (done: number) => void
}

/** No threshold is smaller: where it would be, nothing was scored. */
export const TINY = 1e-300

/** Shares of the rows that residuals are learned from, and that the first thresholds are set by; the last rows set the factor of all. */
const LEARNED = 0.5
const FIRST = 0.75

/** Balances, redundancy and nets of named sensors, added up (`ResidualScorer`), at thresholds that normal rows set. One watch serves any number of machines of its kind, each by a stream. */
export class TelemetryWatch {
  readonly process: ProcessDescription
  readonly parts: readonly WatchPart[]
  /** How many normal rows the thresholds stand on. */
  readonly scored: number

  constructor(process: ProcessDescription, parts: readonly WatchPart[], scored: number) {
    this.process = process
    this.parts = parts
    this.scored = scored
  }

  /**
   * Learns from normal rows in the order of time, of which the first half gives residuals and the rest thresholds. A value that is not finite was not said.
   * Errors: `process_wrong`, `row_width`, `rows_too_few`, `sensors_constant`.
   */
  static async fit(
    process: ProcessDescription,
    rows: Matrix,
    { seed = 1, progress = () => {} }: WatchOptions = {},
  ): Promise<TelemetryWatch> {
    const { train, first, second } = normalParts(process, rows)
    const [linear, nets] = [residualsOf(process), netLawsOf(process)]
    const scorers: WatchPart['scorer'][] = []
    const add = (scorer: WatchPart['scorer']): void => {
      scorers.push(scorer)
      progress(scorers.length / (linear.length + nets.length + 1))
    }
    for (const options of linear) add(linearResidualScore(options).fit([train]))
    for (const law of nets) add(await fitNetLaw(law, train, seed))
    const armed = calibrated(
      scorers.map(scorer => ({ scorer })),
      first,
      second,
      settleOf(process),
    )
    progress(1)
    const silent = armed.findIndex(({ threshold }) => !(threshold > TINY))
    if (silent >= 0)
      throw new LearnError(
        'rows_too_few',
        `${scorers[silent].name} of column ${scorers[silent].parts.watched[0].model.sensor} has no score in the rows that set thresholds: its columns must be said there`,
      )
    return new TelemetryWatch(
      process,
      armed.map(({ threshold }, i) => ({ scorer: scorers[i].heldAt(threshold), threshold })),
      first.rows + second.rows - 2 * settleOf(process),
    )
  }

  /** What judges one machine, from its first row on. */
  stream(): WatchStream {
    return new WatchStream(this.parts)
  }

  /** What an attacker sees of it. */
  watch(): Watch {
    return Watch.of(this.parts)
  }

  /** Judges the rows of one machine: the same as its stream. Error: `row_width`. */
  judge(rows: Matrix, progress: (done: number) => void = () => {}): Watched[] {
    if (rows.columns !== this.process.columns)
      throw new LearnError('row_width', `rows of ${rows.columns} values, and the watch is of ${this.process.columns}`)
    const stream = this.stream()
    return Array.from({ length: rows.rows }, (_, row) => {
      if (row % 1_000 === 0) progress(row / rows.rows)
      return stream.push(rowOf(rows, row))
    })
  }
}

/** The rows of one machine, one after the other. */
export class WatchStream {
  readonly #watch: Watch
  readonly #sensors: readonly number[]

  constructor(parts: readonly WatchPart[]) {
    this.#watch = Watch.of(parts)
    this.#sensors = parts.map(({ scorer }) => scorer.parts.watched[0].model.sensor)
  }

  push(row: ArrayLike<number>): Watched {
    const score = this.#watch.push(row)
    return { score, alarm: score > 1, sensor: this.#sensors[this.#watch.highest] ?? -1 }
  }
}

/** Normal rows by what they are for: to learn from, to set thresholds by, and to set the factor of all by. */
export interface NormalParts {
  readonly train: Matrix
  readonly first: Matrix
  readonly second: Matrix
}

/** Cuts normal rows. Errors: `process_wrong`, `row_width`, `rows_too_few`. */
export function normalParts(process: ProcessDescription, rows: Matrix): NormalParts {
  checkProcess(process)
  if (rows.columns !== process.columns)
    throw new LearnError('row_width', `rows of ${rows.columns} values, and the process has ${process.columns}`)
  const least = leastRowsOf(process)
  if (rows.rows < least)
    throw new LearnError('rows_too_few', `${rows.rows} normal rows: ${least} are needed at least, by the longest lag`)
  const [learned, first] = [LEARNED, FIRST].map(share => Math.floor(share * rows.rows))
  return {
    train: rowsOf(rows, 0, learned),
    first: rowsOf(rows, learned, first),
    second: rowsOf(rows, first, rows.rows),
  }
}

/** Stretches as long as the longest lag that there are at least in each quarter: residuals of one stretch say nearly the same, and few of them no threshold. */
const STRETCHES = 20
/** Redundancy is learned by means of a minute of rows. */
const LEAST_STRETCH = 60

/** Rows that a watch is learned from at least: in each quarter sums settle, and then there are enough to know thresholds by. */
export function leastRowsOf(process: ProcessDescription): number {
  return 4 * (settleOf(process) + STRETCHES * Math.max(LEAST_STRETCH, longestLag(process)))
}

/** Rows in which sums and the longest lag settle. */
export function settleOf(process: ProcessDescription): number {
  return Math.max(SETTLE, 2 * longestLag(process))
}

/** Rows over which the longest balance is drawn; 0 where there is none. */
function longestLag({ lags, sensors }: ProcessDescription): number {
  return sensors.some(({ flows }) => flows.length > 0) ? Math.max(...lags) : 0
}
