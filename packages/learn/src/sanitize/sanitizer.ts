import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import type { Channel } from '../series/channels.ts'
import { LastValues } from '../series/last-values.ts'
import { CellJudge, type CellOptions } from './cells.ts'
import { ClockJudge, clockAhead, clockIsUnfit, rowsAhead, usualPeriod } from './clock.ts'
import type { Method } from './limits.ts'
import { type Removal, RemovalList, told } from './removal.ts'
import { type Usual, usualOf } from './usual.ts'

/** How a table is cleaned. Everything may be left out. */
export interface SanitizeOptions {
  /** By mean and standard deviation, or by median and median deviation, which outliers do not move. */
  readonly method?: Method
  /** Spreads from the center. */
  readonly limit?: number
}

const DEFAULTS: CellOptions = { method: 'robust', limit: 8 }
/** Fewer rows say nothing of how far a column goes. */
const LEAST = 30
/** Rows for which the last value stands in for one that was taken out, where a score needs whole rows. */
const OLDEST = 60

/** A cleaned row: NaN where a value was taken out. */
export interface Cleaned {
  readonly values: Float64Array
  readonly removals: readonly Removal[]
  /** False where the whole row is to be left out. */
  readonly keep: boolean
}

/** A cleaned table. */
export interface Sanitized {
  readonly rows: Matrix
  /** Which of the old rows they are. */
  readonly kept: readonly number[]
  readonly removals: readonly Removal[]
  /** Whether times were given and not judged, because they are no clock of these rows: see `clockIsUnfit`. */
  readonly clockUnfit: boolean
}

/** Knows what is usual of a table's columns and clock, and takes out what is not, of the table itself and of rows to come. */
export class Sanitizer {
  readonly usual: readonly Usual[]
  /** The usual time from row to row, milliseconds; NaN without times. */
  readonly period: number
  readonly #options: CellOptions

  private constructor(usual: readonly Usual[], period: number, options: CellOptions) {
    this.usual = usual
    this.period = period
    this.#options = options
  }

  /**
   * Learns from rows that may have faults themselves, as long as they are few.
   * @param times of the rows, milliseconds
   * Errors: `rows_too_few`, `sensor_empty`, `time_invalid`, `limit_invalid`.
   */
  static learn(rows: Matrix, times?: ArrayLike<number>, options: SanitizeOptions = {}): Sanitizer {
    const chosen = { ...DEFAULTS, ...options }
    if (!(chosen.limit > 0)) throw new LearnError('limit_invalid', `a limit of ${chosen.limit} spreads`)
    if (rows.rows < LEAST || rows.columns < 1)
      throw new LearnError(
        'rows_too_few',
        `expected ${LEAST} rows and a column to learn from, found rows: ${rows.rows}, columns: ${rows.columns}`,
      )
    if (times !== undefined && times.length !== rows.rows)
      throw new LearnError(
        'time_invalid',
        `expected a time for each row, found times: ${times.length}, rows: ${rows.rows}`,
      )
    const usual = usualOf(rows, chosen.method, chosen.limit)
    return new Sanitizer(usual, times === undefined ? Number.NaN : usualPeriod(times), chosen)
  }

  /** Cleans one device's rows, one after the other. @param channel scores whole rows, and takes those out that score above its threshold */
  stream(channel?: Channel): SanitizerStream {
    return new SanitizerStream(this.usual, this.period, this.#options, channel)
  }

  /**
   * Cleans a table. A value that is taken out becomes NaN; a row with a wrong time, or that scores too high, goes. Times that are no clock of their rows are not judged.
   * Errors: `row_width`, `time_invalid`.
   */
  clean(rows: Matrix, times?: ArrayLike<number>, channel?: Channel): Sanitized {
    const ahead = times === undefined ? new Set<number>() : rowsAhead(times, this.period)
    const clockUnfit = times !== undefined && clockIsUnfit(times, this.period, ahead)
    const stream = this.stream(channel)
    const list = new RemovalList()
    const kept: number[] = []
    const data = new Float32Array(rows.data.length)
    for (let row = 0; row < rows.rows; row++) {
      const isAhead = !clockUnfit && ahead.has(row)
      const cleaned = stream.push(rowOf(rows, row), clockUnfit || isAhead ? undefined : times?.[row])
      if (isAhead) list.add(clockAhead(row, times!))
      for (const removal of cleaned.removals) list.add(removal)
      if (!cleaned.keep || isAhead) continue
      data.set(cleaned.values, kept.length * rows.columns)
      kept.push(row)
    }
    const clean = { rows: kept.length, columns: rows.columns, data: data.slice(0, kept.length * rows.columns) }
    return { rows: clean, kept, removals: list.removals, clockUnfit }
  }
}

/** Cleans the rows of one device. */
export class SanitizerStream {
  readonly #judges: readonly CellJudge[]
  readonly #clock: ClockJudge
  readonly #channel: Channel | undefined
  readonly #scores
  readonly #last: LastValues
  #row = 0

  constructor(usual: readonly Usual[], period: number, options: CellOptions, channel: Channel | undefined) {
    this.#judges = usual.map((each, column) => new CellJudge(column, each, options))
    this.#clock = new ClockJudge(period)
    this.#channel = channel
    this.#scores = channel?.scorer.stream()
    this.#last = new LastValues(
      Float64Array.from(usual, ({ level }) => level.center),
      OLDEST,
    )
  }

  /** What is kept of the device. */
  get bytes(): number {
    return this.#judges.length * CellJudge.bytes + this.#last.bytes + (this.#scores?.bytes ?? 0)
  }

  /** Cleans the next row. Errors: `row_width`, `time_invalid`. */
  push(row: ArrayLike<number>, time?: number): Cleaned {
    if (row.length !== this.#judges.length)
      throw new LearnError(
        'row_width',
        `expected a value for each column (${this.#judges.length}), found ${row.length}`,
      )
    const at = this.#row++
    const removals: Removal[] = []
    const clock = time === undefined ? null : this.#clock.judge(at, time)
    if (clock !== null) removals.push(clock)
    const values = Float64Array.from(row)
    for (const [column, judge] of this.#judges.entries()) {
      const removal = judge.judge(at, values[column]!)
      if (removal === null) continue
      removals.push(removal)
      values[column] = Number.NaN
    }
    const outlier = this.#outlier(at, values)
    if (outlier !== null) removals.push(outlier)
    // A row after a jump of the clock is as good as any; one that goes back or is told twice is not.
    const keep = outlier === null && (clock === null || clock.code === 'clock_jump')
    return { values, removals, keep }
  }

  #outlier(at: number, values: Float64Array): Removal | null {
    if (this.#scores === undefined || this.#channel === undefined) return null
    this.#last.take(values)
    const score = this.#scores.push(this.#last.values)
    const { threshold, name } = this.#channel
    if (!(score > threshold)) return null
    const why = `${name} scores it ${told(score)}, above ${told(threshold)}`
    return { code: 'outlier', from: at, to: at + 1, column: -1, value: score, why }
  }
}
