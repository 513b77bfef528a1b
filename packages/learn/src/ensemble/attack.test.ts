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
  detector = await AttackDetector.learn(fitted, train.x, train.codes, 0, SMALL)
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

test('signs that find none of the families that are left out are not joined', async () => {
  // Both kinds of attack are far in the third column alone, and no values stand together that did not before.
  const { x, codes } = traffic(1_200, 4)
  const families = codes.map((each, row) => each * (1 + (row % 2)))
  for (const [row, family] of families.entries()) if (family === 2) x.data[3 * row + 2]! *= -1
  const one = await fitEnsemble(x, codes, 2, SMALL)
  const chosen = await AttackDetector.learn(one, x, codes, 0, { ...SMALL, families })
  expect(chosen.parts.signs).toContain('distance')
  expect(chosen.parts.signs).not.toContain('odds')
  expect(detector.parts.signs).toEqual(['odds', 'distance', 'contrast'])
})

test('a rate of false alarms is kept by few rows, or refused', async () => {
  const few = traffic(60, 5)
  const small = await AttackDetector.learn(await fitEnsemble(few.x, few.codes, 2, SMALL), few.x, few.codes, 0, SMALL)
  expect(small.parts.joint.count).toBe(48)
  expect(() => small.alarms(train.x, 0.02)).toThrow(code('rows_too_few'))
  expect(small.alarms(train.x, 0.03).filter((_, row) => train.codes[row] === 0).length).toBe(960)
  const told = Array.from({ length: 12 }, (_, i) => traffic(60, 20 + i)).flatMap(({ x, codes }) =>
    small.alarms(x, 0.1).filter((_, row) => codes[row] === 0),
  )
  expect(share(told)).toBeLessThan(0.2)
})

test('what cannot be learned from is refused', async () => {
  await expect(AttackDetector.learn(fitted, train.x, train.codes, 2)).rejects.toThrow(code('labels_wrong'))
  const none = train.codes.map(() => 1)
  await expect(AttackDetector.learn(fitted, train.x, none, 0)).rejects.toThrow(code('rows_too_few'))
  const families = none.subarray(1)
  await expect(AttackDetector.learn(fitted, train.x, train.codes, 0, { families })).rejects.toThrow(
    code('labels_length'),
  )
  for (const rate of [0, 1, Number.NaN]) expect(() => detector.alarms(train.x, rate)).toThrow(code('option_wrong'))
})
