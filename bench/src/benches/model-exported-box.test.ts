import { expect, test } from 'vitest'
import { matrixOf } from '../../../packages/learn/src/index.ts'
import { Box } from './model-exported-box.ts'

const LOG = { from: Math.expm1, to: Math.log1p }
/** A count as its logarithm, a rate, a flag and a number of any size. */
const RULES = [
  { least: 0, most: Math.log1p(20), step: 1, own: LOG },
  { least: 0, most: 1, step: 0.01 },
  { fixed: true },
  {},
]
const FROM = [Math.log1p(9), 0.5, 1, -3]
const box = new Box(matrixOf([FROM]), RULES, 0.3)
const settled = (...wanted: number[]): number[] => [...box.settled(wanted, [0])]

test('what is wanted becomes the nearest that can be sent', () => {
  const [count, rate, flag, free] = settled(Math.log1p(10.6), 0.6049, 0, -2.9)
  expect(Math.expm1(count!)).toBeCloseTo(11, 4)
  expect(rate).toBeCloseTo(0.6, 6)
  expect(flag).toBe(1)
  expect(free).toBeCloseTo(-2.9, 6)
})

test('no column goes beyond epsilon or its end, and a row that is as it was stays so', () => {
  const far = settled(99, 99, 99, 99)
  // 13 would be .34 away.
  expect(Math.expm1(far[0]!)).toBeCloseTo(12, 4)
  expect(far.slice(1)).toEqual([0.8, 1, -2.7].map(Math.fround))
  const near = settled(-99, -99, -99, -99)
  // 6 would be .36 away.
  expect(Math.expm1(near[0]!)).toBeCloseTo(7, 4)
  expect(near[1]).toBeCloseTo(0.2, 6)
  expect(settled(...FROM)).toEqual(FROM.map(Math.fround))
})

test('a row that nobody could send is told', () => {
  const ends = (column: number) => box.ends(0, column)
  expect(box.allows(0, settled(99, 0.3, 1, -3.1), ends)).toBe(true)
  for (const [column, value] of [Math.log1p(9.5), 0.505, 0, -3.31].entries()) {
    const row = FROM.with(column, value)
    expect(box.allows(0, row, ends)).toBe(false)
  }
  expect(box.allows(0, FROM, () => [50, 60])).toBe(false)
})
