import { expect, test } from 'vitest'
import { randomOf } from '../base/random.ts'
import {
  chiSquaredAbove,
  cholesky,
  choleskySolve,
  logDeterminant,
  medianAndDeviation,
  minimumCovariance,
  momentsOf,
  normalAbove,
  normalQuantileAbove,
  quantileOf,
  symmetricEigen,
} from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })

function randomSymmetric(size: number, seed: number): Float64Array {
  const random = randomOf(seed)
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const value = random.normal()
      matrix[i * size + j] = value
      matrix[j * size + i] = value
    }
  return matrix
}

test.each([1, 2, 3, 8, 40])('eigenvectors of %i dimensions make the matrix again, and are orthonormal', size => {
  const matrix = randomSymmetric(size, size)
  const { values, vectors } = symmetricEigen(matrix, size)
  let worst = 0
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let again = 0
      let dot = 0
      for (let c = 0; c < size; c++) {
        again += vectors[i * size + c]! * values[c]! * vectors[j * size + c]!
        dot += vectors[c * size + i]! * vectors[c * size + j]!
      }
      worst = Math.max(worst, Math.abs(again - matrix[i * size + j]!), Math.abs(dot - (i === j ? 1 : 0)))
    }
  expect(worst).toBeLessThan(1e-11)
  expect(Array.from(values)).toEqual(Array.from(values).sort((a, b) => a - b))
})

test('eigenvalues of a diagonal, an empty rank and a repeated value', () => {
  expect(Array.from(symmetricEigen(Float64Array.of(3, 0, 0, 0, 1, 0, 0, 0, 2), 3).values)).toEqual([1, 2, 3])
  const ones = symmetricEigen(new Float64Array(9).fill(1), 3).values
  expect(ones[0]).toBeCloseTo(0, 12)
  expect(ones[2]).toBeCloseTo(3, 12)
  expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow(code('matrix_not_square'))
  expect(() => symmetricEigen(Float64Array.of(Number.NaN), 1)).toThrow(code('value_missing'))
})

test('Cholesky solves, and refuses what is not positive', () => {
  const matrix = Float64Array.of(4, 2, 2, 3)
  const lower = cholesky(matrix, 2)
  const [x, y] = choleskySolve(lower, 2, [8, 7])
  expect([x, y]).toEqual([expect.closeTo(1.25, 12), expect.closeTo(1.5, 12)])
  expect(logDeterminant(lower, 2)).toBeCloseTo(Math.log(8), 12)
  expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(code('matrix_not_positive'))
})

test('moments and quantiles are as by hand', () => {
  const { mean, covariance } = momentsOf({ columns: 2, data: Float64Array.of(1, 2, 3, 6, 5, 4) })
  expect([Array.from(mean), Array.from(covariance)]).toEqual([
    [3, 4],
    [4, 2, 2, 4],
  ])
  expect(quantileOf([4, 1, 3, 2], 0.25)).toBe(1.75)
  expect(medianAndDeviation([1, 2, 3, 4, 100]).median).toBe(3)
  expect(() => quantileOf([], 0.5)).toThrow(code('rows_too_few'))
  expect(() => quantileOf([1, Number.NaN], 0.5)).toThrow(code('value_missing'))
  expect(() => momentsOf({ columns: 1, data: Float64Array.of(1) })).toThrow(code('rows_too_few'))
})

test('distributions against tables', () => {
  expect(normalAbove(1.959964)).toBeCloseTo(0.025, 6)
  expect(normalAbove(-1)).toBeCloseTo(0.8413447, 6)
  expect(normalQuantileAbove(0.001)).toBeCloseTo(3.0902, 3)
  expect(Math.abs(chiSquaredAbove(5, 0.01) / 15.0863 - 1)).toBeLessThan(0.01)
})

test('a third of wrong rows does not move the minimum covariance', () => {
  const random = randomOf(3)
  const data = new Float64Array(600)
  for (let row = 0; row < 300; row++) {
    const wrong = row % 3 === 0 ? 20 : 0
    data[2 * row] = random.normal() + wrong
    data[2 * row + 1] = random.normal() - wrong
  }
  const plain = momentsOf({ columns: 2, data })
  const robust = minimumCovariance({ columns: 2, data }, 1)
  expect(Math.abs(plain.mean[0]!)).toBeGreaterThan(5)
  expect(Math.abs(robust.mean[0]!)).toBeLessThan(0.4)
  expect(robust.rows.some(row => row % 3 === 0)).toBe(false)
  expect(() => minimumCovariance({ columns: 2, data: data.subarray(0, 8) }, 1)).toThrow(code('rows_too_few'))
})
