import { LearnError } from '../../base/error.ts'
import { type Matrix, rowOf } from '../../base/matrix.ts'

/** What an online detector says after a row. */
export interface ChangeStep {
  /** Whether a change is reported at this row. */
  readonly change: boolean
  /** 0 to 1: how surely this is no noise. */
  readonly confidence: number
  /** The column that tells it most, whether or not it is enough; null where nothing points to one, always set with a change. */
  readonly sensor: number | null
  /** The first row of what is new, of a reported change; the delay is this row less that. Null where none is reported. */
  readonly since: number | null
}

/** A detector with bounded memory that takes one row after the other. */
export interface OnlineDetector {
  /** A row with a value a column; NaN where one is missing. Errors: `row_width`, `series_not_finite`. */
  next(row: ArrayLike<number>): ChangeStep
}

/** Nothing can be told yet. */
export const SILENT: ChangeStep = { change: false, confidence: 0, sensor: null, since: null }

/** All rows of a matrix through a detector: what it would have said live. */
export function stepsOf(detector: OnlineDetector, matrix: Matrix): ChangeStep[] {
  return Array.from({ length: matrix.rows }, (_, row) => detector.next(rowOf(matrix, row)))
}

/** Refuses a row that a detector of `columns` cannot take. Errors: `row_width`, `series_not_finite`. */
export function requireRow(row: ArrayLike<number>, columns: number): void {
  if (row.length !== columns)
    throw new LearnError('row_width', `a row of ${row.length} values, where ${columns} are watched`)
  for (let column = 0; column < columns; column++) {
    if (row[column] !== Infinity && row[column] !== -Infinity) continue
    throw new LearnError('series_not_finite', `column ${column} is infinite; NaN stands for a missing value`)
  }
}

/** Refuses an option that is no number above `above`. Error: `change_options`. */
export function requireAbove(name: string, value: number, above: number): void {
  if (value > above && value < Infinity) return
  throw new LearnError('change_options', `${name} is ${value}; it is a number above ${above}`)
}

/** Refuses an option that is no whole number of at least `least`. Error: `change_options`. */
export function requireWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new LearnError('change_options', `${name} is ${value}; it is a whole number of at least ${least}`)
}
