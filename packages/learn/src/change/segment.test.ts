import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Matrix, matrixOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { columnsOf, noiseOf, seriesOf } from './columns.ts'
import { inflationOf } from './penalty.ts'
import { type CostName, segment } from './segment.ts'

const pieces = (
  levels: readonly number[],
  length: number,
  seed: number,
  deviations: readonly number[] = [1],
): Matrix => {
  const random = randomOf(seed)
  return seriesOf(
    levels.flatMap((level, i) =>
      Array.from({ length }, () => level + random.normal() * deviations[i % deviations.length]!),
    ),
  )
}

const rows = (changes: readonly { readonly row: number }[]) => changes.map(change => change.row)

test.each(['mean', 'mean-variance', 'trend', 'rank', 'kernel'] as const)(
  'PELT and binary segmentation with the %s cost find steps',
  cost => {
    for (const method of ['pelt', 'binary'] as const) {
      const found = segment(pieces([0, 6, 2], 80, 3), { method, cost, penalty: 'bic' })
      expect(rows(found)).toEqual([80, 160])
      for (const change of found) {
        expect(change.confidence).toBeGreaterThan(0.99)
        expect(change.delay).toBeLessThan(40)
      }
    }
  },
)

test.each(['variance', 'mean-variance', 'kernel'] as const)(
  'the %s cost finds a change of variance',
  (cost: CostName) => {
    const found = segment(pieces([5, 5], 150, 4, [1, 6]), { method: 'pelt', cost, penalty: 'mbic' })
    expect(found).toHaveLength(1)
    expect(Math.abs(found[0]!.row - 150)).toBeLessThanOrEqual(5)
  },
)

test('the consensus finds steps, a corner of a slope and many pieces, and is content with noise', () => {
  expect(rows(segment(pieces([0, 6, 2], 80, 3)))).toEqual([80, 160])
  const random = randomOf(8)
  const corner = seriesOf(Array.from({ length: 200 }, (_, row) => Math.max(0, row - 120) + random.normal()))
  const [bend, ...rest] = segment(corner)
  expect(Math.abs(bend!.row - 120)).toBeLessThanOrEqual(10)
  expect(rest).toEqual([])
  expect(rows(segment(pieces([0, 8, 0, 8, 0, 8], 40, 5)))).toEqual([40, 80, 120, 160, 200])
  for (let seed = 0; seed < 10; seed++) expect(segment(pieces([0], 300, seed))).toEqual([])
})

test('a short series is cut where it jumps, and seldom where it does not', () => {
  let cut = 0
  for (let seed = 0; seed < 40; seed++) cut += segment(pieces([0], 15, seed)).length
  expect(cut).toBeLessThanOrEqual(4)
  let found = 0
  for (let seed = 0; seed < 40; seed++) {
    const [first, ...rest] = segment(pieces([0, 6], 10, seed))
    if (rest.length === 0 && first !== undefined && Math.abs(first.row - 10) <= 1) found++
  }
  expect(found).toBeGreaterThanOrEqual(30)
})

test('a single wild value is no change and hides none', () => {
  const matrix = pieces([0, 6], 100, 12)
  matrix.data[40] = 4_000
  expect(rows(segment(matrix))).toEqual([100])
})

test('the column that changed is named, constant and missing ones are passed over', () => {
  const random = randomOf(2)
  const data = new Float32Array(200 * 4)
  for (let row = 0; row < 200; row++) {
    data.set([3, random.normal(), random.normal() + (row < 120 ? 0 : 5), Number.NaN], row * 4)
    if (row % 9 === 4) data[row * 4 + 2] = Number.NaN
  }
  const matrix = { rows: 200, columns: 4, data }
  for (const options of [{}, { method: 'pelt', cost: 'mean' }, { method: 'binary', cost: 'kernel' }] as const) {
    expect(segment(matrix, options)).toMatchObject([{ row: 120, column: 2 }])
  }
})

test('series that are tiny, constant or missing have no changes', () => {
  for (const options of [{}, { method: 'pelt' }, { method: 'binary', cost: 'kernel' }] as const) {
    for (const values of [[1], [1, 2], [1, 2, 3], new Array<number>(50).fill(4), [Number.NaN, Number.NaN]]) {
      expect(segment(seriesOf(values), options)).toEqual([])
    }
  }
})

test('a huge offset does not drown the change', () => {
  const matrix = pieces([0, 6], 80, 6)
  const far = seriesOf(Array.from(matrix.data, value => 4_096 * (value + 1_000)))
  expect(rows(segment(far))).toEqual([80])
  expect(rows(segment(far, { method: 'pelt', cost: 'trend' }))).toEqual([80])
})

test('a long series is cut in bounded time, to the row', () => {
  const found = segment(pieces([0, 3, 1], 4_000, 7))
  expect(found).toHaveLength(2)
  for (const [i, change] of found.entries()) expect(Math.abs(change.row - 4_000 * (i + 1))).toBeLessThanOrEqual(4)
})

test.each(['pelt', 'binary'] as const)('noise of many rows is searched in bounded time, too: %s', method => {
  const found = segment(pieces([0], 40_000, 7), { method, cost: 'mean' })
  expect(found).toEqual([])
  const steps = segment(pieces([0, 3, 1], 7_000, 7), { method, cost: 'mean', penalty: 'bic', least: 50 })
  expect(steps).toHaveLength(2)
  for (const [i, change] of steps.entries()) expect(Math.abs(change.row - 7_000 * (i + 1))).toBeLessThanOrEqual(4)
})

test('of a long series, cuts without number are bounded, and no piece is shorter than was asked', () => {
  const matrix = pieces([0], 150_000, 7)
  const many = segment(matrix, { method: 'binary', cost: 'mean', penalty: 1e-9 })
  expect(many.length).toBeGreaterThan(2_000)
  expect(many.length).toBeLessThan(4_000)
  const edges = [0, ...rows(segment(matrix, { method: 'pelt', cost: 'mean', penalty: 0.1, least: 90 })), 150_000]
  expect(edges.length).toBeGreaterThan(100)
  for (let i = 0; i + 1 < edges.length; i++) expect(edges[i + 1]! - edges[i]!).toBeGreaterThanOrEqual(90)
})

test('the default penalty makes up for autocorrelation, where BIC sees waves as changes', () => {
  let plain = 0
  let corrected = 0
  for (let seed = 0; seed < 5; seed++) {
    const random = randomOf(seed)
    let state = 0
    const matrix = seriesOf(
      Array.from({ length: 400 }, () => {
        state = 0.7 * state + random.normal()
        return state
      }),
    )
    plain += segment(matrix, { method: 'pelt', cost: 'mean', penalty: 'bic' }).length
    corrected += segment(matrix, { method: 'pelt', cost: 'mean' }).length
  }
  expect(plain).toBeGreaterThan(50)
  expect(corrected).toBeLessThanOrEqual(5)
  expect(inflationOf(columnsOf(pieces([0, 9, 0], 300, 3)))).toBeLessThan(1.5)
})

test('the noise of a series is that of its steps, not of its changes', () => {
  expect(noiseOf(Float64Array.from(pieces([0, 50, 10], 300, 9).data))).toBeCloseTo(1, 0)
  expect(noiseOf(Float64Array.of(5, 5, 5))).toBe(0)
  expect(noiseOf(Float64Array.of(1, 2, 3))).toBe(1)
  expect(noiseOf(Float64Array.of(1))).toBe(0)
})

test('bad input and bad options are refused with a code', () => {
  const matrix = pieces([0], 20, 1)
  const code = (name: string) => expect.objectContaining({ name: 'LearnError', code: name })
  expect(() => segment({ rows: 0, columns: 1, data: new Float32Array(0) })).toThrow(code('series_empty'))
  expect(() => segment({ rows: 3, columns: 1, data: new Float32Array(2) })).toThrow(code('matrix_ragged'))
  expect(() => segment(seriesOf([1, Infinity]))).toThrow(code('series_not_finite'))
  expect(() => segment(matrix, { method: 'pelt', penalty: 0 })).toThrow(code('penalty_not_positive'))
  expect(() => segment(matrix, { method: 'pelt', penalty: Number.NaN })).toThrow(code('penalty_not_positive'))
  expect(() => segment(matrix, { cost: 'mean' })).toThrow(code('change_options'))
  expect(() => segment(matrix, { method: 'pelt', most: 3 })).toThrow(code('change_options'))
  expect(() => segment(matrix, { method: 'pelt', least: 0.5 })).toThrow(code('change_options'))
  expect(() => segment(matrix, { method: 'pelt', cost: 'median' as CostName })).toThrow(code('change_options'))
  expect(() => segment(pieces([0], 3_001, 1), { method: 'pelt', cost: 'kernel' })).toThrow(code('series_long'))
})

test('whatever the values are, changes ascend inside the series and their figures are numbers', () => {
  const value = fc.oneof(fc.float({ noNaN: false, noDefaultInfinity: true }), fc.integer({ min: -2, max: 2 }))
  const series = fc
    .integer({ min: 1, max: 3 })
    .chain(columns =>
      fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 40 }),
    )
  fc.assert(
    fc.property(
      series,
      fc.constantFrom('mean', 'mean-variance', 'variance', 'trend', 'rank', 'kernel'),
      (rowsOf, cost) => {
        for (const options of [{}, { method: 'pelt', cost }, { method: 'binary', cost, penalty: 'mbic' }] as const) {
          let last = 0
          for (const { row, confidence, column, delay } of segment(matrixOf(rowsOf), options)) {
            expect(row).toBeGreaterThan(last)
            expect(row).toBeLessThan(rowsOf.length)
            expect(confidence >= 0 && confidence <= 1).toBe(true)
            expect(column).toBeGreaterThanOrEqual(0)
            expect(row + delay).toBeLessThanOrEqual(rowsOf.length)
            last = row
          }
        }
      },
    ),
    { seed: 5, numRuns: 150 },
  )
})
