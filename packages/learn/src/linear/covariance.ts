import { LearnError } from '../base/error.ts'

/** Means and covariances (row by row) of `size` variables over `count` rows. */
export interface Moments {
  readonly size: number
  readonly count: number
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

/** Rows of numbers in double precision, one behind the other. */
export interface Rows {
  readonly columns: number
  readonly data: Float64Array
}

/** Means, and covariances by `count - 1`, in two passes. Errors: `rows_too_few` under two rows, `value_missing`. */
export function momentsOf({ columns: size, data }: Rows, rows?: readonly number[]): Moments {
  const chosen = rows ?? Array.from({ length: data.length / Math.max(1, size) }, (_, row) => row)
  const count = chosen.length
  if (count < 2) throw new LearnError('rows_too_few', `${count} rows have no covariance`)
  const mean = new Float64Array(size)
  for (const row of chosen) for (let i = 0; i < size; i++) mean[i]! += data[row * size + i]!
  for (let i = 0; i < size; i++) mean[i]! /= count
  if (!mean.every(Number.isFinite)) throw new LearnError('value_missing', 'rows to learn from have missing values')
  const covariance = new Float64Array(size * size)
  const off = new Float64Array(size)
  for (const row of chosen) {
    for (let i = 0; i < size; i++) off[i] = data[row * size + i]! - mean[i]!
    for (let i = 0; i < size; i++) {
      const own = off[i]!
      for (let j = 0; j <= i; j++) covariance[i * size + j]! += own * off[j]!
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = covariance[i * size + j]! / (count - 1)
      covariance[i * size + j] = value
      covariance[j * size + i] = value
    }
  }
  return { size, count, mean, covariance }
}
