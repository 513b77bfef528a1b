import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomOf } from '../../base/random.ts'
import type { Columns } from '../columns.ts'
import type { Cost } from './cost.ts'
import { kernelCost } from './kernel.ts'
import { meanCost, meanVarianceCost, varianceCost } from './normal.ts'
import { rankCost, ranksOf } from './rank.ts'
import { trendCost } from './trend.ts'

const columns = (...values: number[][]): Columns => ({
  rows: values[0]!.length,
  values: values.map(column => Float64Array.from(column)),
  origin: values.map((_, i) => i),
})
const present = (values: readonly number[]) => values.filter(value => !Number.isNaN(value))
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const spread = (values: readonly number[], about = mean(values)) =>
  values.reduce((sum, value) => sum + (value - about) ** 2, 0)

/** The costs of one column's piece, as their definitions say. */
const brute: Record<string, (piece: readonly number[], whole: readonly number[], from: number) => number> = {
  mean: piece => (present(piece).length === 0 ? 0 : spread(present(piece))),
  variance: (piece, whole) => normal(present(piece).length, spread(present(piece), mean(present(whole)))),
  'mean-variance': piece => normal(present(piece).length, present(piece).length === 0 ? 0 : spread(present(piece))),
  trend: (piece, _, from) => {
    const points = piece.flatMap((y, i) => (Number.isNaN(y) ? [] : [{ x: from + i, y }]))
    if (points.length < 3) return 0
    const x = mean(points.map(point => point.x))
    const y = mean(points.map(point => point.y))
    const run = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
    const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / run
    return points.reduce((sum, point) => sum + (point.y - y - slope * (point.x - x)) ** 2, 0)
  },
}

function normal(count: number, squares: number): number {
  if (count === 0) return 0
  const variance = Math.max(squares / count, 1e-4)
  return count * Math.log(variance) + squares / variance
}

const makes: Record<string, (columns: Columns) => Cost> = {
  mean: meanCost,
  variance: varianceCost,
  'mean-variance': meanVarianceCost,
  trend: trendCost,
}
const value = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }).map(whole => whole / 8) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
)
const series = fc
  .tuple(fc.array(value, { minLength: 2, maxLength: 30 }), fc.nat(1_000), fc.nat(1_000))
  .filter(([values]) => present(values).length >= 2)

for (const [name, make] of Object.entries(makes)) {
  test(`the ${name} cost is what its definition says of every piece, missing values left out`, () => {
    fc.assert(
      fc.property(series, ([values, a, b]) => {
        const from = a % (values.length - 1)
        const to = from + 2 + (b % (values.length - from - 1))
        const other = values.toReversed()
        const expected =
          brute[name]!(values.slice(from, to), values, from) + brute[name]!(other.slice(from, to), other, from)
        expect(make(columns(values, other)).between(from, to)).toBeCloseTo(expected, 6)
      }),
      { seed: 6, numRuns: 300 },
    )
  })
}

test('the kernel cost is the scatter in feature space, from all pairs', () => {
  const random = randomOf(3)
  const first = Array.from({ length: 40 }, () => random.normal())
  const second = Array.from({ length: 40 }, () => random.normal())
  const cost = kernelCost(columns(first, second))
  const gram = (width: number, a: number, b: number) =>
    Math.exp(-((first[a]! - first[b]!) ** 2 + (second[a]! - second[b]!) ** 2) / width)
  const scatter = (width: number, from: number, to: number) => {
    let inside = 0
    for (let a = from; a < to; a++) for (let b = from; b < to; b++) inside += gram(width, a, b)
    return to - from - inside / (to - from)
  }
  const distances: number[] = []
  for (let a = 0; a < 40; a++) {
    for (let b = a + 1; b < 40; b++) distances.push((first[a]! - first[b]!) ** 2 + (second[a]! - second[b]!) ** 2)
  }
  distances.sort((a, b) => a - b)
  const width = (distances[389]! + distances[390]!) / 2
  const scale = cost.between(0, 40) / scatter(width, 0, 40)
  for (const [from, to] of [
    [0, 1],
    [0, 17],
    [5, 40],
    [12, 20],
  ] as const) {
    expect(cost.between(from, to)).toBeCloseTo(scale * scatter(width, from, to), 9)
  }
  // A needless cut gains 1 in the mean, which is what the scale is for: all pairs but the same ones are unlike by 1 / scale.
  let unlike = 0
  for (let a = 0; a < 40; a++) for (let b = 0; b < 40; b++) if (a !== b) unlike += 1 - gram(width, a, b)
  expect(scale).toBeCloseTo((40 * 39) / unlike, 9)
})

test('ranks share ties, have mean 0 and variance 1, and do not care how far an outlier is', () => {
  const ranks = ranksOf(Float64Array.of(3, 1, Number.NaN, 3, 2))
  const unit = Math.sqrt((1.5 ** 2 + 0.5 ** 2 + 2 * 1 ** 2) / 4)
  expect(Array.from(ranks)).toEqual([1 / unit, -1.5 / unit, Number.NaN, 1 / unit, -0.5 / unit])
  const near = rankCost(columns([1, 2, 3, 4, 5, 9])).between(0, 3)
  expect(rankCost(columns([1, 2, 3, 4, 5, 9e9])).between(0, 3)).toBe(near)
})

test('no cost charges more for two pieces than for the one that they make: what PELT stands on', () => {
  fc.assert(
    fc.property(series, ([values, a, b]) => {
      fc.pre(values.length >= 5)
      const middle = 2 + (a % (values.length - 3))
      const to = middle + 2 + (b % Math.max(1, values.length - middle - 1))
      fc.pre(to <= values.length)
      for (const make of [...Object.values(makes), kernelCost, rankCost]) {
        const cost = make(columns(values))
        const gain = cost.between(0, to) - cost.between(0, middle) - cost.between(middle, to)
        expect(gain - cost.slack).toBeGreaterThan(-1e-6)
      }
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('the kernel cost refuses a series whose pairs would not fit', () => {
  expect(() => kernelCost(columns(new Array<number>(3_001).fill(1)))).toThrow(
    expect.objectContaining({ code: 'series_long' }),
  )
})
