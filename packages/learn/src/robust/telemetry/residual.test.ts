import { expect, test } from 'vitest'
import { matrixOf, randomOf, rowOf } from '../../index.ts'
import { scoreRows } from '../../series/index.ts'
import { fitLinearResidual, hardenedNetScore, LongMemory, linearResidualScore } from './index.ts'
import { normal } from './tank.testkit.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const train = normal(1, 4_000)

test('a balance learns area and signs: what was added to the level without an inflow is its residual', () => {
  const model = fitLinearResidual({ sensor: 0, witnesses: [1, 2], lag: 50 }, [train])
  const stream = model.stream()
  const rows = normal(3, 400)
  const residuals = Array.from({ length: rows.rows }, (_, row) => {
    const values = Float64Array.from(rowOf(rows, row))
    if (row >= 300) values[0]! += 0.1
    return stream.push(values)
  })
  expect(residuals.slice(0, 50).every(Number.isNaN)).toBe(true)
  expect(Math.max(...residuals.slice(50, 300).map(Math.abs))).toBeLessThan(0.03)
  expect(residuals[320]).toBeGreaterThan(0.07)
  // The window has gone past the step: a balance knows changes only.
  expect(Math.abs(residuals[360]!)).toBeLessThan(0.03)
})

test('redundancy is not pulled toward nothing by the noise of its witness', () => {
  const random = randomOf(5)
  const rows = matrixOf(
    Array.from({ length: 6_000 }, (_, row) => {
      const level = 1 + 0.3 * Math.sin(row / 500)
      return [level, 10 * level + 3 * random.normal()]
    }),
  )
  const stream = fitLinearResidual({ sensor: 0, witnesses: [1], lag: 0 }, [rows]).stream()
  expect(stream.push([1.3, 13])).toBeCloseTo(0, 1)
  expect(stream.push([0.7, 13])).toBeCloseTo(-0.6, 1)
})

test('a small error that lasts adds up, and its sum is held so that it ends', () => {
  const memory = new LongMemory({ slacks: [0.25], means: [1] })
  const sums = Array.from({ length: 100 }, () => memory.push(0.5, [10])[0]!)
  expect([sums[3], sums[99]]).toEqual([1, 15])
  const after = Array.from({ length: 100 }, () => memory.push(0, [10])[0]!)
  expect(after.findIndex(level => level < 10)).toBe(20)
  const copy = memory.copy()
  copy.push(9, [10])
  expect(memory.push(0, [10])[1]).toBe(0)
})

test('a net that was trained against an adversary follows a lie less than one that was not', async () => {
  const shown = async (radius: number) => {
    const options = { kind: 'autoencoder', sensors: [0, 1, 2, 3], spoofed: [0], score: 'error' } as const
    const scorer = await hardenedNetScore({ ...options, radius, units: 12, rounds: 6, epochs: 6, seed: 2 }).fit([train])
    const rows = normal(4, 500)
    for (let at = 0; at < rows.data.length; at += 4) rows.data[at]! += 0.1
    const stream = scorer.stream()
    let sum = 0
    for (let row = 0; row < rows.rows; row++) {
      stream.push(rowOf(rows, row))
      sum += stream.contributions()[0]!
    }
    return Math.sqrt(sum / rows.rows)
  }
  const [before, after] = [await shown(0), await shown(4)]
  expect(after).toBeGreaterThan(1.5 * before)
})

test('a forecaster is hardened in the same way, and repeats itself by its seed', async () => {
  const options = { kind: 'gru forecaster', sensors: [0, 1, 2, 3], spoofed: [0], score: 'residual' } as const
  const recipe = hardenedNetScore({
    ...options,
    radius: 3,
    units: 8,
    rounds: 2,
    epochs: 1,
    steps: 6,
    stride: 4,
    seed: 3,
  })
  const rows = normal(5, 60)
  const first = scoreRows(await recipe.fit([train]), rows)
  expect(scoreRows(await recipe.fit([train]), rows)).toEqual(first)
  expect(first.slice(6).every(score => score >= 0)).toBe(true)
})

test('what cannot be learned from is refused by name', async () => {
  expect(() => fitLinearResidual({ sensor: 0, witnesses: [0], lag: 1 }, [train])).toThrow(code('sensors_wrong'))
  expect(() => fitLinearResidual({ sensor: 0, witnesses: [1], lag: -1 }, [train])).toThrow(code('lag_wrong'))
  expect(() => linearResidualScore({ sensor: 0, witnesses: [1], lag: 5_000 }).fit([train])).toThrow(
    code('rows_too_few'),
  )
  const options = { kind: 'autoencoder', sensors: [0, 1], spoofed: [0], score: 'error', radius: 1 } as const
  expect(() => hardenedNetScore({ ...options, radius: -1 })).toThrow(code('radius_wrong'))
  expect(() => hardenedNetScore({ ...options, spoofed: [3] })).toThrow(code('sensors_wrong'))
})
