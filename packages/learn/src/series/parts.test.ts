import { expect, test } from 'vitest'
import { matrixOf, rowsOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { chiSquaredAbove, medianOf, quantileOf } from '../linear/index.ts'
import {
  Alarm,
  calibrationOf,
  ewmaScore,
  fitTail,
  heldOutScores,
  hotellingLimit,
  pcaQ,
  pcaT2,
  type Recipe,
  resample,
  residualLimit,
  robustDistance,
  rowDistance,
  scoreRows,
  seasonalScore,
  smoothed,
  tailAbove,
  tailQuantile,
  thresholdAt,
  windowFeatures,
} from './index.ts'
import { noise, plant } from './testing/made.ts'

const code = (name: string) => expect.objectContaining({ code: name })

test('features of a window are as by hand, and only of whole windows', () => {
  const stream = windowFeatures([1], 4, ['mean', 'deviation', 'slope', 'range', 'minimum', 'maximum']).stream()
  const made = [5, 1, 2, 3, 8].map(value => {
    const features = stream.push([99, value])
    return features === null ? null : Array.from(features)
  })
  expect(made.slice(0, 3)).toEqual([null, null, null])
  expect(made[4]).toEqual([3.5, expect.closeTo(3.1091, 4), expect.closeTo(2.2, 12), 7, 1, 8])
})

test('contributions add up to the score, also with a cap and smoothed', () => {
  const rows = plant(400, 5, 3)
  for (const recipe of [
    rowDistance([0, 1, 3], 1, 0.03, 2),
    smoothed(rowDistance([0, 1, 2, 3, 4], 1, 0.03), 7),
    pcaT2([0, 2, 4]),
  ]) {
    const stream = recipe.fit([rows]).stream()
    for (let row = 0; row < 50; row++) {
      const score = stream.push(rows.data.subarray(row * 5, row * 5 + 5))
      const sum = stream.contributions().reduce((total, share) => total + share, 0)
      if (row >= recipe.warmUp) expect(sum).toBeCloseTo(score, 9)
    }
  }
})

test('T2 and Q of independent normal rows exceed their limits as often as stated', () => {
  const rows = noise(20_000, 6, randomOf(4))
  const train = rowsOf(rows, 0, 10_000)
  const rest = rowsOf(rows, 10_000, 20_000)
  const above = (scores: Float64Array, limit: number) => scores.filter(score => score > limit).length / scores.length
  const t2 = pcaT2([0, 1, 2, 3, 4, 5], 1).fit([train])
  expect(above(scoreRows(t2, rest), hotellingLimit(6, 10_000, 0.01))).toBeCloseTo(0.01, 2)
  const q = pcaQ([0, 1, 2, 3, 4, 5], 0.5).fit([train])
  expect(above(scoreRows(q, rest), residualLimit([1, 1, 1], 0.01))).toBeCloseTo(0.01, 2)
  expect(residualLimit([1, 1, 1], 0.01)).toBeCloseTo(chiSquaredAbove(3, 0.01), 0)
})

test.each([1, 2, 3, 4])('a tail fitted to 1,000 scores reaches one in 10,000 (seed %i)', seed => {
  const random = randomOf(seed)
  const draw = () => -Math.log(1 - random.next())
  const tail = fitTail(Float64Array.from({ length: 1_000 }, draw))
  const truth = Math.log(10_000)
  expect(Math.abs(tailQuantile(tail, 1e-4) / truth - 1)).toBeLessThan(0.45)
  expect(tailAbove(tail, tailQuantile(tail, 1e-3))).toBeCloseTo(1e-3, 9)
})

test('thresholds: as counted where there are scores enough, by the tail beyond, never below the highest', () => {
  const random = randomOf(1)
  const scores = Float64Array.from({ length: 500 }, () => random.normal() ** 2)
  expect(thresholdAt(scores, 0.05)).toBe(quantileOf(scores, 0.95))
  expect(thresholdAt(scores, 1e-4)).toBeGreaterThanOrEqual(Math.max(...scores))
  expect(thresholdAt(new Float64Array(50).fill(3), 1e-4)).toBe(3)
  expect(() => calibrationOf([1, 2, Number.NaN])).toThrow(code('rows_too_few'))
  expect(() => calibrationOf(scores).threshold(1)).toThrow(code('rate_invalid'))
})

test('conformal p-values fall with the score, and are no smaller than what was seen allows within it', () => {
  const calibration = calibrationOf(Float64Array.from({ length: 99 }, (_, i) => i))
  expect(calibration.p(-1)).toBe(1)
  expect(calibration.p(98)).toBe(0.02)
  expect(calibration.p(1_000)).toBeLessThan(0.01)
})

test('an alarm has two levels and takes its time', () => {
  const alarm = new Alarm({ on: 1, off: 0.5, beginAfter: 2, endAfter: 3 })
  const levels = [2, 0, 2, 2, 0.7, 0.4, Number.NaN, 0.4, 0.9, 0.1, 0.1, 0.1, 2]
  expect(levels.map(level => (alarm.next(level) ? 1 : 0)).join('')).toBe('0001111111100')
  expect(() => new Alarm({ on: 1, off: 2, beginAfter: 1, endAfter: 1 })).toThrow(code('alarm_invalid'))
})

test('uneven clocks become even rows: last values with their age, and gaps told', () => {
  const readings = [
    { at: 0, sensor: 0, value: 1 },
    { at: 90, sensor: 1, value: 5 },
    { at: 250, sensor: 0, value: 2 },
    { at: 1_000, sensor: 1, value: 6 },
    { at: 1_050, sensor: 0, value: 3 },
  ]
  const { rows, ages, gaps, times } = resample(readings, { sensors: 2, period: 100, oldest: 300 })
  expect([rows.rows, times[10]]).toEqual([11, 1_000])
  expect(Array.from(rows.data.subarray(0, 8))).toEqual([1, Number.NaN, 1, 5, 1, 5, 2, 5])
  expect([ages[2 * 2], ages[3 * 2]]).toEqual([200, 50])
  expect(gaps).toEqual([
    { sensor: 0, from: 6, to: 11 },
    { sensor: 1, from: 0, to: 1 },
    { sensor: 1, from: 4, to: 10 },
  ])
  const options = { sensors: 2, period: 100, oldest: 300 }
  expect(() => resample([], options)).toThrow(code('readings_empty'))
  expect(() => resample([...readings].reverse(), options)).toThrow(code('readings_unordered'))
  expect(() => resample([{ at: 0, sensor: 2, value: 1 }], options)).toThrow(code('reading_invalid'))
  expect(() =>
    resample(
      [
        { at: 0, sensor: 0, value: 1 },
        { at: 1e15, sensor: 0, value: 1 },
      ],
      options,
    ),
  ).toThrow(code('series_long'))
})

test('EWMA finds a small shift that single rows hide, and names the sensor', () => {
  const train = noise(2_000, 3, randomOf(1))
  const rows = noise(600, 3, randomOf(2))
  for (let row = 300; row < 600; row++) rows.data[row * 3 + 1]! += 1
  const rate = (weight: number) => {
    const recipe = ewmaScore([0, 1, 2], weight)
    const limit = calibrationOf(heldOutScores(recipe, train, 4)).threshold(0.01)
    const scores = scoreRows(recipe.fit([train]), rows)
    const share = (from: number, to: number) =>
      scores.subarray(from, to).filter(score => score > limit).length / (to - from)
    return [share(0, 300), share(330, 600)] as const
  }
  expect(rate(0.1)[1]).toBeGreaterThan(0.8)
  expect(rate(1)[1]).toBeLessThan(0.2)
  expect(rate(0.1)[0]).toBeLessThan(0.05)
  const stream = ewmaScore([0, 1, 2], 0.1).fit([train]).stream()
  for (let row = 0; row < 600; row++) stream.push(rows.data.subarray(row * 3, row * 3 + 3))
  expect(stream.contributions().indexOf(Math.max(...stream.contributions()))).toBe(1)
  expect(() => ewmaScore([0], 0)).toThrow(code('weight_wrong'))
})

test('a value that is usual at another hour is found by its season, also where rows held out begin within one', () => {
  const random = randomOf(3)
  const wave = (row: number) => 10 * Math.sin((row / 24) * 2 * Math.PI) + 0.5 * random.normal()
  const train = matrixOf(Array.from({ length: 24 * 40 + 7 }, (_, row) => [wave(row)]))
  const recipe = seasonalScore([0], 24)
  const limit = calibrationOf(heldOutScores(recipe, train, 4)).threshold(0.01)
  expect(limit).toBeLessThan(4)
  const scorer = recipe.fit([train])
  const at = (hour: number, value: number) => scorer.stream(hour).push([value])
  expect([at(6, 10) > limit, at(6 + 240, 10) > limit, at(18, 10) > limit]).toEqual([false, false, true])
  expect(() => seasonalScore([0], 1)).toThrow(code('period_invalid'))
  expect(() => seasonalScore([0], 900).fit([train])).toThrow(code('rows_too_few'))
})

test('training rows that are wrong do not hide themselves from a robust distance', () => {
  const rows = plant(400, 3, 6, (row, values) => {
    if (row % 4 === 0) {
      values[0]! += 15
      values[2]! += 15
    }
  })
  const found = (recipe: Recipe) => {
    const scores = scoreRows(recipe.fit([rows]), rows)
    const usual = medianOf(scores.filter((_, row) => row % 4 !== 0))
    return medianOf(scores.filter((_, row) => row % 4 === 0)) / usual
  }
  expect(found(robustDistance([0, 1, 2], 1))).toBeGreaterThan(50)
  expect(found(rowDistance([0, 1, 2], 0, 1e-6))).toBeLessThan(10)
})
