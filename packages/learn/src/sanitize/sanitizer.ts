import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import type { Channel } from '../series/channels.ts'
import { LastValues } from '../series/last-values.ts'
import { CellJudge, type CellOptions, type Usual } from './cells.ts'
import { judgeClock, usualPeriod } from './clock.ts'
import { levelsOf, type Method } from './limits.ts'
import { mergeRuns, type Removal, told } from './removal.ts'
import { stuckAfter } from './runs.ts'

/** How a table is cleaned. Everything may be left out. */
export interface SanitizeOptions {
  /** By mean and standard deviation, or by median and median deviation, which outliers do not move. */
  readonly method?: Method
  /** Spreads from the center. */
  readonly limit?: number
}

const DEFAULTS: CellOptions = { method: 'robust', limit: 8 }
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
    if (rows.rows < 2 || rows.columns < 1)
      throw new LearnError('rows_too_few', `${rows.rows} rows of ${rows.columns} columns`)
    if (times !== undefined && times.length !== rows.rows)
      throw new LearnError('time_invalid', `${times.length} times of ${rows.rows} rows`)
    const levels = levelsOf(rows, chosen.method)
    const usual = levels.map((level, column) => ({ level, stuckAfter: stuckAfter(rows, column) }))
    return new Sanitizer(usual, times === undefined ? Number.NaN : usualPeriod(times), chosen)
  }

  /** Cleans one device's rows, one after the other. @param channel scores whole rows, and takes those out that score above its threshold */
  stream(channel?: Channel): SanitizerStream {
    return new SanitizerStream(this.usual, this.period, this.#options, channel)
  }

  /** Cleans a table. A value that is taken out becomes NaN; a row with a wrong time, or that scores too high, goes. */
  clean(rows: Matrix, times?: ArrayLike<number>, channel?: Channel): Sanitized {
    const stream = this.stream(channel)
    const removals: Removal[] = []
    const kept: number[] = []
    const data: number[] = []
    for (let row = 0; row < rows.rows; row++) {
      const cleaned = stream.push(rowOf(rows, row), times?.[row])
      removals.push(...cleaned.removals)
      if (!cleaned.keep) continue
      kept.push(row)
      data.push(...cleaned.values)
    }
    const clean = { rows: kept.length, columns: rows.columns, data: Float32Array.from(data) }
    return { rows: clean, kept, removals: mergeRuns(removals) }
  }
}

/** Cleans the rows of one device. */
export class SanitizerStream {
  readonly #judges: readonly CellJudge[]
  readonly #period: number
  readonly #channel: Channel | undefined
  readonly #scores
  readonly #last: LastValues
  #row = 0
  #before = Number.NaN

  constructor(usual: readonly Usual[], period: number, options: CellOptions, channel: Channel | undefined) {
    this.#judges = usual.map((each, column) => new CellJudge(column, each, options))
    this.#period = period
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

  /** Cleans the next row. Error: `row_width`. */
  push(row: ArrayLike<number>, time?: number): Cleaned {
    if (row.length !== this.#judges.length)
      throw new LearnError('row_width', `a row has ${row.length} values, not ${this.#judges.length}`)
    const at = this.#row++
    const removals: Removal[] = []
    const clock = time === undefined ? null : this.#clock(at, time)
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

  #clock(at: number, time: number): Removal | null {
    if (!Number.isFinite(time)) throw new LearnError('time_invalid', `row ${at} has the time ${time}`)
    const wrong = judgeClock(at, time, this.#before, this.#period)
    if (wrong === null || wrong.code === 'clock_jump') this.#before = time
    return wrong
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
