import { expect, test } from 'vitest'
import { batadalScore, NAB_PROFILES, nabNormalized, nabRawScore, Pooled } from './quality-scores.ts'

const [standard, , lowMisses] = NAB_PROFILES as [
  (typeof NAB_PROFILES)[number],
  (typeof NAB_PROFILES)[number],
  (typeof NAB_PROFILES)[number],
]

test('F1 and its two error rates, by hand', () => {
  const pooled = new Pooled()
  for (const [alarm, label] of [
    [true, 1],
    [true, 1],
    [false, 1],
    [true, 0],
    [false, 0],
    [false, 0],
    [false, 0],
  ] as const)
    pooled.add(alarm, label)
  expect([pooled.f1, pooled.falseAlarmRate, pooled.missedRate]).toEqual([4 / 6, 0.25, expect.closeTo(1 / 3, 12)])
})

test("BATADAL's S: at once and only then is 1, never is a quarter, half late is less by a quarter of half", () => {
  const labels = Uint8Array.from([0, 0, 1, 1, 1, 1, 0, 0])
  const right = Array.from(labels, label => label === 1)
  expect(batadalScore(right, labels)).toBe(1)
  expect(
    batadalScore(
      right.map(() => false),
      labels,
    ),
  ).toBe(0.25)
  const late = right.map((alarm, row) => alarm && row >= 4)
  expect(batadalScore(late, labels)).toBe((0.5 + (0.5 + 1) / 2) / 2)
})

test("NAB: silence is 0, the first row of each window is 100, and a detection's worth falls through a window", () => {
  const windows = [
    [100, 199],
    [400, 499],
  ] as const
  const score = (detections: number[], profile = standard) =>
    nabNormalized(nabRawScore(detections, windows, 50, profile), 2, profile)
  expect(score([])).toBe(0)
  expect(score([100, 400])).toBeCloseTo(100, 9)
  expect(score([100, 110, 150, 400])).toBe(score([100, 400]))
  expect(score([150, 400])).toBeLessThan(score([120, 400]))
  expect(score([199])).toBeCloseTo(25 + (25 * (2 / (1 + Math.exp(-0.05)) - 1)) / (2 / (1 + Math.exp(-5)) - 1), 9)
  // A false alarm before any window costs its whole weight; behind one it costs less, the nearer the less; in the probation nothing.
  expect(score([60, 100, 400])).toBeCloseTo(100 - (0.11 * 100) / 4, 9)
  expect(score([10, 100, 400])).toBe(score([100, 400]))
  expect(score([100, 210, 400])).toBeGreaterThan(score([100, 350, 400]))
  expect(score([100], lowMisses)).toBeCloseTo(50, 9)
})
