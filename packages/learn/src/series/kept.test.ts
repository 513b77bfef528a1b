import { expect, test } from 'vitest'
import { Fields } from '../base/fields.ts'
import { rowOf, rowsOf } from '../base/matrix.ts'
import {
  detectorFrom,
  ewmaScore,
  forestScore,
  keptDetector,
  type NetKind,
  netScore,
  pcaQ,
  pcaT2,
  type Recipe,
  robustDistance,
  SeriesDetector,
  seasonalScore,
  smoothed,
  trainedChannel,
} from './index.ts'
import { plant } from './testing/made.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const ROWS = plant(500, 4, 2, (row, values) => {
  if (row > 400) values[row % 4]! += 6
  if (row % 50 === 49) values[1] = Number.NaN
})
const TRAIN = rowsOf(ROWS, 0, 300)
const FIT = { epochs: 2, batch: 32 }

/** What two detectors say of the same rows, some sensors silent for long. */
function expectSame(one: SeriesDetector, other: SeriesDetector): void {
  const [left, right] = [one.stream(), other.stream()]
  for (let row = 0; row < ROWS.rows; row++) {
    const values = rowOf(ROWS, row).slice()
    if (row > 350 && row < 400) values[2] = Number.NaN
    expect(right.push(values)).toEqual(left.push(values))
  }
}

const again = (detector: SeriesDetector) => detectorFrom(new Fields(keptDetector(detector)))

test.each<[string, (sensors: readonly number[]) => Recipe]>([
  ['T2', sensors => pcaT2(sensors, 0.8, 1)],
  ['Q, smoothed', sensors => smoothed(pcaQ(sensors, 0.5), 4)],
  ['EWMA', sensors => ewmaScore(sensors, 0.2)],
  ['season', sensors => seasonalScore(sensors, 12)],
  ['robust', sensors => robustDistance(sensors, 3)],
  ['forest', sensors => forestScore(sensors, { trees: 5, seed: 4 })],
])('a detector that was kept says the same, to the bit: %s', (_, recipe) => {
  const detector = SeriesDetector.fit(TRAIN, { more: () => [recipe([0, 2, 3])] })
  const read = again(detector)
  expectSame(detector, read)
  expect([read.unfit, read.sensors]).toEqual([detector.unfit, 4])
  expect(keptDetector(read)).toEqual(keptDetector(detector))
})

test.each<NetKind>(['autoencoder', 'gru forecaster', 'lstm reconstructor', 'transformer forecaster'])(
  'a net that was kept says the same, to the bit: %s',
  async kind => {
    const recipe = netScore({ kind, sensors: [0, 1, 3], steps: 3, units: 6, fit: FIT })
    const rows = plant(200, 4, 2)
    const detector = SeriesDetector.fit(TRAIN, { learned: [await trainedChannel(recipe, rows, 0.01)] })
    expectSame(detector, again(detector))
  },
)

test('a single sensor that was kept says the same, to the bit', () => {
  const train = plant(300, 1, 3)
  const [one, other] = [SeriesDetector.fit(train).stream(), again(SeriesDetector.fit(train)).stream()]
  for (let row = 0; row < 400; row++) {
    const value = row === 350 ? 99 : row > 200 && row < 240 ? Number.NaN : train.data[row % 300]!
    expect(other.push([value])).toEqual(one.push([value]))
  }
})

test('what has no form for a file, or could not be read again, is refused when it is kept', () => {
  const [channel] = SeriesDetector.fit(TRAIN).channels
  const { stream, name, sensors, warmUp } = channel!.scorer
  const own = { ...channel!, scorer: { stream, name, sensors, warmUp } }
  expect(() => keptDetector(SeriesDetector.fit(TRAIN, { learned: [own] }))).toThrow(code('scorer_unkept'))
  const twice = (sensors: readonly number[]) => smoothed(smoothed(pcaT2(sensors), 2), 2)
  expect(() => keptDetector(SeriesDetector.fit(TRAIN, { more: () => [twice([0, 1])] }))).toThrow(code('model_field'))
})

test('a stream that begins within a season is told its place', () => {
  const rows = {
    rows: 480,
    columns: 2,
    data: Float32Array.from({ length: 960 }, (_, at) => ((at >> 1) % 12) + (at % 5) / 9),
  }
  const detector = SeriesDetector.fit(rows, { learned: [], more: () => [seasonalScore([0, 1], 12)] })
  const season = detector.channels.find(({ name }) => name === 'seasonal')!
  const { learned } = detector
  const alone = new SeriesDetector({ ...learned, channels: [season] })
  const score = (first: number) => alone.stream(first).push(rowOf(rows, 7)).score
  expect(score(0)).toBeGreaterThan(2 * score(7))
  expect(score(7 + 12 * 9)).toBe(score(7))
})

test('what is kept of a device is bounded, and columns and windows with it', () => {
  const wide = plant(240, 48, 5)
  const stream = SeriesDetector.fit(wide).stream()
  const before = stream.bytes
  for (let row = 0; row < 2_000; row++) stream.push(rowOf(wide, row % 240))
  expect(stream.bytes).toBe(before)
  // Windows of 20 rows here.
  expect(before).toBeLessThan(2 * (20 + 2 * 15) * 48 * 8)
  expect(() => SeriesDetector.fit(plant(60, 257, 5))).toThrow(code('columns_many'))
  for (const channels of [{ window: 1e6 }, { window: Number.NaN }, { smoothing: 0 }, { ridge: -1 }, { cap: 0 }])
    expect(() => SeriesDetector.fit(TRAIN, { channels })).toThrow(code('channel_options'))
  const learned = SeriesDetector.fit(plant(60, 2, 1)).channels
  expect(() => SeriesDetector.fit(TRAIN, { learned })).toThrow(code('channel_options'))
  expect(() => SeriesDetector.fit(TRAIN, { oldest: Number.NaN })).toThrow(code('oldest_invalid'))
})
