import { expect, test } from 'vitest'
import { type Matrix, randomOf, rowOf } from '../../index.ts'
import { type HardenOptions, hardenedNetScore, ResidualScorer } from './index.ts'
import { normal } from './tank.testkit.ts'
import { cutWindows, withHidden } from './training-windows.ts'

const train = normal(1, 4_000)
const FEW = {
  sensors: [0, 1, 2, 3],
  spoofed: [0, 3],
  radius: 0,
  score: 'residual',
  units: 8,
  rounds: 4,
  epochs: 4,
} as const

/** The level's residuals in rows in which it is said to be 10 cm higher, less those in true rows. */
async function shown(options: HardenOptions): Promise<number[]> {
  const scorer = await hardenedNetScore(options).fit([train])
  if (!(scorer instanceof ResidualScorer)) throw new Error('no residuals')
  const residuals = (rows: Matrix): number[] => {
    const stream = scorer.parts.watched[0]!.model.stream()
    return Array.from({ length: rows.rows }, (_, row) => stream.push(rowOf(rows, row))).filter(Number.isFinite)
  }
  const spoofed = normal(4, 100)
  for (let at = 0; at < spoofed.data.length; at += 4) spoofed.data[at]! += 0.1
  const honest = residuals(normal(4, 100))
  return residuals(spoofed).map((residual, i) => residual - honest[i]!)
}

test.each(['autoencoder', 'gru forecaster'] as const)(
  'what a sensor says has no part in what a net that hides it expects: %s',
  async kind => {
    const hidden = await shown({ ...FEW, kind, steps: 6, stride: 2, hides: true })
    for (const more of hidden) expect(more).toBeCloseTo(0.1, 5)
    const seen = await shown({ ...FEW, kind, steps: 6, stride: 2 })
    expect(seen.reduce((sum, more) => sum + more, 0) / seen.length).toBeLessThan(0.09)
  },
)

test('of each window one sensor is hidden, in all of its rows, and windows stay as they were', () => {
  const { inputs } = cutWindows([train], 3, true, 50)
  const before = inputs.data.slice()
  const { data, starts } = withHidden(inputs, [0, 3], randomOf(2))
  expect(inputs.data).toEqual(before)
  const counts = [0, 0]
  for (const start of starts) {
    const place = data[start] === 0 ? 0 : 3
    counts[place === 0 ? 0 : 1]!++
    for (let at = start; at < start + 12; at++) expect(data[at]).toBe((at - start) % 4 === place ? 0 : before[at])
  }
  expect(Math.min(...counts)).toBeGreaterThan(starts.length / 4)
})

test('a net that hides a sensor has no error over all of them', () => {
  expect(() => hardenedNetScore({ ...FEW, kind: 'autoencoder', hides: true, score: 'error' })).toThrow(
    expect.objectContaining({ code: 'score_wrong' }),
  )
})
