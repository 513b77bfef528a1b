import { expect, test } from 'vitest'
import { type Matrix, matrixOf, randomOf } from '../index.ts'
import { fitBoosted } from '../trees/index.ts'
import { accuracyOf, coordinateSearch, cutsOf, type Decider, Feasible } from './index.ts'

/** A count as a model takes it: its logarithm. */
const own = { from: Math.expm1, to: Math.log1p }
const MOST = 30
const counts = (columns: number): Feasible =>
  new Feasible({
    columns,
    rules: Array.from({ length: columns }, () => ({ step: 1, least: 0, most: Math.log1p(MOST), own })),
  })

/** Class 1 where every column is beyond its cut, and no sooner; the more are, the likelier. */
function beyond(cut: number, way: 'up' | 'down'): Decider {
  return {
    classes: 2,
    probabilities: ({ rows, columns, data }) => {
      const out = new Float32Array(2 * rows)
      for (let row = 0; row < rows; row++) {
        const there = data.subarray(row * columns, (row + 1) * columns).filter(each => each >= cut === (way === 'up'))
        out.set([1 - 0.5 / columns, there.length / columns], 2 * row)
      }
      return { rows, columns: 2, data: out }
    },
  }
}

test.each(['up', 'down'] as const)('a cut is stepped over, though the step before it is nearer: %s', way => {
  const [first, wanted, near] = way === 'up' ? [4, 5, 4.1] : [5, 4, 4.9]
  const columns = 6
  const cut = Math.fround(Math.log1p(near))
  const x = matrixOf([new Array<number>(columns).fill(Math.log1p(first))])
  const reach = { norm: 'linf', epsilon: Math.log(6 / 5) + 1e-4, feasible: counts(columns) } as const
  const cuts = Array.from({ length: columns }, () => Float32Array.of(cut))
  const found = coordinateSearch(beyond(cut, way), x, Int32Array.of(0), { ...reach, cuts, rounds: 10 })
  expect(found.accuracy).toBe(0)
  for (const value of found.rows.data) expect(Math.expm1(value)).toBeCloseTo(wanted, 4)
})

/** Counts of two kinds of senders, by their logarithms. */
function senders(rows: number, seed: number): { x: Matrix; labels: Int32Array } {
  const random = randomOf(seed)
  const labels = Int32Array.from({ length: rows }, () => random.below(2))
  const count = (mean: number): number => Math.min(MOST, Math.max(0, Math.round(mean + 0.4 * mean * random.normal())))
  const x = matrixOf(
    Array.from(labels, label => [4, 5, 6, 8].map(mean => Math.log1p(count(label === 1 ? 1.7 * mean : mean)))),
  )
  return { x, labels }
}

test('a search that knows the cuts is at least as strong as one that does not, on counts', () => {
  const learned = senders(600, 1)
  const { x, labels } = senders(200, 2)
  const trees = fitBoosted(learned.x, learned.labels, { objective: 'binary:logistic', rounds: 40, maxDepth: 4 })
  const target: Decider = {
    classes: 2,
    probabilities: rows => ({ rows: rows.rows, columns: 2, data: trees.predictProbabilities(rows) }),
  }
  const cuts = cutsOf(trees.model.trees, 4)
  const clean = accuracyOf(target, x, labels)
  for (const [seed, epsilon] of [0.2, 0.3, 0.45].entries()) {
    const reach = { norm: 'linf', epsilon, feasible: counts(4), rounds: 12, tries: 8, seed } as const
    const knowing = coordinateSearch(target, x, labels, { ...reach, cuts })
    const blind = coordinateSearch(target, x, labels, reach)
    expect(knowing.accuracy).toBeLessThanOrEqual(blind.accuracy + 0.005)
    expect(blind.accuracy).toBeLessThan(clean - 0.1)
    for (let row = 0; row < 200; row++) {
      const [moved, from] = [knowing.rows, x].map(({ data }) => data.subarray(4 * row, 4 * row + 4))
      expect(reach.feasible.allows(moved, from, reach)).toBe(true)
    }
  }
})

test('a descent finds the one of many values that does harm, where draws pass it by; all that is asked is counted', () => {
  const columns = 4
  const wanted = [0.375, -0.515, 0.085, -0.905]
  const cuts = wanted.map(() => Float32Array.from({ length: 200 }, (_, i) => (i - 100) / 100))
  let asked = 0
  const target: Decider = {
    classes: 2,
    probabilities: ({ rows, data }) => {
      asked += rows
      const out = new Float32Array(2 * rows)
      for (let row = 0; row < rows; row++) {
        const met = wanted.filter((value, c) => Math.abs(data[row * columns + c] - value) < 0.0051).length
        out.set([1 - 0.5 / columns, met / columns], 2 * row)
      }
      return { rows, columns: 2, data: out }
    },
  }
  const x = matrixOf([[0, 0, 0, 0]])
  const reach = { norm: 'linf', epsilon: 1, feasible: new Feasible({ columns }), cuts, rounds: 4 } as const
  const drawn = coordinateSearch(target, x, Int32Array.of(0), { ...reach, descents: 0 })
  expect(drawn.accuracy).toBe(1)
  asked = 0
  const gone = coordinateSearch(target, x, Int32Array.of(0), { ...reach, descents: 1, values: 500 })
  expect(gone.accuracy).toBe(0)
  // The last answer is for the report.
  expect(gone.queries).toBe(asked - 1)
  const sparse = coordinateSearch(target, x, Int32Array.of(0), { ...reach, descents: 2, values: 500, sparsity: 2 })
  expect(sparse.accuracy).toBe(1)
  expect(sparse.rows.data.filter(value => value !== 0).length).toBeLessThanOrEqual(2)
})
