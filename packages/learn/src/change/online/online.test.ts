import { expect, test } from 'vitest'
import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { BayesDetector } from './bayes.ts'
import { Cusum } from './cusum.ts'
import { PageHinkley } from './page-hinkley.ts'
import { EachSensor } from './sensors.ts'
import { type OnlineDetector, stepsOf } from './step.ts'
import { sureness } from './two-sided.ts'

/** Noise of deviation 1 with an autocorrelation; from row `at` on column 0 is shifted. */
function noise(rows: number, columns: number, correlation: number, seed: number, at = rows, shift = 0): Matrix {
  const random = randomOf(seed)
  const data = new Float32Array(rows * columns)
  const state = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      state[column] = correlation * state[column]! + Math.sqrt(1 - correlation ** 2) * random.normal()
      data[row * columns + column] = state[column]! + (row >= at && column === 0 ? shift : 0)
    }
  }
  return { rows, columns, data }
}

const makes: Record<string, (columns: number) => OnlineDetector> = {
  cusum: columns => new EachSensor(columns, () => new Cusum()),
  // Long quiet before it is sure, or a false alarm has it learning anew when the change comes.
  'cusum, strict': columns => new EachSensor(columns, () => new Cusum({ warmup: 150, drift: 1, threshold: 7 })),
  'page-hinkley': columns => new EachSensor(columns, () => new PageHinkley()),
  bayes: columns => new BayesDetector(columns),
}

/** By how many rows `since` may be too early: the sums of Page and Hinkley go on from the last time that they were 0. */
const slack: Record<string, number> = { 'cusum, strict': 8, 'page-hinkley': 60, bayes: 2 }

for (const [name, early] of Object.entries(slack)) {
  const make = makes[name]!
  test(`${name} finds a shift, names the sensor and says since when`, () => {
    for (let seed = 0; seed < 5; seed++) {
      const steps = stepsOf(make(3), noise(500, 3, 0, seed + 40, 300, 4))
      const found = steps.findIndex((step, row) => row >= 300 && step.change)
      expect(found).toBeGreaterThanOrEqual(300)
      expect(found).toBeLessThan(308)
      expect(steps[found]!.sensor).toBe(0)
      expect(steps[found]!.since).toBeGreaterThanOrEqual(300 - early)
      expect(steps[found]!.since).toBeLessThanOrEqual(302)
      expect(steps[found]!.confidence).toBeGreaterThan(0.9)
    }
  })
}

for (const [name, make] of Object.entries(makes)) {
  test(`${name} leaves out missing values, and a column that is never there`, () => {
    const matrix = noise(500, 2, 0, 9, 300, 5)
    for (let row = 0; row < 500; row++) {
      matrix.data[2 * row + 1] = Number.NaN
      if (row % 7 === 3) matrix.data[2 * row] = Number.NaN
    }
    const steps = stepsOf(make(2), matrix)
    expect(steps.filter(step => step.change).map(step => step.sensor)).toContain(0)
    expect(steps.every(step => step.sensor !== 1 && Number.isFinite(step.confidence))).toBe(true)
  })

  test(`${name} is content with a constant, and not with its jump`, () => {
    const data = Float32Array.from({ length: 400 }, (_, row) => (row < 250 ? 7.1 : 7.2))
    const changes = stepsOf(make(1), { rows: 400, columns: 1, data }).flatMap((step, row) => (step.change ? [row] : []))
    expect(changes).toHaveLength(1)
    expect(changes[0]).toBeGreaterThanOrEqual(250)
    expect(changes[0]).toBeLessThan(253)
  })

  test(`${name} refuses rows of a wrong width and infinite values`, () => {
    expect(() => make(2).next([1])).toThrow(expect.objectContaining({ code: 'row_width' }))
    expect(() => make(2).next([1, -Infinity])).toThrow(expect.objectContaining({ code: 'series_not_finite' }))
  })
}

/** Changes reported in noise without one, over ten seeds of 2,000 rows. */
function cries(make: () => OnlineDetector, correlation: number): number {
  let count = 0
  for (let seed = 0; seed < 10; seed++) {
    count += stepsOf(make(), noise(2_000, 1, correlation, 100 + seed)).filter(step => step.change).length
  }
  return count
}

test.each([
  ['cusum', 0, 60],
  ['cusum', 0.9, 60],
  ['page-hinkley', 0, 6],
  ['page-hinkley', 0.9, 30],
  ['bayes', 0, 4],
  ['bayes', 0.9, 50],
] as const)('%s with noise of autocorrelation %d cries at most %d times in 20,000 rows', (name, correlation, most) => {
  expect(cries(() => makes[name]!(1), correlation)).toBeLessThanOrEqual(most)
})

test('a higher threshold of CUSUM cries less, as its confidence foretells', () => {
  const often = cries(() => new Cusum({ threshold: 4, warmup: 400 }), 0)
  const seldom = cries(() => new Cusum({ threshold: 8, warmup: 400 }), 0)
  expect(seldom).toBeLessThan(often / 4)
  // Siegmund: 465 values between alarms of a two-sided sum with drift .5 and threshold 5.
  expect(1 / (1 - sureness(5, 0.5))).toBeCloseTo(469, -1)
  expect(sureness(0, 0.5)).toBeLessThan(0.5)
})

test('the posterior of the run length sums to 1 at every row, holds no more runs than allowed, and moves to the change', () => {
  const detector = new BayesDetector(2, { runs: 40 })
  const matrix = noise(600, 2, 0, 77, 350, 3)
  for (let row = 0; row < matrix.rows; row++) {
    detector.next(matrix.data.subarray(2 * row, 2 * row + 2))
    if (row < 99) {
      expect(detector.posterior).toEqual([])
      continue
    }
    const sum = detector.posterior.reduce((total, run) => total + run.probability, 0)
    expect(Math.abs(sum - 1)).toBeLessThan(1e-9)
    expect(detector.posterior.length).toBeLessThanOrEqual(40)
    expect(detector.posterior.at(-1)!.start).toBe(row)
  }
  const likeliest = detector.posterior.reduce((best, run) => (run.probability > best.probability ? run : best))
  expect(Math.abs(likeliest.start - 350)).toBeLessThanOrEqual(2)
  expect(likeliest.probability).toBeGreaterThan(0.2)
})

test('a change of variance alone moves the posterior too', () => {
  const matrix = noise(600, 1, 0, 21)
  for (let row = 400; row < 600; row++) matrix.data[row]! *= 5
  const step = stepsOf(new BayesDetector(1), matrix).find(({ change }) => change)
  expect(Math.abs(step!.since! - 400)).toBeLessThanOrEqual(6)
})

test('options that make no sense are refused', () => {
  const code = expect.objectContaining({ code: 'change_options' })
  expect(() => new Cusum({ drift: 0 })).toThrow(code)
  expect(() => new Cusum({ warmup: Number.NaN })).toThrow(code)
  expect(() => new PageHinkley({ threshold: -1 })).toThrow(code)
  expect(() => new BayesDetector(0)).toThrow(code)
  expect(() => new BayesDetector(1, { interval: 1 })).toThrow(code)
  expect(() => new EachSensor(0, () => new Cusum())).toThrow(code)
})
