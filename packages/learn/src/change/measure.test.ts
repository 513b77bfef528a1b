import { expect, test } from 'vitest'
import { agreementOf, coveringOf } from './measure.ts'
import { NAB_PROFILES, nabScoreOf, nabSumsOf, windowsBehind } from './measure-nab.ts'

test('F1 counts a change within the margin once, and row 0 for everybody', () => {
  expect(agreementOf([], [[]]).f1).toBe(1)
  expect(agreementOf([55], [[50]])).toMatchObject({ precision: 1, recall: 1 })
  expect(agreementOf([56], [[50]])).toMatchObject({ precision: 1 / 2, recall: 1 / 2 })
  // Two found for one true one: only one is right.
  expect(agreementOf([48, 51], [[50]])).toMatchObject({ precision: 2 / 3, recall: 1 })
  // One found for two true ones of one person: precise, but one is missed.
  expect(agreementOf([50], [[49, 52]])).toMatchObject({ precision: 1, recall: 2 / 3 })
  // A change that is found takes the nearest: 52 goes to 53, and 47 to 48.
  expect(agreementOf([47, 52], [[48, 53]]).f1).toBe(1)
})

test('F1 joins several people: precision over all their changes, recall in the mean', () => {
  const { precision, recall, f1 } = agreementOf([20, 80], [[20], [80, 120], []])
  expect(precision).toBe(1)
  expect(recall).toBeCloseTo((1 + 2 / 3 + 1) / 3, 12)
  expect(f1).toBeCloseTo((2 * recall) / (1 + recall), 12)
})

test('covering weighs the best overlap of each true piece by its length', () => {
  expect(coveringOf([], [[]], 100)).toBe(1)
  expect(coveringOf([50], [[50]], 100)).toBe(1)
  expect(coveringOf([], [[50]], 100)).toBeCloseTo(0.5, 12)
  // [0, 40) has 40 of 50 rows in common with [0, 50), and [40, 100) 50 of 60 with it.
  expect(coveringOf([50], [[40]], 100)).toBeCloseTo(0.4 * (40 / 50) + 0.6 * (50 / 60), 12)
  expect(coveringOf([50], [[40], [50]], 100)).toBeCloseTo((0.82 + 1) / 2, 12)
  expect(coveringOf([10, 20, 30], [[]], 100)).toBeCloseTo(0.7, 12)
})

test('NAB gives all at the left edge of a window, the price of a false alarm at the right one and outside', () => {
  const windows = windowsBehind([100], 60)
  const score = (...times: number[]) => nabSumsOf(times, windows, NAB_PROFILES.standard).score
  expect(windows).toEqual([{ from: 100, to: 160 }])
  expect(score(100)).toBeCloseTo(1, 12)
  expect(score(160)).toBeCloseTo(-0.11, 12)
  expect(score(130)).toBeCloseTo((1 - 0.11) / 2, 12)
  expect(score(99)).toBeCloseTo(-0.11 - 1, 12)
  expect(score(161)).toBeCloseTo(-0.11 - 1, 12)
  // Only the first in a window counts, and later ones there cost nothing.
  expect(score(130, 140, 150)).toBe(score(130))
  expect(score(150, 130)).toBe(score(130))
  expect(nabSumsOf([], windows, NAB_PROFILES.lowFalseNegatives).score).toBe(-2)
})

test('NAB cuts a later window on its left where it overlaps, and the shared edge is the earlier one', () => {
  const windows = windowsBehind([630, 573], 60)
  expect(windows).toEqual([
    { from: 573, to: 633 },
    { from: 633, to: 690 },
  ])
  const { standard } = NAB_PROFILES
  expect(nabSumsOf([632], windows, standard).score).toBeLessThan(-1)
  expect(nabSumsOf([573, 633.001], windows, standard).score).toBeCloseTo(2, 3)
  expect(nabSumsOf([633], windows, standard).score).toBeCloseTo(-0.11 - 1, 12)
})

test('NAB is 0 for silence, 100 for perfection, and pools files before it divides', () => {
  const windows = windowsBehind([100], 60)
  const { standard, lowFalsePositives } = NAB_PROFILES
  const file = (times: number[], profile: (typeof NAB_PROFILES)[keyof typeof NAB_PROFILES]) =>
    nabSumsOf(times, windows, profile)
  expect(nabScoreOf([file([], standard), file([], standard)])).toBe(0)
  expect(nabScoreOf([file([100], standard)])).toBe(100)
  expect(nabScoreOf([file([100], standard), file([], standard)])).toBe(50)
  expect(nabScoreOf([file([100, 300, 400], lowFalsePositives)])).toBeCloseTo(100 * (2 - 0.44) * 0.5, 12)
})
