import { expect, test } from 'vitest'
import { matrixOf, rowOf } from '../../index.ts'
import { code, noise } from '../trees.testkit.ts'
import { averagePath } from './average.ts'
import { fitIsolation } from './fit.ts'

test('the mean path is that of the paper', () => {
  expect([0, 1, 2].map(averagePath)).toEqual([0, 0, 1])
  // 2 H(255) - 2 255/256, with the harmonic number summed.
  const harmonic = Array.from({ length: 255 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0)
  expect(averagePath(256)).toBeCloseTo(2 * harmonic - (2 * 255) / 256, 2)
})

test('two rows: each is set apart by the first cut, which is what is expected of two', () => {
  const forest = fitIsolation(matrixOf([[0], [1]]), { trees: 10 })
  expect(forest.pathLength([0])).toBe(1)
  expect(forest.score([0])).toBeCloseTo(0.5, 12)
  expect(Array.from(forest.contributions([0]))).toEqual([0])
})

test('what lies apart scores above all others, and the column that sets it apart is named', () => {
  const table = noise(600, 4, 1)
  table.data.set([0.1, -0.2, 15, 0.3], 300 * 4)
  const forest = fitIsolation(table, { seed: 5, sample: 600, trees: 200 })
  const scores = forest.scores(table)
  expect(scores.indexOf(Math.max(...scores))).toBe(300)
  expect([scores[300]! > 0.6, Math.min(...scores) > 0, Math.max(...scores) < 1]).toEqual([true, true, true])
  const moves = forest.contributions(rowOf(table, 300))
  expect(moves.indexOf(Math.max(...moves))).toBe(2)
  // In all, the path of a row like those that were learned from, less its own.
  const { trees } = forest.model
  const usual = trees.reduce((sum, tree) => sum + tree.value[0]!, 0) / trees.length
  const sum = moves.reduce((a, b) => a + b, 0)
  expect(sum).toBeCloseTo(usual - forest.pathLength(rowOf(table, 300)), 4)
})

test('one row, all rows and a scorer say the same, to single precision; a seed repeats itself', () => {
  const table = noise(500, 3, 2, 0.05)
  const fit = (seed: number) => fitIsolation(table, { seed, trees: 30, sample: 64 })
  const forest = fit(3)
  const scores = forest.scores(table)
  const scorer = forest.scorer()
  for (let i = 0; i < table.rows; i++) {
    const single = forest.score(rowOf(table, i))
    scorer.row.set(rowOf(table, i))
    expect([scorer.score(), Math.fround(single), scorer.outputs[0]]).toEqual([single, scores[i], scores[i]])
  }
  expect(fit(3).scores(table)).toEqual(scores)
  expect(fit(4).scores(table)).not.toEqual(scores)
})

test('a missing value makes no row strange, whether any was missing before or not', () => {
  for (const missing of [0, 0.2]) {
    const table = noise(1_000, 4, 4, missing)
    const forest = fitIsolation(table)
    expect(forest.score(new Float32Array(4).fill(Number.NaN))).toBeLessThan(0.5)
    expect(forest.score([0, Number.NaN, 0, 0])).toBeLessThan(0.5)
    expect(forest.score([0, Number.NaN, 8, 0])).toBeGreaterThan(forest.score([0, Number.NaN, 0, 0]) + 0.1)
    expect(forest.score([0, 0, Number.POSITIVE_INFINITY, 0])).toBeGreaterThan(0.5)
  }
})

test('memory grows with trees and samples, not with rows; constant columns and equal rows are no trouble', () => {
  const small = fitIsolation(noise(300, 3, 1), { trees: 20, sample: 100 })
  const large = fitIsolation(noise(20_000, 3, 1), { trees: 20, sample: 100 })
  expect(Math.abs(large.bytes - small.bytes)).toBeLessThanOrEqual(65_536)
  const same = fitIsolation(matrixOf(Array.from({ length: 50 }, () => [1, 2])))
  expect(same.score([1, 2])).toBeCloseTo(0.5, 6)
  expect(Array.from(same.contributions([5, 5]))).toEqual([0, 0])
})

test('bad input is refused by name', () => {
  const table = noise(10, 2, 1)
  expect(() => fitIsolation(matrixOf([]))).toThrow(code('table_empty'))
  expect(() => fitIsolation(matrixOf([[1, 2]]))).toThrow(code('table_empty'))
  expect(() => fitIsolation(matrixOf([[1], [Number.POSITIVE_INFINITY]]))).toThrow(code('value_infinite'))
  for (const options of [{ trees: 0 }, { trees: 1.5 }, { sample: 1 }, { seed: Number.NaN }])
    expect(() => fitIsolation(table, options)).toThrow(code('option_wrong'))
  const forest = fitIsolation(table)
  expect(() => forest.score([1])).toThrow(code('table_width'))
  expect(() => forest.scores(noise(3, 3, 1))).toThrow(code('table_width'))
})
