import { expect, test } from 'vitest'
import { rowOf, rowsOf } from '../base/matrix.ts'
import { SeriesDetector } from './index.ts'
import { plant } from './testing/made.ts'

const LOST = 1_500

function alarmsOf(seed: number, change: (row: number, values: number[]) => void, training = change) {
  const rows = plant(LOST + 1_000, 4, seed, (row, values) => (row < LOST ? training : change)(row, values))
  const detector = SeriesDetector.fit(rowsOf(rows, 0, LOST))
  const stream = detector.stream()
  for (let row = 0; row < LOST; row++) stream.warm(rowOf(rows, row))
  return Array.from({ length: 1_000 }, (_, row) => stream.push(rowOf(rows, LOST + row)))
}

test.each([0, 1, 2, 3])(
  'a sensor that falls silent is no alarm by itself, and hides nothing of the others (%i)',
  gone => {
    const moved = (gone + 1) % 4
    const judged = alarmsOf(8, (row, values) => {
      if (row >= LOST) values[gone] = Number.NaN
      if (row >= LOST + 900) values[moved]! += 8
    })
    expect(judged.slice(0, 900).filter(({ alarm }) => alarm).length).toBeLessThan(60)
    expect(judged.every(({ score }) => Number.isFinite(score))).toBe(true)
    const late = judged.slice(940)
    expect(late.every(({ alarm }) => alarm)).toBe(true)
    expect(late.every(({ sensor }) => sensor !== gone)).toBe(true)
  },
)

test('with all sensors silent there is nothing to alarm for', () => {
  const judged = alarmsOf(8, (row, values) => {
    if (row >= LOST) values.fill(Number.NaN)
  })
  expect(judged.slice(40).some(({ alarm, score }) => alarm || score !== 0)).toBe(false)
})

test.each([
  ['all sensors', [0, 1, 2, 3]],
  ['three of four', [0, 2, 3]],
])('%s fall silent in an alarm: it stays without a score, and ends when what is heard again is well', (_, silent) => {
  const judged = alarmsOf(8, (row, values) => {
    if (row >= LOST + 600 && row < LOST + 800) values[1]! += 8
    if (row >= LOST + 650 && row < LOST + 800) for (const sensor of silent) values[sensor] = Number.NaN
  })
  expect(judged.slice(640, 650).every(({ alarm, score }) => alarm && score > 1)).toBe(true)
  expect(judged.slice(650, 800).every(({ alarm }) => alarm)).toBe(true)
  expect(judged.slice(700, 800).every(({ score, sensor }) => score === 0 && sensor === -1)).toBe(true)
  const back = judged.slice(800)
  expect(back.slice(0, 5).some(({ score }) => score > 0)).toBe(true)
  expect(back.slice(60).filter(({ alarm }) => alarm).length).toBeLessThan(10)
})

test('a sensor that comes every third row is judged between, as it was in training', () => {
  const judged = alarmsOf(5, (row, values) => {
    if (row >= LOST + 500) values[2]! += 10
    if (row % 3 !== 0) values[2] = Number.NaN
  })
  expect(judged.slice(0, 500).filter(({ alarm }) => alarm).length).toBeLessThan(40)
  expect(judged.slice(540).every(({ alarm, sensor }) => alarm && sensor === 2)).toBe(true)
})
