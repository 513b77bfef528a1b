import { beforeAll, expect, test } from 'vitest'
import { matrixOf, randomOf } from '../index.ts'
import { SMALL } from './ensemble.testkit.ts'
import { AttackDetector, type FittedEnsemble, fitEnsemble } from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })

/** Two sensors that move together, and one of its own; a known attack lifts the third. */
function traffic(rows: number, seed: number) {
  const random = randomOf(seed)
  const codes = Int32Array.from({ length: rows }, (_, row) => Number(row % 5 === 4))
  const x = matrixOf(
    Array.from(codes, code => {
      const shared = 3 * random.normal()
      return [shared, shared + 0.2 * random.normal(), random.normal() + 6 * code]
    }),
  )
  return { x, codes }
}

const train = traffic(1_200, 1)
let fitted: FittedEnsemble
let detector: AttackDetector

beforeAll(async () => {
  fitted = await fitEnsemble(train.x, train.codes, 2, SMALL)
  detector = AttackDetector.learn(fitted, train.x, train.codes, 0)
})

const share = (list: readonly boolean[]) => list.filter(each => each).length / list.length

test('known attacks, far rows and values that never stood together are told; few normal rows are', () => {
  const { x, codes } = traffic(1_500, 2)
  const alarms = detector.alarms(x, 0.02)
  expect(share(alarms.filter((_, row) => codes[row] === 0))).toBeLessThan(0.045)
  expect(share(alarms.filter((_, row) => codes[row] === 1))).toBeGreaterThan(0.9)
  // Each value is usual by itself.
  const apart = matrixOf(Array.from({ length: 60 }, (_, i) => [i % 2 === 0 ? 4 : -4, i % 2 === 0 ? -4 : 4, 0]))
  expect(share(detector.alarms(apart, 0.02))).toBe(1)
  const far = matrixOf(Array.from({ length: 20 }, () => [40, -40, 0]))
  expect(share(detector.alarms(far, 0.02))).toBe(1)
})

test('no more normal rows than said have a small p-value, but for chance', () => {
  const { x, codes } = traffic(2_000, 3)
  const p = Array.from(detector.pValues(x)).filter((_, row) => codes[row] === 0)
  for (const at of [0.01, 0.05, 0.1]) {
    expect(share(p.map(each => each <= at))).toBeLessThan(1.5 * at + 0.01)
    expect(share(p.map(each => each <= at))).toBeGreaterThan(at / 5)
  }
})

test('what cannot be learned from is refused', () => {
  expect(() => AttackDetector.learn(fitted, train.x, train.codes, 2)).toThrow(code('label_bad'))
  expect(() =>
    AttackDetector.learn(
      fitted,
      train.x,
      train.codes.map(() => 1),
      0,
    ),
  ).toThrow(code('rows_too_few'))
  for (const rate of [0, 1, Number.NaN]) expect(() => detector.alarms(train.x, rate)).toThrow(code('option_bad'))
})
