import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomOf } from '../base/random.ts'
import { binarySegmentation } from './binary.ts'
import { coarseOf } from './coarse.ts'
import type { Columns } from './columns.ts'
import type { Cost } from './costs/cost.ts'
import { meanCost, meanVarianceCost } from './costs/normal.ts'
import { trendCost } from './costs/trend.ts'
import { pelt } from './pelt.ts'
import { penalized } from './penalty.ts'

const columns = (values: ArrayLike<number>): Columns => ({
  rows: values.length,
  values: [Float64Array.from(values)],
  origin: [0],
})

const totalOf = (cost: Cost, cuts: readonly number[], penalty: number): number => {
  const edges = [0, ...cuts, cost.rows]
  let sum = penalty * cuts.length
  for (let i = 0; i + 1 < edges.length; i++) sum += cost.between(edges[i]!, edges[i + 1]!)
  return sum
}

/** Optimal partitioning by dynamic programming over all cuts, without leaving out any. */
function best(cost: Cost, penalty: number, least: number): number {
  const sums = new Float64Array(cost.rows + 1).fill(Infinity)
  sums[0] = -penalty
  for (let to = least; to <= cost.rows; to++) {
    for (let from = 0; from <= to - least; from++) {
      sums[to] = Math.min(sums[to]!, sums[from]! + cost.between(from, to) + penalty)
    }
  }
  return sums[cost.rows]!
}

const shape = fc.record({
  values: fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 5, max: 11 })), {
    minLength: 1,
    maxLength: 45,
  }),
  penalty: fc.integer({ min: 1, max: 40 }).map(whole => whole / 2),
  least: fc.integer({ min: 1, max: 7 }),
  make: fc.constantFrom(meanCost, meanVarianceCost, trendCost),
  mbic: fc.boolean(),
})

test('PELT finds the least of all sums, as dynamic programming over every cut does', () => {
  fc.assert(
    fc.property(shape, ({ values, penalty, least, make, mbic }) => {
      const all = columns(values)
      const own = mbic ? penalized(make(all), 'mbic', all) : { cost: make(all), penalty }
      const shortest = Math.max(least, own.cost.least)
      const cuts = pelt(own.cost, own.penalty, least)
      if (values.length < shortest) {
        expect(cuts).toEqual([])
        return
      }
      const edges = [0, ...cuts, values.length]
      for (let i = 0; i + 1 < edges.length; i++) expect(edges[i + 1]! - edges[i]!).toBeGreaterThanOrEqual(shortest)
      expect(totalOf(own.cost, cuts, own.penalty)).toBeCloseTo(best(own.cost, own.penalty, shortest), 6)
    }),
    { seed: 11, numRuns: 400 },
  )
})

const steps = (rows: number, levels: readonly number[], seed: number): Float64Array => {
  const random = randomOf(seed)
  return Float64Array.from({ length: rows }, (_, row) => {
    return levels[Math.floor((row * levels.length) / rows)]! + random.normal()
  })
}

test('binary segmentation takes the greatest gain first, and stops at the penalty or at its most', () => {
  const cost = meanCost(columns(steps(300, [0, 10, 4], 5)))
  expect(binarySegmentation(cost, 30)).toEqual([100, 200])
  expect(binarySegmentation(cost, 30, 1)).toEqual([100])
  expect(binarySegmentation(cost, 30, 0)).toEqual([])
  expect(binarySegmentation(cost, 1e9)).toEqual([])
  expect(binarySegmentation(cost, 30, Infinity, 140)).toHaveLength(1)
})

test('a long series is searched coarsely, and its cuts are then set to the row', () => {
  const cost = meanCost(columns(steps(10_000, [0, 3, 1], 8)))
  const { cost: coarse, step, refine } = coarseOf(cost, 150)
  expect(step).toBe(67)
  const places = pelt(coarse, 60)
  expect(places.map(place => place * step)).not.toEqual([3_334, 6_667])
  const cuts = refine(places, 60)
  expect(cuts).toHaveLength(2)
  expect(Math.abs(cuts[0]! - 3_334)).toBeLessThanOrEqual(3)
  expect(Math.abs(cuts[1]! - 6_667)).toBeLessThanOrEqual(3)
  expect(coarseOf(cost, 10_000).step).toBe(1)
})

test('binary segmentation of a long series stays bounded where every piece is cut, and its cuts are set to the row', () => {
  const rows = 100_000
  const cost = meanCost(columns(Float64Array.from({ length: rows }, (_, row) => 1.0002 ** row)))
  let asked = 0
  const counted: Cost = {
    ...cost,
    between(from, to) {
      asked++
      return cost.between(from, to)
    },
  }
  binarySegmentation(counted, 1e-9)
  expect(asked).toBeLessThan(4_000 ** 2 + 10 * rows)
  expect(binarySegmentation(meanCost(columns(steps(rows, [0, 5, 1], 8))), 60)).toEqual([33_334, 66_667])
})
