import { expect, test } from 'vitest'
import { alarmsIn } from './learn-alarms.ts'
import { linePath, scoreScale, ticks, valueScale, xTicks } from './learn-axes.ts'
import { TrainingBar } from './learn-progress.ts'
import { drawing } from './learn-svg.ts'

test('marks are round numbers within the range', () => {
  expect(ticks(0, 10, 3)).toEqual([0, 5, 10])
  expect(ticks(-1.3, 1.3, 3)).toEqual([-1, 0, 1])
  expect(ticks(5, 5, 3)).toEqual([5])
  const days = Float64Array.from({ length: 11 }, (_, i) => Date.UTC(2024, 0, 1 + i))
  expect(xTicks(days, 11)[1]).toEqual({ row: 2, text: '01-03 00:00' })
  const seconds = Float64Array.from({ length: 1_001 }, (_, i) => Date.UTC(2024, 0, 1, 8) + 1_000 * i)
  expect(xTicks(seconds, 1_001)[1]).toEqual({ row: 200, text: '08:03:20' })
  expect(xTicks(null, 101).map(({ text }) => text)).toEqual(['0', '20', '40', '60', '80', '100'])
})

test('a line goes through the least and the greatest of each pixel, and breaks where values are missing', () => {
  const values = Float64Array.from({ length: 1_000 }, (_, row) => (row === 501 ? 9 : row % 2))
  const path = linePath(
    values,
    row => row,
    value => value,
    100,
  )
  expect(path.match(/[ML]/g)).toHaveLength(200)
  expect(path).toContain('501 9')
  expect(
    linePath(
      Float64Array.of(1, Number.NaN, 2),
      row => row,
      value => value,
      10,
    ),
  ).toBe('M0 1M2 2')
  const { place } = valueScale(Float64Array.of(3, 3), 0, 60)
  expect(Number.isFinite(place(3))).toBe(true)
  expect(scoreScale(Float64Array.of(Number.NaN, 12), 0, 100).marks).toEqual([0, 1, 3, 10])
})

const row = (alarm: boolean, sensor: number, score = alarm ? 2 : 0.5) => ({ alarm, sensor, score, change: false })

test('an alarm is blamed on the sensor of most of its rows', () => {
  const rows = [row(false, -1), row(true, 1), row(true, 0, 3), row(true, 0), row(false, -1), row(true, -1)]
  expect(alarmsIn(rows)).toEqual([
    { from: 1, to: 3, highest: 3, sensor: 0 },
    { from: 5, to: 5, highest: 2, sensor: -1 },
  ])
})

test('names of a file do not become markup', () => {
  const matrix = { rows: 2, columns: 1, data: Float32Array.of(1, 2) }
  const chosen = { names: ['<script>&"'], matrix, left: [], unnamed: null }
  const svg = drawing({
    title: '</title><script>',
    trainRows: 1,
    times: null,
    chosen,
    rows: [row(false, -1), row(true, 0)],
  })
  expect(svg).not.toContain('<script>')
  expect(svg).toContain('&#60;script&#62;&#38;&#34;')
})

test('the bar is drawn on terminals after two seconds, with loss and time left', () => {
  let now = 0
  const written: string[] = []
  const bar = (isTTY: boolean) => new TrainingBar('learning', { isTTY, write: text => written.push(text) }, () => now)
  const [shown, hidden] = [bar(true), bar(false)]
  shown.update(0.1)
  now = 2_500
  hidden.update(0.25)
  expect(written).toEqual([])
  shown.update(0.25, 'boosted trees', 0.12345)
  shown.update(0.26)
  expect(written).toEqual(['\r\x1b[Klearning [######------------------] 25 % boosted trees, loss 0.1235, 8 s left'])
  shown.end()
  expect(written.at(-1)).toBe('\r\x1b[K')
})
