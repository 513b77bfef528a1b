import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LearnError } from '../index.ts'
import {
  fitBoosted,
  fitForestClassifier,
  fitForestRegressor,
  fitIsolation,
  type ObjectiveName,
  readXgboost,
  writeXgboost,
} from './index.ts'

const value = fc.oneof(
  { weight: 4, arbitrary: fc.float({ noNaN: true, min: -4, max: 4 }) },
  { weight: 3, arbitrary: fc.integer({ min: -1, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 2.9e38, -2.9e38, 1e-40, 0, -0) },
)

/** Small tables, down to none, of few columns, some of which are the same throughout. */
const tables = fc.record({ rows: fc.nat(40), columns: fc.integer({ min: 1, max: 9 }) }).chain(({ rows, columns }) =>
  fc.record({
    table: fc
      .array(value, { minLength: rows * columns, maxLength: rows * columns })
      .map(values => ({ rows, columns, data: Float32Array.from(values) })),
    labels: fc.array(fc.nat(3), { minLength: rows, maxLength: rows }),
  }),
)

const finite = (values: Float32Array | Float64Array): boolean => values.every(Number.isFinite)

/** What is fitted, or null where the table is refused by a code. */
function attempt<Model>(fit: () => Model): Model | null {
  try {
    return fit()
  } catch (error) {
    expect(error).toBeInstanceOf(LearnError)
    return null
  }
}

test('forests fit any small table or refuse it by a code, and say finite numbers', () => {
  const settings = fc.record({
    trees: fc.integer({ min: 1, max: 8 }),
    seed: fc.nat(1_000),
    bins: fc.integer({ min: 3, max: 256 }),
    minLeaf: fc.integer({ min: 1, max: 4 }),
    maxFeatures: fc.constantFrom(1, 'sqrt' as const, 'all' as const),
    criterion: fc.constantFrom('gini' as const, 'entropy' as const),
    outOfBag: fc.boolean(),
  })
  let fitted = 0
  fc.assert(
    fc.property(tables, settings, ({ table, labels }, options) => {
      const { trees, seed } = options
      const isolation = attempt(() => fitIsolation(table, { trees, seed, sample: 16 }))
      const classifier = attempt(() => fitForestClassifier(table, labels, options))
      const regressor = attempt(() => fitForestRegressor(table, labels, options))
      if (isolation !== null) {
        fitted++
        const scores = isolation.scores(table)
        expect(scores.every(score => score > 0 && score < 1)).toBe(true)
      }
      if (classifier !== null) expect(finite(classifier.predictProbabilities(table))).toBe(true)
      if (regressor !== null) {
        // Means of what was learned from.
        expect(regressor.predict(table).every(mean => mean > -1e-5 && mean < 3 + 1e-5)).toBe(true)
      }
    }),
    { seed: 11, numRuns: 300 },
  )
  expect(fitted).toBeGreaterThan(200)
})

test('boosting fits any small table or refuses it by a code; its file says the same to the last bit', () => {
  const settings = fc.record({
    objective: fc.constantFrom<ObjectiveName[]>('binary:logistic', 'multi:softprob', 'reg:squarederror'),
    rounds: fc.integer({ min: 1, max: 6 }),
    maxDepth: fc.integer({ min: 1, max: 8 }),
    lambda: fc.constantFrom(0, 1),
    alpha: fc.constantFrom(0, 0.3),
    minChildWeight: fc.constantFrom(0, 1),
    rowSample: fc.constantFrom(1, 0.5, 0.01),
    bins: fc.integer({ min: 3, max: 256 }),
    seed: fc.nat(1_000),
  })
  let fitted = 0
  fc.assert(
    fc.property(tables, settings, ({ table, labels }, options) => {
      const two = options.objective === 'binary:logistic'
      const targets = two ? labels.map(label => Math.min(1, label)) : labels
      const trees = attempt(() => fitBoosted(table, targets, options))
      if (trees === null) return
      fitted++
      const outputs = trees.outputs(table)
      expect(finite(outputs)).toBe(true)
      expect(readXgboost(writeXgboost(trees)).outputs(table)).toEqual(outputs)
    }),
    { seed: 12, numRuns: 300 },
  )
  expect(fitted).toBeGreaterThan(200)
})
