import { LearnError } from '../../base/error.ts'
import { type Matrix, rowOf, rowsOf } from '../../base/matrix.ts'
import { calibrated, SETTLE } from './calibrate.ts'
import { checkProcess, type ProcessDescription, residualsOf } from './description.ts'
import type { LinearResidual } from './linear-residual.ts'
import { linearResidualScore, type ResidualScorer } from './residual-score.ts'
import { type Armed, Watch } from './watch.ts'

/** A residual of the watch at its threshold. */
export interface WatchPart extends Armed {
  readonly scorer: ResidualScorer<LinearResidual>
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

/** Shares of the rows that residuals are learned from, and that the first thresholds are set by; the last rows set the factor of all. */
const LEARNED = 0.5
const FIRST = 0.75

/** Balances and redundancy of named sensors, added up (`ResidualScorer`), at thresholds that normal rows set. One watch serves any number of machines of its kind, each by a stream. */
export class TelemetryWatch {
  readonly process: ProcessDescription
  readonly parts: readonly WatchPart[]

  constructor(process: ProcessDescription, parts: readonly WatchPart[]) {
    this.process = process
    this.parts = parts
  }

  /**
   * Learns from normal rows in the order of time, of which the first half gives residuals and the rest thresholds. A value that is not finite was not said.
   * Errors: `process_wrong`, `row_width`, `rows_too_few`, `sensors_constant`.
   * @param progress from 0 to 1
   */
  static fit(process: ProcessDescription, rows: Matrix, progress: (done: number) => void = () => {}): TelemetryWatch {
    checkProcess(process)
    if (rows.columns !== process.columns)
      throw new LearnError('row_width', `rows of ${rows.columns} values, and the process has ${process.columns}`)
    const [learned, first] = [LEARNED, FIRST].map(share => Math.floor(share * rows.rows))
    const settle = settleOf(process)
    const least = 4 * (settle + 1)
    if (rows.rows < least)
      throw new LearnError(
        'rows_too_few',
        `${rows.rows} rows: at least ${least} are needed, for sums and lags take ${settle} to settle in each quarter`,
      )
    const train = rowsOf(rows, 0, learned)
    const all = residualsOf(process)
    const scorers = all.map((options, i) => {
      const scorer = linearResidualScore(options).fit([train])
      progress((i + 1) / (all.length + 1))
      return scorer
    })
    const armed = calibrated(
      scorers.map(scorer => ({ scorer })),
      rowsOf(rows, learned, first),
      rowsOf(rows, first, rows.rows),
      settle,
    )
    progress(1)
    return new TelemetryWatch(
      process,
      armed.map(({ threshold }, i) => ({ scorer: scorers[i].heldAt(threshold), threshold })),
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

/** Rows in which sums and the longest lag settle. */
export function settleOf({ lags, sensors }: ProcessDescription): number {
  return sensors.some(({ flows }) => flows.length > 0) ? Math.max(SETTLE, 2 * Math.max(...lags)) : SETTLE
}
