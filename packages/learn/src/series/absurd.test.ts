import { expect, test } from 'vitest'
import { matrixOf, rowsOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { ewmaScore, SeriesDetector } from './index.ts'
import { noise, plant } from './testing/made.ts'

const ABSURD = [1e300, -1e300, 3.3e38, 1e39, Number.POSITIVE_INFINITY]

test.each([1, 4])('a reading that no sensor can give counts as missing, and blinds nothing (%i sensors)', sensors => {
  const train = plant(600, sensors, 1)
  const usual = Array.from(train.data.subarray(0, sensors))
  for (const value of ABSURD) {
    const stream = SeriesDetector.fit(train).stream()
    const missing = SeriesDetector.fit(train).stream()
    for (let row = 0; row < 100; row++) {
      const values = Array.from(train.data.subarray(row * sensors, (row + 1) * sensors))
      stream.warm(values)
      missing.warm(values)
    }
    expect(stream.push(usual.with(0, value))).toEqual(missing.push(usual.with(0, Number.NaN)))
    let last = stream.push(usual)
    for (let row = 0; row < 40; row++) last = stream.push(usual.map(each => each + 1_000))
    expect(Number.isFinite(last.score)).toBe(true)
    expect(sensors === 1 || last.alarm).toBe(true)
  }
})

test('a weighted mean goes on after a reading that no sensor can give', () => {
  const stream = ewmaScore([0, 1], 0.1)
    .fit([noise(500, 2, randomOf(1))])
    .stream()
  for (const value of ABSURD) expect(stream.push([value, 0])).toBeLessThan(1)
})

test('one spike does not make a single sensor blind for what comes after it', () => {
  const random = randomOf(3)
  const rows = matrixOf(Array.from({ length: 600 }, () => [random.normal()]))
  const stream = SeriesDetector.fit(rows).stream()
  for (let row = 0; row < 600; row++) stream.warm(rows.data.subarray(row, row + 1))
  const alarms = (count: number, value: () => number) =>
    Array.from({ length: count }, () => stream.push([value()])).filter(({ alarm }) => alarm).length
  expect(alarms(1, () => 1e6)).toBe(1)
  expect(alarms(500, () => random.normal())).toBeLessThan(4)
  expect(alarms(1, () => 500)).toBe(1)
  expect(alarms(500, () => random.normal())).toBeLessThan(4)
  // A level that stays is told, once, and becomes the norm.
  expect(alarms(40, () => 2_000 + random.normal())).toBe(1)
  expect(alarms(300, () => 2_000 + random.normal())).toBeLessThan(4)
})

test('training rows of a single sensor may hold a spike: all of them are its norm', () => {
  const random = randomOf(4)
  const rows = matrixOf(Array.from({ length: 400 }, (_, row) => [row === 200 ? 300 : random.normal()]))
  const stream = SeriesDetector.fit(rowsOf(rows, 0, 400)).stream()
  expect(stream.push([300]).score).toBeLessThan(1)
})
