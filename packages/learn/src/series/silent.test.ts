import { expect, test } from 'vitest'
import { rowOf, rowsOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import {
  ewmaScore,
  forestScore,
  type NetKind,
  netScore,
  recordScore,
  robustDistance,
  rowDistance,
  type Scorer,
  windowDistance,
} from './index.ts'
import { SeasonStep } from './season.ts'
import { noise, plant } from './testing/made.ts'

const ROWS = plant(400, 4, 6)
const TRAIN = rowsOf(ROWS, 0, 300)
const ALL = [0, 1, 2, 3]

/** The scores of the last rows, in which some sensors only have values that stand in for them; they have no share in them, to so many digits. */
function scoresOf(scorer: Scorer, silent: readonly number[], standIn: number, digits = 9): number[] {
  const unheard = Uint8Array.from(ALL, sensor => Number(silent.includes(sensor)))
  const stream = scorer.stream()
  return Array.from({ length: 100 }, (_, i) => {
    const values = Array.from(rowOf(ROWS, 300 + i))
    if (i < 20) return stream.push(values)
    for (const sensor of silent) values[sensor] = standIn
    const score = stream.push(values, unheard)
    for (const sensor of silent)
      if (i > 60 && !Number.isNaN(score)) expect(stream.contributions()[sensor]).toBeCloseTo(0, digits)
    return score
  })
}

function expectNoGuess(scorer: Scorer): void {
  const one = scoresOf(scorer, [1], 20)
  expect(scoresOf(scorer, [1], -1e6)).toEqual(one)
  expect(one.slice(20).every(Number.isFinite)).toBe(true)
  expect(scoresOf(scorer, ALL, 5).slice(60)).toEqual(new Array(40).fill(Number.NaN))
}

test.each([
  ['forest', forestScore(ALL, { trees: 20 })],
  ['robust', robustDistance(ALL, 1)],
  ['EWMA', ewmaScore(ALL, 0.2)],
  ['records', recordScore(ALL)],
  ['distance of a row', rowDistance(ALL, 1, 0.03)],
  ['distance of a window', windowDistance(ALL, 12, 0.03)],
])('what stands in for a silent sensor has no part in the score: %s', (_, recipe) => {
  expectNoGuess(recipe.fit([TRAIN]))
})

test.each<NetKind>(['autoencoder', 'gru forecaster', 'transformer reconstructor'])(
  'what stands in for a silent sensor has no part in the score: %s',
  async kind => {
    const recipe = netScore({ kind, sensors: ALL, steps: 4, units: 6, fit: { epochs: 2 } })
    expectNoGuess(await recipe.fit([TRAIN]))
  },
)

test('the robust distance without a sensor is that of the others alone, by their part of the covariance', () => {
  const width = 3
  const scorer = robustDistance([0, 1, 2], 4).fit([TRAIN])
  const { mean, lower } = scorer.keep!() as unknown as { mean: Float64Array; lower: Float64Array }
  const covariance = (i: number, j: number) =>
    Array.from({ length: width }, (_, k) => lower[i * width + k]! * lower[j * width + k]!).reduce((a, b) => a + b, 0)
  const [a, b, c] = [covariance(0, 0), covariance(0, 2), covariance(2, 2)]
  const row = rowOf(ROWS, 333)
  const [x, y] = [row[0]! - mean[0]!, row[2]! - mean[2]!]
  const byHand = (c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b)
  expect(scorer.stream().push(row, Uint8Array.of(0, 1, 0, 0))).toBeCloseTo(byHand, 9)
})

test.each([
  ['forest', forestScore(ALL, { trees: 5 }), 0],
  ['robust', robustDistance(ALL, 1), 0],
  ['distance of a row', rowDistance(ALL, 1, 0.03), 1],
  ['distance of a window', windowDistance(ALL, 12, 0.03), 6],
])('more than half of the sensors silent is no score, half of them is one: %s', (_, recipe, lasts) => {
  const scorer = recipe.fit([TRAIN])
  // Two that are expected together settle more slowly than one.
  expect(scoresOf(scorer, [0, 1], 3, 6).slice(20).every(Number.isFinite)).toBe(true)
  // What was heard before lasts for a row, or for half of a window.
  const scores = scoresOf(scorer, [0, 1, 2], 3).slice(20)
  expect(scores.map(Number.isNaN).indexOf(true)).toBe(lasts)
  expect(scores.slice(lasts).every(Number.isNaN)).toBe(true)
})

test('a season goes on while nothing is heard: behind it each row is compared with its own place', () => {
  const season = new SeasonStep(8)
  const steps = Array.from({ length: 64 }, (_, row) => season.push(row >= 30 && row < 33 ? Number.NaN : row % 8))
  const told = steps.map(step => (Number.isNaN(step) ? '-' : step))
  expect(told.slice(12, 30)).toEqual(new Array(18).fill(0))
  // Five rows are compared with those a season before, so a missing one is missed for five rows, twice.
  expect(told.slice(30, 45)).toEqual(['-', '-', '-', '-', '-', '-', '-', 0, '-', '-', '-', '-', '-', '-', '-'])
  expect(told.slice(45)).toEqual(new Array(19).fill(0))
})

test('a spike counts in its own row, and a weighted mean does not go on about it', () => {
  const scorer = ewmaScore([0, 1], 0.1).fit([noise(2_000, 2, randomOf(1))])
  const rows = noise(200, 2, randomOf(2))
  const usual = scorer.stream()
  const spiked = scorer.stream()
  for (let row = 0; row < 200; row++) {
    const values = Array.from(rowOf(rows, row))
    const score = usual.push(values)
    const other = spiked.push(row === 50 ? [1e30, values[1]!] : values)
    if (row === 50) expect(other).toBeGreaterThan(1e20)
    // What three deviations leave, and a bit for the row that it stood in for.
    else if (row > 50) expect(other).toBeLessThan(score + 1.8 * 0.9 ** (row - 50))
  }
  const steady = scorer.stream()
  const shifted = Array.from({ length: 60 }, () => steady.push([2, 0]))
  expect(shifted[59]).toBeGreaterThan(6)
})

test('rows that only end the training of a net have no part in its scale', async () => {
  for (const kind of ['autoencoder', 'gru forecaster', 'gru reconstructor'] as const) {
    const scaleOf = async (last: number) => {
      const rows = plant(200, 3, 4, (row, values) => {
        if (row >= 190) values[0] = last
      })
      const scorer = await netScore({ kind, sensors: [0, 1], steps: 4, units: 4, fit: { epochs: 1 } }).fit([rows])
      const { mean, factor } = scorer.keep!() as unknown as { mean: Float64Array; factor: Float64Array }
      return { mean, factor }
    }
    expect(await scaleOf(1_000)).toEqual(await scaleOf(12))
  }
})
