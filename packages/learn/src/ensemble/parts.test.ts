import { expect, test } from 'vitest'
import { type Matrix, matrixOf, randomOf } from '../index.ts'
import { identity } from './calibration.ts'
import { areaOfRisk, disagreements, entropies } from './doubt.ts'
import {
  calibrate,
  calibrated,
  calibrationError,
  coverageCurve,
  fitStack,
  fitVote,
  foldsOf,
  learnScaling,
  logLoss,
  macroF1,
  pooled,
  scaled,
  stretchesOf,
  Tail,
} from './index.ts'
import { minimize } from './minimize.ts'

const code = (name: string) => expect.objectContaining({ code: name })

/** Rows whose true class is drawn by their probabilities, which are told too sharply by a power. */
function drawn(rows: number, power: number, seed: number): { told: Matrix; codes: Int32Array } {
  const random = randomOf(seed)
  const codes = new Int32Array(rows)
  const lines = Array.from(codes, (_, row) => {
    const raw = [random.normal(), random.normal(), random.normal()].map(each => Math.exp(each))
    const sum = raw.reduce((a, b) => a + b, 0)
    const at = random.next() * sum
    codes[row] = at < raw[0]! ? 0 : at < raw[0]! + raw[1]! ? 1 : 2
    const sharp = raw.map(each => each ** power)
    const all = sharp.reduce((a, b) => a + b, 0)
    return sharp.map(each => each / all)
  })
  return { told: matrixOf(lines), codes }
}

test('calibration finds the temperature, and mends other rows', () => {
  const { told, codes } = drawn(4_000, 2.5, 1)
  const found = calibrate(told, codes)
  for (const scale of found.scale) expect(Math.abs(scale - 1 / 2.5)).toBeLessThan(0.15)
  const other = drawn(4_000, 2.5, 2)
  const mended = calibrated(found, other.told)
  expect(logLoss(mended, other.codes)).toBeLessThan(logLoss(other.told, other.codes) - 0.1)
  for (const bins of ['mass', 'width'] as const) {
    expect(calibrationError(other.told, other.codes, bins)).toBeGreaterThan(0.1)
    expect(calibrationError(mended, other.codes, bins)).toBeLessThan(0.035)
  }
  const same = calibrated(identity(3), told)
  expect(Math.max(...same.data.map((each, i) => Math.abs(each - told.data[i]!)))).toBeLessThan(1e-5)
  expect(() => calibrate(told, codes.subarray(1))).toThrow(code('labels_length'))
  expect(() =>
    calibrate(
      told,
      codes.map(() => 3),
    ),
  ).toThrow(code('labels_wrong'))
})

test('calibration turns nothing round: what is wrong more often than right is forgotten, for a class or for all', () => {
  const { told, codes } = drawn(2_000, 1, 1)
  const turned = calibrate(
    told,
    codes.map(each => (each + 1) % 3),
  )
  expect(Math.min(...turned.scale)).toBe(0)
  const backward = drawn(2_000, -1, 1)
  const none = calibrate(backward.told, backward.codes)
  expect([...none.scale]).toEqual([0, 0, 0])
  // Nothing is left but how frequent classes are.
  const said = calibrated(none, backward.told).data.subarray(0, 3)
  for (const [k, each] of said.entries())
    expect(each).toBeCloseTo(backward.codes.filter(code => code === k).length / 2_000, 2)
  // Of one class alone that is told backward the others keep what they say.
  const one = { ...told, data: told.data.map((each, at) => (at % 3 === 0 ? 0.2 / each : each)) }
  const mended = calibrate(one, codes)
  expect(mended.scale[0]).toBe(0)
  expect(Math.min(mended.scale[1]!, mended.scale[2]!)).toBeGreaterThan(0.3)
})

test('a vote gives its weight to the member that knows, and is no worse than the best one', () => {
  const good = drawn(2_000, 1, 3)
  const noise = drawn(2_000, 1, 4).told
  const said = [noise, good.told, noise]
  const vote = fitVote(said, good.codes)
  expect(vote.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6)
  expect(vote.weights[1]!).toBeGreaterThan(0.9)
  const stack = fitStack(said, good.codes)
  for (const pool of [vote, stack]) {
    const joined = pooled(pool, said)
    expect(logLoss(joined, good.codes)).toBeLessThan(logLoss(good.told, good.codes) + 1e-3)
    for (let row = 0; row < 50; row++)
      expect(joined.data.subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
  }
  expect(() => pooled(vote, said.slice(1))).toThrow(code('members_differ'))
  expect(() => pooled(vote, [])).toThrow(code('members_differ'))
  expect(() => fitVote([noise, drawn(5, 1, 4).told], good.codes)).toThrow(code('members_differ'))
})

test('the lowest point of a narrow valley is found', () => {
  const found = minimize(
    (at, gradient) => {
      const [x, y] = at as unknown as [number, number]
      gradient[0] = 2 * (x - 3) + 200 * (x - y)
      gradient[1] = -200 * (x - y) + 2 * (y - 5)
      return (x - 3) ** 2 + 100 * (x - y) ** 2 + (y - 5) ** 2
    },
    Float64Array.of(-40, 70),
  )
  expect(found[0]).toBeCloseTo(3 + 200 / 201, 3)
  expect(found[1]).toBeCloseTo(5 - 200 / 201, 3)
})

test('entropy is that of the shares; members that say the same do not disagree', () => {
  const even = matrixOf([[0.5, 0.5]])
  const [left, right] = [matrixOf([[1, 0]]), matrixOf([[0, 1]])]
  expect(entropies(even)[0]).toBeCloseTo(Math.LN2, 6)
  expect(entropies(left)[0]).toBe(0)
  expect(disagreements([even, even])[0]).toBeCloseTo(0, 6)
  expect(disagreements([left, right])[0]).toBeCloseTo(Math.LN2, 6)
  expect(() => disagreements([])).toThrow(code('members_differ'))
})

test('a tail says how rare scores are, also where only some are kept', () => {
  const random = randomOf(8)
  const scores = Float64Array.from({ length: 20_000 }, () => random.normal())
  const tail = Tail.of(scores)
  expect(tail.scores.length).toBeLessThan(5_000)
  const share = (at: number) => scores.filter(each => each >= at).length / scores.length
  for (const at of [-1, 0, 1, 2, 3]) expect(Math.abs(tail.p(at) - share(at))).toBeLessThan(5e-4)
  expect(tail.p(100)).toBe(1 / 20_001)
  expect(tail.p(-100)).toBe(1)
  // Conservative: never rarer than it is among all, nor than among the others.
  for (let at = -3; at < 4; at += 0.01) expect(tail.p(at)).toBeGreaterThanOrEqual(share(at))
  const told = scores.filter(each => tail.ownP(each) <= 0.01).length / scores.length
  expect(told).toBeGreaterThan(0.0095)
  expect(told).toBeLessThanOrEqual(0.01)
  expect(() => Tail.of([])).toThrow(code('rows_too_few'))
  expect(() => new Tail(Float64Array.of(2, 1), Float64Array.of(2, 1), 2)).toThrow(code('tail_wrong'))
})

test('scaling takes units away, keeps what is missing in the middle and far values near', () => {
  const x = matrixOf([
    [1, 5, Number.NaN],
    [2, 5, 1e6],
    [3, 5, 2e6],
    [1e9, 5, Number.NaN],
  ])
  const units = matrixOf([
    [1e3, 5, Number.NaN],
    [2e3, 5, 1],
    [3e3, 5, 2],
    [1e12, 5, Number.NaN],
  ])
  const [a, b] = [x, units].map(each => scaled(learnScaling(each), each))
  for (const [i, value] of a!.data.entries()) expect(value).toBeCloseTo(b!.data[i]!, 4)
  expect(a!.data.every(value => Math.abs(value) <= 8)).toBe(true)
  expect([a!.data[1], a!.data[2]]).toEqual([0, 0])
})

test('folds are contiguous in a class, or in each stretch of one', () => {
  const codes = Int32Array.of(0, 0, 0, 1, 1, 1, 0, 0, 0)
  expect(Array.from(foldsOf(codes, 2, 3, false))).toEqual([0, 0, 1, 0, 1, 2, 1, 2, 2])
  expect(Array.from(foldsOf(codes, 2, 3, true))).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
  const short = Int32Array.of(0, 1, 0, 1, 0, 1, 1, 1, 1)
  expect(Array.from(foldsOf(short, 2, 3, true))).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 2])
  expect(stretchesOf(codes)).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ])
})

test('figures are those of the books', () => {
  const codes = Int32Array.of(0, 0, 1, 1)
  expect(macroF1(Int32Array.of(0, 1, 1, 1), codes, 3)).toBeCloseTo((2 / 3 + 4 / 5) / 2, 10)
  expect(
    logLoss(
      matrixOf([
        [0.5, 0.5],
        [0.5, 0.5],
        [0.5, 0.5],
        [0.5, 0.5],
      ]),
      codes,
    ),
  ).toBeCloseTo(Math.LN2, 6)
  const curve = coverageCurve([0.1, 0.9, 0.2, 0.3], [true, false, true, true], [1, 0.75])
  expect(curve).toEqual([
    { coverage: 1, accuracy: 0.75 },
    { coverage: 0.75, accuracy: 1 },
  ])
  expect(areaOfRisk([0.1, 0.9], [true, false])).toBe(0.25)
})
