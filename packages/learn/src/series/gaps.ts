import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import { LastValues, readingOf } from './last-values.ts'

/** The mean of each sensor, of the values that there are. Error: `sensor_empty`. */
export function usualValues({ rows, columns, data }: Matrix): Float64Array {
  const sums = new Float64Array(columns)
  const counts = new Float64Array(columns)
  for (let at = 0; at < rows * columns; at++) {
    const value = readingOf(data[at]!)
    if (Number.isNaN(value)) continue
    sums[at % columns]! += value
    counts[at % columns]!++
  }
  const empty = counts.indexOf(0)
  if (rows > 0 && empty >= 0) throw new LearnError('sensor_empty', `sensor ${empty} has no value in the training rows`)
  return sums.map((sum, i) => sum / counts[i]!)
}

/** Training rows as a stream would see them: the last value stands in for a missing one. */
export function fill(train: Matrix, usual: Float64Array, oldest: number): Matrix {
  const last = new LastValues(usual, oldest)
  const data = new Float32Array(train.rows * train.columns)
  for (let row = 0; row < train.rows; row++) {
    last.take(rowOf(train, row))
    data.set(last.values, row * train.columns)
  }
  return { ...train, data }
}

/** For how many rows in a row each sensor is silent, at most. */
export function longestSilences({ rows, columns, data }: Matrix): Int32Array {
  const silent = new Int32Array(columns)
  const longest = new Int32Array(columns)
  for (let at = 0; at < rows * columns; at++) {
    const i = at % columns
    silent[i] = Number.isNaN(readingOf(data[at]!)) ? silent[i]! + 1 : 0
    longest[i] = Math.max(longest[i]!, silent[i]!)
  }
  return longest
}
