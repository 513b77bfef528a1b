import { LearnError } from '../base/error.ts'

/** The lower triangle L of a positive definite matrix L L', row by row. Error: `matrix_not_positive`. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j]!
      else if (sum > 0) lower[i * size + i] = Math.sqrt(sum)
      else throw new LearnError('matrix_not_positive', `the matrix is not positive definite in row ${i}`)
    }
  }
  return lower
}

/** Solves L L' x = b. */
export function choleskySolve(lower: Float64Array, size: number, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * size + k]! * x[k]!
    x[i]! /= lower[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= lower[k * size + i]! * x[k]!
    x[i]! /= lower[i * size + i]!
  }
  return x
}

/** Twice the sum of the logarithms of L's diagonal: the logarithm of the determinant of L L'. */
export function logDeterminant(lower: Float64Array, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += Math.log(lower[i * size + i]!)
  return 2 * sum
}
