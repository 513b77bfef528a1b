import { expect, test } from 'vitest'
import { type Matrix, rowOf } from '../base/matrix.ts'
import { learnChannels } from '../series/channels.ts'
import { rowDistance } from '../series/index.ts'
import { plant } from '../series/testing/made.ts'
import { countRemovals, filterRows, Sanitizer } from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const TRAIN = plant(1_000, 3, 21)
const CLEAN = Sanitizer.learn(TRAIN)

/** What is told of a plant in which something is wrong from row 100 on. */
function told(shift: (row: number, values: number[]) => void, sanitizer = CLEAN) {
  return sanitizer
    .clean(plant(200, 3, 22, shift))
    .removals.map(({ code, from, to, column }) => [code, from, to, column])
}

test('nothing is taken out of clean rows', () => {
  const { rows, removals, kept } = CLEAN.clean(TRAIN)
  expect([removals, kept.length]).toEqual([[], 1_000])
  expect(rows.data).toEqual(TRAIN.data)
})

test('a spike is taken out by itself, and its row stays', () => {
  const spiked = plant(200, 3, 22, (row, values) => {
    if (row === 120) values[1] = 63
  })
  const { rows, removals, kept } = CLEAN.clean(spiked)
  expect(removals).toEqual([expect.objectContaining({ code: 'robust', from: 120, to: 121, column: 1, value: 63 })])
  expect(removals[0]!.why).toMatch(/^63 is [\d.]+ spreads of [\d.]+ from [\d.]+$/)
  expect([Number.isNaN(rows.data[120 * 3 + 1]), Number.isNaN(rows.data[120 * 3]), kept.length]).toEqual([
    true,
    false,
    200,
  ])
})

test('median limits hold where outliers widen those by mean and deviation', () => {
  const spoiled = plant(300, 1, 5, (row, values) => {
    if (row % 8 === 0) values[0] = 60
  })
  const found = (method: 'z_score' | 'robust') =>
    Sanitizer.learn(spoiled, undefined, { method, limit: 6 }).clean(spoiled).removals.length
  expect([found('z_score'), found('robust')]).toEqual([0, 38])
  const single = plant(300, 1, 5, (row, values) => {
    if (row === 8) values[0] = 60
  })
  expect(Sanitizer.learn(single, undefined, { method: 'z_score', limit: 6 }).clean(single).removals).toEqual([
    expect.objectContaining({ code: 'z_score', from: 8, to: 9 }),
  ])
})

test('missing values are told as runs, infinite ones as absurd', () => {
  expect(
    told((row, values) => {
      if (row >= 100 && row < 105) values[2] = Number.NaN
      if (row === 150) values[0] = Number.POSITIVE_INFINITY
    }),
  ).toEqual([
    ['missing', 100, 105, 2],
    ['absurd', 150, 151, 0],
  ])
})

test('a stuck sensor is told after its usual runs; one of few steps is not stuck', () => {
  expect(
    told((row, values) => {
      if (row >= 100 && row < 140) values[1] = 20.5
    }),
  ).toEqual([['stuck', 109, 140, 1]])
  const steps = plant(1_000, 1, 3, (row, values) => {
    values[0] = Math.floor(row / 17) % 2
  })
  expect(Sanitizer.learn(steps).clean(steps).removals).toEqual([])
})

test.each([
  ['times 10', 2, (value: number) => value * 10],
  ['times 1000', 1, (value: number) => value * 1_000],
  ['a thousandth', 2, (value: number) => value / 1_000],
  ['Fahrenheit for Celsius', 2, (value: number) => (value * 9) / 5 + 32],
  ['Kelvin for Celsius', 0, (value: number) => value + 273.15],
])('a jump to another unit is told by name: %s', (name, column, convert) => {
  const rows = plant(200, 3, 22, (row, values) => {
    if (row >= 100) values[column] = convert(values[column]!)
  })
  const found = CLEAN.clean(rows).removals.filter(({ code }) => code === 'unit_jump')
  expect(found[0]).toMatchObject({ from: 102, column })
  expect(found.every(({ why }) => why.includes(name))).toBe(true)
  expect(found.reduce((sum, { from, to }) => sum + to - from, 0)).toBeGreaterThan(90)
})

test('clocks: back, twice the same, and ahead', () => {
  const times = Array.from({ length: 300 }, (_, row) => row * 1_000)
  const rows = plant(300, 3, 22)
  const sanitizer = Sanitizer.learn(rows, times)
  const wrong = [...times]
  wrong[50] = 20_000
  wrong[60] = 59_000
  for (let row = 200; row < 300; row++) wrong[row]! += 3_600_000
  const { removals, kept } = sanitizer.clean(rows, wrong)
  expect(removals.map(({ code, from, value }) => [code, from, value])).toEqual([
    ['clock_back', 50, -29_000],
    ['clock_repeat', 60, 0],
    ['clock_jump', 200, 3_601_000],
  ])
  expect([kept.includes(50), kept.includes(60), kept.includes(200)]).toEqual([false, false, true])
})

test('a clock that is set back is believed after three rows, and one row ahead of all does not cost the others', () => {
  const rows = plant(300, 3, 22)
  const times = Array.from({ length: 300 }, (_, row) => row * 1_000)
  const sanitizer = Sanitizer.learn(rows, times)
  const back = times.map((time, row) => (row < 150 ? time : time - 3_600_000))
  expect(sanitizer.clean(rows, back).removals.map(({ code, from, to }) => [code, from, to])).toEqual([
    ['clock_back', 150, 152],
  ])
  const ahead = times.with(150, 9_000_000)
  expect(sanitizer.clean(rows, ahead).removals.map(({ code, from, to }) => [code, from, to])).toEqual([
    ['clock_ahead', 150, 151],
  ])
  const twice = ahead.with(151, 9_001_000)
  expect(sanitizer.clean(rows, twice).removals.map(({ code, from, to }) => [code, from, to])).toEqual([
    ['clock_ahead', 150, 152],
  ])
  const first = sanitizer.clean(rows, times.with(0, 9_000_000))
  expect(first.removals.map(({ code, from, to }) => [code, from, to])).toEqual([['clock_ahead', 0, 1]])
  expect(first.kept).toEqual(times.slice(1).map((_, row) => row + 1))
})

test('a clock that would cost half of the rows is left alone', () => {
  const rows = plant(300, 3, 22)
  const twice = Array.from({ length: 300 }, (_, row) => Math.floor(row / 2) * 1_000)
  const { kept, removals, clockUnfit } = Sanitizer.learn(rows, twice).clean(rows, twice)
  expect([kept.length, removals, clockUnfit]).toEqual([300, [], true])
  const once = twice.map((time, row) => (row < 200 ? row * 500 : time))
  expect(Sanitizer.learn(rows, once).clean(rows, once)).toMatchObject({
    kept: { length: 250 },
    clockUnfit: false,
  })
})

test('removals are counted by what and where', () => {
  const spoiled = plant(200, 3, 22, (row, values) => {
    if (row === 120 || row === 121 || row === 150) values[1] = 63
    if (row >= 60 && row < 70) values[2] = Number.NaN
  })
  expect(countRemovals(CLEAN.clean(spoiled).removals)).toEqual([
    { code: 'missing', column: 2, values: 10, runs: 1, first: 60 },
    { code: 'robust', column: 1, values: 3, runs: 2, first: 120 },
  ])
})

test('rows that break the relation of sensors are filtered from a training set, and from live rows', () => {
  const spoil = (row: number, values: number[]) => {
    // Each value is within its own limits.
    if (row % 50 === 7) {
      values[0]! += 4
      values[1]! -= 4
      values[3]! += 4
    }
  }
  const spoiled = plant(1_000, 5, 31, spoil)
  const recipe = rowDistance([0, 1, 2, 3, 4], 0, 0.01)
  const { removals, kept, rows } = filterRows(recipe, spoiled, 3)
  const found = removals.filter(({ from }) => from % 50 === 7).length
  expect(found).toBeGreaterThan(15)
  expect(removals.length - found).toBeLessThan(5)
  expect([rows.rows, kept.length]).toEqual([1_000 - removals.length, 1_000 - removals.length])

  const [channel] = learnChannels([recipe], plant(1_000, 5, 31), 0.001, () => {})
  const live = Sanitizer.learn(plant(1_000, 5, 31)).clean(plant(1_000, 5, 31, spoil), undefined, channel)
  const outliers = live.removals.filter(({ code, from }) => code === 'outlier' && from % 50 === 7)
  expect(outliers.length).toBeGreaterThan(15)
  expect(live.kept.length).toBeLessThan(986)
})

test('batch and stream take out the same', () => {
  const rows = plant(400, 3, 22, (row, values) => {
    if (row > 200) values[1]! *= 10
    if (row % 70 === 0) values[0] = Number.NaN
  })
  const batch = CLEAN.clean(rows)
  const stream = CLEAN.stream()
  const streamed: number[] = []
  for (let row = 0; row < rows.rows; row++) streamed.push(...stream.push(rowOf(rows, row)).values)
  expect(Float32Array.from(streamed)).toEqual(batch.rows.data)
  expect(stream.bytes).toBe(3 * 104 + 3 * 13)
})

test.each([
  ['-999 for 5', 5, -999, true],
  ['-999 for 300', 300, -999, true],
  ['1e9 for 0', 0, 1e9, true],
  ['65535 for 50', 50, 65_535, true],
  ['1000 times as much', 4, 4_000, true],
  ['a valve that opens', 0, 100, false],
  ['a valve that shuts', 100, 0, false],
  ['a setpoint that is raised', 300, 1_500, false],
  ['a flow that turns about', -40, 40, false],
])('of a column that never moved, only what is far from its one value is taken out: %s', (_, only, value, taken) => {
  const train = plant(500, 2, 3, (_row, values) => {
    values[0] = only
  })
  const { removals, rows } = Sanitizer.learn(train).clean(
    plant(100, 2, 4, (_row, values) => {
      values[0] = value
    }),
  )
  const found = removals.filter(({ column }) => column === 0)
  expect(found.map(({ code, from, to }) => [code, from, to])).toEqual(taken ? [['state', 0, 100]] : [])
  expect(Number.isNaN(rows.data[0]!)).toBe(taken)
})

test('a stream takes numbers of double precision as a table holds them', () => {
  const stream = CLEAN.stream()
  expect(stream.push([1e39, 20, -3e38 * 1.1]).removals).toEqual([
    expect.objectContaining({
      code: 'absurd',
      column: 0,
      value: 1e39,
      why: 'it is beyond 3e38, and nothing is so large',
    }),
    expect.objectContaining({ code: 'absurd', column: 2 }),
  ])
  const resting = plant(900, 1, 3, (row, values) => {
    if (row % 300 < 100) values[0] = 0.1
  })
  const rests = Sanitizer.learn(resting).stream()
  const judged = Array.from({ length: 60 }, () => rests.push([0.1]).removals.length)
  expect(judged).toEqual(new Array(60).fill(0))
})

test('bad input is refused with its code', () => {
  const empty: Matrix = { rows: 0, columns: 0, data: new Float32Array(0) }
  expect(() => Sanitizer.learn(empty)).toThrow(code('rows_too_few'))
  expect(() => Sanitizer.learn(plant(29, 3, 21))).toThrow(code('rows_too_few'))
  expect(() => Sanitizer.learn(TRAIN, [1, 2])).toThrow(code('time_invalid'))
  expect(() => Sanitizer.learn(TRAIN, undefined, { limit: 0 })).toThrow(code('limit_invalid'))
  expect(() => Sanitizer.learn({ rows: 30, columns: 1, data: new Float32Array(30).fill(Number.NaN) })).toThrow(
    code('sensor_empty'),
  )
  expect(() => CLEAN.stream().push([1])).toThrow(code('row_width'))
  expect(() => CLEAN.stream().push([1, 2, 3], Number.NaN)).toThrow(code('time_invalid'))
  expect(() =>
    filterRows(rowDistance([0], 0, 0.1), { rows: 2, columns: 1, data: new Float32Array(2).fill(Number.NaN) }),
  ).toThrow(code('value_missing'))
})
