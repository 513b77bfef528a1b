import { expect, test } from 'vitest'
import { matrixOf, rowOf, rowsOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { judgeSeries, SeriesDetector } from './index.ts'
import { detectSeries } from './testing/detect.ts'
import { noise, plant } from './testing/made.ts'

const code = (name: string) => expect.objectContaining({ code: name })

test('rows judged by a stream are as those judged in a batch, bit by bit, also beside another stream', () => {
  const rows = plant(900, 5, 1, (row, values) => {
    if (row > 700) values[2]! += 4
  })
  const batch = detectSeries(rows, 600)
  const detector = SeriesDetector.fit(rowsOf(rows, 0, 600))
  const stream = detector.stream()
  const other = detector.stream()
  for (let row = 0; row < rows.rows; row++) {
    // As numbers of a message are: in double precision.
    const values = Array.from(rowOf(rows, row))
    other.push(values.map(value => value + 1))
    if (row < 600) stream.warm(values)
    else expect(stream.push(values)).toEqual(batch[row])
  }
})

test('the sensor that was moved is named, and the alarm begins soon and ends', () => {
  for (const moved of [0, 3, 4]) {
    const rows = plant(2_400, 6, 7, (row, values) => {
      if (row >= 2_100 && row < 2_200) values[moved]! += 5
    })
    const judged = detectSeries(rows, 2_000)
    const onset = judged.findIndex((judgment, row) => row >= 2_100 && judgment.alarm)
    expect(onset).toBeGreaterThanOrEqual(2_100)
    expect(onset).toBeLessThan(2_112)
    const named = judged.slice(onset, 2_200).filter(({ sensor }) => sensor === moved).length
    expect(named / (2_200 - onset)).toBeGreaterThan(0.9)
    expect(judged.slice(2_250).filter(({ alarm }) => alarm).length).toBeLessThan(15)
  }
})

test('a spread that changes, and a relation between two sensors that is lost, are found', () => {
  const spread = detectSeries(
    plant(1_000, 4, 3, (row, values) => {
      if (row >= 700) values[1]! += row % 2 === 0 ? 3 : -3
    }),
    600,
  )
  expect(spread.slice(740).every(({ alarm, sensor }) => alarm && sensor === 1)).toBe(true)
  const random = randomOf(5)
  const lost = matrixOf(
    Array.from({ length: 1_000 }, (_, row) => {
      const cause = random.normal()
      return [cause, (row < 700 ? cause : random.normal()) + 0.1 * random.normal(), random.normal()]
    }),
  )
  expect(
    detectSeries(lost, 600)
      .slice(730)
      .filter(({ alarm }) => alarm).length,
  ).toBeGreaterThan(250)
})

test('false alarms keep to the rate that was stated, over several seeds', () => {
  const rates = [11, 12, 13, 14, 15, 16].map(seed => {
    const rows = plant(9_000, 4, seed)
    const judged = detectSeries(rows, 4_000, { falseAlarms: 0.02, off: 1 })
    return judged.slice(4_000).filter(({ score }) => score > 1).length / 5_000
  })
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  expect(mean).toBeGreaterThan(0.004)
  expect(mean).toBeLessThan(0.03)
})

test('a p-value below the rate is as seldom as it says, over several seeds', () => {
  const shares = [1, 2, 3, 4, 5, 6].map(seed => {
    const judged = detectSeries(noise(6_000, 3, randomOf(seed)), 3_000)
    return judged.slice(3_000).filter(({ p }) => p <= 0.05).length / 3_000
  })
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  expect(mean).toBeGreaterThan(0.02)
  expect(mean).toBeLessThan(0.065)
})

test('a sensor that wanders, one that hardly ever moves and a constant one are told, and alarm for nothing', () => {
  let level = 0
  const random = randomOf(2)
  const rows = plant(1_200, 6, 9, (row, values) => {
    level += 0.1 * random.normal()
    values[0] = level
    values[1] = 7
    values[2] = row === 300 || row === 900 ? 5 : 0
  })
  const detector = SeriesDetector.fit(rowsOf(rows, 0, 800))
  expect(Object.fromEntries(detector.unfit)).toEqual({ 0: 'wandering', 1: 'constant', 2: 'rare' })
  const judged = detectSeries(rows, 800)
  expect(judged.slice(800).filter(({ alarm }) => alarm).length).toBeLessThan(25)
})

test('missing values are bridged, and neither crash nor alarm by themselves', () => {
  const rows = plant(1_000, 4, 4, (row, values) => {
    if (row % 9 === 0) values[row % 4] = Number.NaN
    if (row > 800) values[3] = Number.NaN
  })
  const judged = detectSeries(rows, 600)
  expect(judged.every(({ score }) => Number.isFinite(score))).toBe(true)
  expect(judged.slice(600, 780).filter(({ alarm }) => alarm).length).toBeLessThan(20)
})

test('what a device costs is bounded and told', () => {
  const stream = SeriesDetector.fit(plant(600, 8, 1)).stream()
  const before = stream.bytes
  for (let row = 0; row < 200; row++) stream.push(new Float64Array(8))
  expect(stream.bytes).toBe(before)
  expect(before).toBeLessThan(8_192)
})

test('progress goes up to one', () => {
  const learning: number[] = []
  const judging: number[] = []
  const rows = plant(1_200, 3, 1)
  const detector = SeriesDetector.fit(rowsOf(rows, 0, 500), { progress: done => learning.push(done) })
  judgeSeries(detector, rows, 500, done => judging.push(done))
  for (const told of [learning, judging]) expect(told).toEqual([...told].sort((a, b) => a - b))
  expect([learning[0]! > 0, learning.at(-1), judging]).toEqual([true, 1, [0, 500 / 1_200, 1_000 / 1_200]])
})

test('what cannot be learned from is refused with its code', () => {
  const rows = plant(200, 3, 1)
  expect(() => SeriesDetector.fit(rowsOf(rows, 0, 40))).toThrow(code('rows_too_few'))
  const detector = SeriesDetector.fit(rows)
  for (const normal of [300, -1, 0.5]) expect(() => judgeSeries(detector, rows, normal)).toThrow(code('rows_too_few'))
  expect(() => SeriesDetector.fit({ rows: 0, columns: 0, data: new Float32Array(0) })).toThrow(code('rows_too_few'))
  expect(() => SeriesDetector.fit({ ...rows, data: new Float32Array(600).fill(3) })).toThrow(code('sensors_constant'))
  const empty = plant(200, 3, 1, (_, values) => {
    values[1] = Number.NaN
  })
  expect(() => SeriesDetector.fit(empty)).toThrow(code('sensor_empty'))
  expect(() => SeriesDetector.fit(rows, { falseAlarms: 0 })).toThrow(code('rate_invalid'))
  expect(() => SeriesDetector.fit(rows, { off: 2 })).toThrow(code('alarm_invalid'))
  const one = plant(200, 1, 1)
  for (const falseAlarms of [7, Number.NaN])
    expect(() => SeriesDetector.fit(one, { falseAlarms })).toThrow(code('rate_invalid'))
  expect(() => SeriesDetector.fit(one, { falseAlarms: 0.001 })).toThrow(code('rate_unsupported'))
  expect(() => SeriesDetector.fit(one, { off: 2 })).toThrow(code('alarm_invalid'))
  expect(() => SeriesDetector.fit(rows).stream().push([1])).toThrow(code('row_width'))
})

test('of a single sensor its records are told, each once: a spike, silence, and a level that stays', () => {
  const random = randomOf(6)
  const rows = matrixOf(
    Array.from({ length: 3_000 }, (_, row) => {
      const wave = 5 * Math.sin(row / 15) + random.normal()
      if (row === 1_500) return [wave + 20]
      if (row >= 2_000 && row < 2_100) return [3]
      return [row >= 2_600 ? wave + 40 : wave]
    }),
  )
  const judged = detectSeries(rows, 600)
  const events = judged.flatMap(({ alarm }, row) => (alarm ? [row] : []))
  const within = (from: number, to: number) => events.filter(row => row >= from && row < to).length
  expect(within(1_500, 1_501)).toBe(1)
  expect(within(2_000, 2_100)).toBeGreaterThan(0)
  expect(within(2_600, 2_601)).toBe(1)
  expect(within(2_750, 3_000)).toBeLessThan(3)
  expect(within(600, 1_500)).toBeLessThan(8)
  expect(judged[1_500]).toMatchObject({ onset: true, sensor: 0, channel: 'records' })
  const stream = SeriesDetector.fit(rowsOf(rows, 0, 600)).stream()
  for (let row = 0; row < 600; row++) stream.warm(rowOf(rows, row))
  for (let row = 600; row < 3_000; row++) expect(stream.push(rowOf(rows, row))).toEqual(judged[row])
  expect(stream.bytes).toBeLessThan(4_000)
})

test('a day that goes another way is told where training shows days, also within the usual range', () => {
  const random = randomOf(7)
  const rows = matrixOf(
    Array.from({ length: 1_440 }, (_, row) => {
      const busy = row % 144 >= 60 && row % 144 < 120
      const closed = row >= 1_152 && row < 1_296
      return [(busy && !closed ? 80 : 20) + 2 * random.normal()]
    }),
  )
  const events = detectSeries(rows, 480).flatMap(({ alarm }, row) => (alarm ? [row] : []))
  expect(events.filter(row => row >= 1_212 && row < 1_222).length).toBe(1)
  expect(events.filter(row => row < 1_212).length).toBeLessThan(4)
  // A state that holds a day of 144 rows.
  const { bytes } = SeriesDetector.fit(rowsOf(rows, 0, 480)).stream()
  expect(bytes).toBeGreaterThan(144 * 8)
  expect(bytes).toBeLessThan(144 * 8 + 1_400)
})

test('a single sensor that has always stood still alarms when it moves, and not before', () => {
  const rows = matrixOf(Array.from({ length: 400 }, (_, row) => [row === 300 ? 6 : 5]))
  const events = detectSeries(rows, 100).flatMap(({ alarm }, row) => (alarm ? [row] : []))
  expect(events).toEqual([300])
})
