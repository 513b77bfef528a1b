import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { medianOf } from '../linear/index.ts'

/** The columns of a series that say something, each centered and divided by its scale; NaN where a value is missing. */
export interface Columns {
  readonly rows: number
  readonly values: readonly Float64Array[]
  /** Which column of the given matrix each of `values` was. */
  readonly origin: readonly number[]
}

/** A matrix of one column. */
export function seriesOf(values: ArrayLike<number>): Matrix {
  return { rows: values.length, columns: 1, data: Float32Array.from(values) }
}

/** What a column is divided by: its noise (what a difference of neighbors shows), or its spread (its standard deviation, changes included). */
export type Unit = 'noise' | 'spread'

/**
 * Columns in units of their noise, so that a cost is twice a negative log-likelihood, or of their spread, so that it is what somebody who
 * looks at a plot sees. Columns that are constant or missing throughout are
 * left out: they can neither show nor hide a change. Errors: `series_empty`, `series_not_finite` (infinite values), `matrix_ragged`.
 */
export function columnsOf(matrix: Matrix, unit: Unit = 'noise'): Columns {
  requireSeries(matrix)
  const values: Float64Array[] = []
  const origin: number[] = []
  for (let column = 0; column < matrix.columns; column++) {
    const own = Float64Array.from({ length: matrix.rows }, (_, row) => matrix.data[row * matrix.columns + column]!)
    const present = own.filter(value => !Number.isNaN(value))
    const scale = unit === 'noise' ? noiseOf(present) : deviationOf(present)
    if (scale === 0) continue
    const center = meanOf(present)
    values.push(own.map(value => (value - center) / scale))
    origin.push(column)
  }
  return { rows: matrix.rows, values, origin }
}

/** Refuses what is no series. Errors: `series_empty`, `series_not_finite`, `matrix_ragged`. */
export function requireSeries({ rows, columns, data }: Matrix): void {
  if (rows < 1 || columns < 1)
    throw new LearnError(
      'series_empty',
      `expected a row and a column at least, found rows: ${rows}, columns: ${columns}`,
    )
  if (data.length !== rows * columns) {
    throw new LearnError('matrix_ragged', `${rows} rows of ${columns} columns do not make ${data.length} values`)
  }
  const bad = data.findIndex(value => value === Infinity || value === -Infinity)
  if (bad < 0) return
  throw new LearnError(
    'series_not_finite',
    `row ${Math.floor(bad / columns)}, column ${bad % columns} is infinite; NaN stands for a missing value`,
  )
}

/**
 * The standard deviation of what is left of a series when it is differenced: steps and slopes do not move it. It is the median's
 * (1.4826 MAD), or where more than half of the steps are equal the mean's; 0 for a constant series.
 */
export function noiseOf(present: Float64Array): number {
  if (present.length < 2) return 0
  const steps = differencesOf(present)
  const middle = medianOf(steps)
  const away = steps.map(step => Math.abs(step - middle))
  const robust = 1.4826 * medianOf(away)
  if (robust > 0) return robust / Math.SQRT2
  const mean = away.reduce((sum, value) => sum + value, 0) / away.length
  if (mean > 0) return (1.2533 * mean) / Math.SQRT2
  // A straight line: every step is the same one, and the step is all that there is to measure by.
  return Math.abs(middle)
}

/** The mean; NaN of nothing. */
export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The standard deviation, by the count of values; 0 of nothing and of equal values. */
export function deviationOf(values: Float64Array): number {
  const mean = meanOf(values)
  // A mean of equal values may be off by a rounding, and the values would not be equal to it.
  if (values.every(value => value === values[0])) return 0
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** Each value less the one before it. */
export function differencesOf(values: Float64Array): Float64Array {
  return Float64Array.from({ length: values.length - 1 }, (_, i) => values[i + 1]! - values[i]!)
}
