import { expect, test } from 'vitest'
import { rowOf, rowsOf } from '../base/matrix.ts'
import { filterRows, filterRowsTrained } from '../sanitize/index.ts'
import { forestScore, type NetKind, netScore, scoreRows, trainedChannel } from './index.ts'
import { detectSeries } from './testing/detect.ts'
import { plant } from './testing/made.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const SENSORS = [0, 1, 3]
const FIT = { epochs: 8, validation: 0, batch: 32 }

/** Sensor 3 is moved in the last rows. */
function moved() {
  return plant(900, 4, 5, (row, values) => {
    if (row >= 700) values[3]! += 8
  })
}

test.each<NetKind>([
  'autoencoder',
  'gru forecaster',
  'lstm forecaster',
  'transformer forecaster',
  'gru reconstructor',
  'lstm reconstructor',
  'transformer reconstructor',
])('%s: scores what was moved higher, names it, and repeats itself', async kind => {
  const rows = moved()
  const recipe = netScore({ kind, sensors: SENSORS, steps: 4, units: 8, fit: FIT })
  const scorer = await recipe.fit([rowsOf(rows, 0, 300), rowsOf(rows, 320, 600)])
  const scores = scoreRows(scorer, rows)
  expect(scores.findIndex(score => !Number.isNaN(score))).toBe(recipe.warmUp)
  const mean = (from: number, to: number) =>
    scores.subarray(from, to).reduce((sum, score) => sum + score, 0) / (to - from)
  expect(mean(710, 900)).toBeGreaterThan(3 * mean(600, 700))
  const stream = scorer.stream()
  const other = scorer.stream()
  for (let row = 0; row < 800; row++) {
    other.push(rowOf(rows, 899 - row))
    const score = stream.push(rowOf(rows, row))
    if (row >= recipe.warmUp) expect(score).toBe(scores[row])
  }
  const shares = stream.contributions()
  expect(shares.indexOf(Math.max(...shares))).toBe(3)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(scores[799]!, 9)
  expect(shares[2]).toBe(0)
})

test('a forest scores, names, and filters, and goes with the detector; so does a net', async () => {
  const rows = moved()
  const scorer = forestScore(SENSORS, { seed: 2 }).fit([rowsOf(rows, 0, 600)])
  const stream = scorer.stream()
  stream.push(rowOf(rows, 650))
  const usual = stream.push(rowOf(rows, 650))
  expect(stream.push(rowOf(rows, 800))).toBeGreaterThan(usual)
  expect(stream.contributions().indexOf(Math.max(...stream.contributions()))).toBe(3)

  const train = rowsOf(rows, 0, 600)
  const net = await trainedChannel(
    netScore({ kind: 'autoencoder', sensors: SENSORS, units: 8, fit: FIT }),
    train,
    0.003,
  )
  const judged = detectSeries(rows, 600, { more: () => [forestScore(SENSORS)], learned: [net] })
  expect(judged.slice(715).every(({ alarm, sensor }) => alarm && sensor === 3)).toBe(true)
  expect(judged.slice(600, 700).filter(({ alarm }) => alarm).length).toBeLessThan(15)

  const spoiled = plant(600, 4, 5, (row, values) => {
    if (row % 60 === 30) for (const i of [0, 1, 3]) values[i]! += 12
  })
  const { removals } = filterRows(forestScore([0, 1, 2, 3]), spoiled, 4)
  expect(removals.filter(({ from }) => from % 60 === 30).length).toBe(10)
  expect(removals.length).toBeLessThan(16)
  const recipe = netScore({ kind: 'autoencoder', sensors: [0, 1, 2, 3], units: 8, fit: FIT })
  const byNet = await filterRowsTrained(recipe, spoiled, 3)
  expect(byNet.removals.filter(({ from }) => from % 60 === 30).length).toBeGreaterThan(7)
  expect(byNet.removals.length).toBeLessThan(16)
})

test('a net needs stretches as long as its windows', async () => {
  const recipe = netScore({ kind: 'gru forecaster', sensors: [0], steps: 16, units: 4, fit: FIT })
  await expect(recipe.fit([plant(10, 1, 1)])).rejects.toThrow(code('rows_too_few'))
})
