import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { medianAndDeviation } from '../linear/index.ts'

/** Where a column lies and how far it spreads. */
export interface Level {
  readonly center: number
  /** 0 where the column is constant. */
  readonly spread: number
}

/** Mean and standard deviation, or median and scaled median absolute deviation. */
export type Method = 'z_score' | 'robust'

const STILL = 1e-9

/**
 * The level of each column, over the values that there are. A column whose median deviation is 0 (a valve that is shut in most rows) has its mean and standard deviation, as
 * half of its rows say nothing of how far it moves. Error: `sensor_empty` where a column has no value.
 */
export function levelsOf(rows: Matrix, method: Method): Level[] {
  return Array.from({ length: rows.columns }, (_, column) => {
    const values = presentValues(rows, column)
    if (values.length === 0) throw new LearnError('sensor_empty', `column ${column} has no value`)
    const plain = meanAndDeviation(values)
    if (method === 'z_score') return plain
    const { median, deviation } = medianAndDeviation(values)
    return still(deviation, median) ? plain : { center: median, spread: deviation }
  })
}

/** How many spreads a value is from its column's center; 0 in a column that never moved. */
export function distanceFrom({ center, spread }: Level, value: number): number {
  return spread === 0 ? 0 : Math.abs(value - center) / spread
}

/** The values of a column that are numbers. */
export function presentValues({ rows, columns, data }: Matrix, column: number): Float64Array {
  const values = new Float64Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const value = data[row * columns + column]!
    if (Number.isFinite(value)) values[count++] = value
  }
  return values.subarray(0, count)
}

function meanAndDeviation(values: Float64Array): Level {
  let sum = 0
  for (const value of values) sum += value
  const center = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - center) ** 2
  const deviation = Math.sqrt(squares / Math.max(1, values.length - 1))
  return { center, spread: still(deviation, center) ? 0 : deviation }
}

function still(deviation: number, center: number): boolean {
  return deviation <= STILL * Math.max(1, Math.abs(center))
}
