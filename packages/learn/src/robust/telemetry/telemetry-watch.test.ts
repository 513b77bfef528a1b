import { expect, test } from 'vitest'
import { rowOf } from '../../index.ts'
import { checkProcess, exposureOf, type ProcessDescription, plainWatch, TelemetryWatch } from './index.ts'
import { normal } from './tank.testkit.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const LEVEL = { column: 0, low: 0, high: 2, resolution: 1e-3, rate: 0.03 }
const PROCESS: ProcessDescription = {
  columns: 4,
  lags: [1, 60],
  sensors: [{ ...LEVEL, flows: [1, 2], redundant: [3], together: [], net: [] }],
}
const TRAIN = normal(1, 10_000)
const watch = await TelemetryWatch.fit(PROCESS, TRAIN)

test('a watch leaves a spoofer less than half of what a plain detector does, on rows that neither learned from', () => {
  const rows = normal(5, 1_500)
  const attack = { approach: 30, hold: 60, starts: 2 }
  const [before] = exposureOf(plainWatch(PROCESS, TRAIN), rows, attack)
  const done: number[] = []
  const [after] = exposureOf(watch, rows, { ...attack, progress: share => done.push(share) })
  expect([before!.errors.length, after!.errors.length, done]).toEqual([4, 4, [0.5, 1]])
  expect(Math.max(...after!.errors)).toBeLessThan(Math.max(...before!.errors) / 2)
  expect(Math.min(...after!.errors)).toBeGreaterThan(0.001)
  expect(exposureOf(watch, rows, attack)[0]).toEqual(after)
})

test('a start at which the watch alarms by itself, or the sensor is silent, is left out and counted', () => {
  const rows = normal(5, 2_500)
  for (let row = 600; row < 700; row++) rows.data[4 * row]! += 0.4
  const [found] = exposureOf(watch, rows, { starts: 2, approach: 300, hold: 60 })
  expect(found).toMatchObject({ column: 0, skipped: 1 })
  expect(found!.errors).toHaveLength(2)
  const silent = normal(5, 900)
  for (let row = 0; row < silent.rows; row++) silent.data[4 * row] = Number.NaN
  expect(exposureOf(watch, silent, { starts: 1 })).toEqual([{ column: 0, errors: [], skipped: 1 }])
  expect(exposureOf(watch, normal(5, 100))).toEqual([{ column: 0, errors: [], skipped: 0 }])
})

test('a net by itself finds a level that is said to be 10 cm higher, learns of rows that say all, and repeats itself', async () => {
  const gaps = { ...TRAIN, data: TRAIN.data.slice() }
  for (let row = 0; row < gaps.rows; row += 9) gaps.data[4 * row + (row % 4)] = Number.NaN
  const process = { ...PROCESS, sensors: [{ ...PROCESS.sensors[0]!, flows: [], redundant: [], net: [3] }] }
  const rows = normal(5, 1_500)
  const calm = (await TelemetryWatch.fit(process, gaps)).judge(rows)
  expect(calm.some(({ alarm }) => alarm)).toBe(false)
  for (let row = 1_000; row < rows.rows; row++) rows.data[4 * row]! += 0.1
  const judged = (await TelemetryWatch.fit(process, gaps)).judge(rows)
  expect(judged.slice(0, 1_000)).toEqual(calm.slice(0, 1_000))
  expect(judged.slice(1_030).every(({ alarm, sensor }) => alarm && sensor === 0)).toBe(true)
})

test('a plain detector is given the last value for one that was lost', () => {
  const rows = normal(6, 1_500)
  for (let row = 0; row < rows.rows; row += 7) rows.data[4 * row + (row % 4)] = Number.NaN
  const judge = plainWatch(PROCESS, TRAIN).watch()
  const scores = Array.from({ length: rows.rows }, (_, row) => judge.push(rowOf(rows, row)))
  expect(scores.every(Number.isFinite)).toBe(true)
  expect(scores.at(-1)).toBeGreaterThan(0)
  const last = Float64Array.from(rowOf(rows, rows.rows - 1))
  for (let i = 0; i < 60; i++) judge.push(last.map((value, column) => (column === 0 ? value + 3 : value)))
  expect(judge.push(last.map((value, column) => (column === 0 ? value + 3 : value)))).toBeGreaterThan(1)
})

test.each<[string, RegExp, Partial<ProcessDescription>]>([
  ['no sensor', /1 to 64 sensors, not of 0/, { sensors: [] }],
  ['a lag of nothing', /from 1 to/, { lags: [0] }],
  ['a lag twice', /none of them twice/, { lags: [2, 2] }],
  ['a sensor that nothing bears witness of', /nothing bears witness of 'level'/, sensor({ flows: [], redundant: [] })],
  ['a witness that is the sensor', /'level' is no witness of 'level'/, sensor({ redundant: [0] })],
  ['a witness twice', /named twice/, sensor({ flows: [1, 1] })],
  ['a range of nothing', /'level' goes from 2 to 2/, sensor({ low: 2 })],
  ['a column that is not there', /there is no column 9 of 4/, sensor({ column: 9 })],
  ['flows without lags', /no lag/, { lags: [] }],
])('a description with %s is refused by name', (_, says, change) => {
  const process = { ...PROCESS, ...change }
  const check = () => checkProcess(process, ['level', 'in', 'out', 'floor'])
  expect(check).toThrow(code('process_wrong'))
  expect(check).toThrow(says)
})

function sensor(change: object): Partial<ProcessDescription> {
  return { sensors: [{ ...PROCESS.sensors[0]!, ...change }] }
}

test('rows that are too few or of another width are refused', async () => {
  await expect(TelemetryWatch.fit(PROCESS, normal(1, 7_199))).rejects.toThrow(code('rows_too_few'))
  await expect(TelemetryWatch.fit({ ...PROCESS, columns: 5 }, TRAIN)).rejects.toThrow(code('row_width'))
  const refused = async (net: readonly number[], change: (rows: Float32Array) => void): Promise<void> => {
    const rows = { ...TRAIN, data: TRAIN.data.slice() }
    change(rows.data)
    const process = { ...PROCESS, sensors: [{ ...PROCESS.sensors[0]!, net }] }
    await TelemetryWatch.fit(process, rows)
  }
  const silence = (from: number) => (data: Float32Array) => {
    for (let at = 4 * from + 3; at < data.length; at += 4) data[at] = Number.NaN
  }
  await expect(refused([3], silence(500))).rejects.toThrow(code('rows_too_few'))
  await expect(refused([], silence(5_000))).rejects.toThrow(/redundancy of column 0 has no score/)
  const still = (data: Float32Array) => {
    for (let at = 0; at < data.length; at += 4) data[at] = 1
  }
  await expect(refused([3], still)).rejects.toThrow(code('sensors_constant'))
  expect(() => watch.judge({ rows: 1, columns: 3, data: new Float32Array(3) })).toThrow(code('row_width'))
})
