import { expect, test } from 'vitest'
import { matrixOf, randomOf } from '../index.ts'
import { spreadOf } from './index.ts'

const random = randomOf(1)
const normal = Array.from({ length: 1_000 }, () => 30 + 2 * random.normal())
const columnOf = (values: readonly number[]) => matrixOf(values.map(value => [value]))

test('a wild cell moves a winsorized spread by nothing, and an ordinary column has its deviation', () => {
  const calm = spreadOf(columnOf(normal), 0)
  expect(calm.winsorized.deviation / calm.deviation).toBeGreaterThan(0.96)
  expect(calm.winsorized.deviation).toBeLessThanOrEqual(calm.deviation)
  const wild = spreadOf(columnOf([...normal, 99_999]), 0)
  expect(wild.deviation).toBeGreaterThan(1_000)
  expect(wild.winsorized.deviation / calm.winsorized.deviation).toBeCloseTo(1, 1)
  expect(wild.winsorized.mean).toBeCloseTo(30, 0)
})

test('a column that moves in few rows moves, and one without values does not', () => {
  const seldom = spreadOf(columnOf([...new Array(999).fill(0), 1]), 0)
  expect(seldom.winsorized.deviation).toBe(seldom.deviation)
  expect(seldom.deviation).toBeGreaterThan(0)
  expect(spreadOf(columnOf([Number.NaN, Number.NaN]), 0)).toMatchObject({ mean: 0, deviation: 0 })
})
