import { expect, test } from 'vitest'
import { matrixOf, randomOf, rowOf } from '../../index.ts'
import { scoreRows } from '../../series/index.ts'
import {
  calibrated,
  fitLinearResidual,
  hardenedNetScore,
  LongMemory,
  linearResidualScore,
  ResidualScorer,
  Watch,
} from './index.ts'
import { normal } from './tank.testkit.ts'
import { cutWindows } from './training-windows.ts'

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
  const sums = Array.from({ length: 100 }, () => memory.push(0.5, [15])[0]!)
  expect([sums[3], sums[99]]).toEqual([1, 15])
  const after = Array.from({ length: 100 }, () => memory.push(0, [15])[0]!)
  expect(after.findIndex(level => level < 10)).toBe(20)
  const copy = memory.copy()
  copy.push(9, [15])
  expect(memory.push(0, [15])[1]).toBe(0)
})

/** Levels that drift by half of the noise, in a table of normal rows. */
function drifting(rows: number): Float64Array[] {
  const made = normal(6, rows)
  return Array.from({ length: rows }, (_, at) =>
    Float64Array.from(rowOf(made, at)).with(0, rowOf(made, at)[0]! + 0.001 * at),
  )
}

test.each([1.2, 1.5, 1.6, 4, 40])(
  'a threshold of %f times what training came to is reached, by sums alone too',
  threshold => {
    const models = [fitLinearResidual({ sensor: 0, witnesses: [1, 2], lag: 60 }, [train])]
    const scorer = ResidualScorer.fit('sums', models, [train], { slacks: [0.25], means: [] })
    const rows = drifting(6_000)
    const scores = (of: ResidualScorer) => {
      const stream = of.stream()
      return rows.map(row => stream.push(row))
    }
    const [free, held] = [scores(scorer), scores(scorer.heldAt(threshold))]
    const first = free.findIndex(score => score > threshold)
    expect(first).toBeGreaterThan(0)
    expect(held.findIndex(score => score > threshold)).toBe(first)
    expect(Math.max(...held.slice(60))).toBeCloseTo(1.5 * threshold, 9)
    expect(Math.max(...free.slice(60))).toBeGreaterThan(1.5 * threshold)
  },
)

test('thresholds are sought with sums that are not held, and higher than where they once were', () => {
  const scorer = linearResidualScore({ sensor: 0, witnesses: [1, 2], lag: 60 }).fit([train])
  const rows = matrixOf(drifting(3_000).map(row => Array.from(row)))
  const [free] = calibrated([{ scorer }], rows, rows, 60)
  expect(free!.threshold).toBeGreaterThan(10)
  expect(calibrated([{ scorer: scorer.heldAt(1) }], rows, rows, 60)[0]!.threshold).toBe(free!.threshold)
  const watch = Watch.of([free!])
  const further = drifting(9_000).map(row => row.with(0, row[0]! * 3))
  expect(further.some(row => watch.push(row) > 1)).toBe(true)
})

test.each([0, 1, 15])(
  'a balance over %i rows or a pair is heard again when its sensor or witness speaks again',
  lag => {
    for (const column of [0, 1]) {
      const witnesses = lag === 0 ? [1, 3] : [1, 2]
      const scorer = linearResidualScore({ sensor: 0, witnesses, lag }).fit([train])
      const rows = normal(8, 400)
      const row = (at: number) => Float64Array.from(rowOf(rows, at))
      const [silent, heard] = [scorer.stream(), scorer.stream()]
      for (let at = 0; at < 100; at++) expect(silent.push(row(at))).toBe(heard.push(row(at)))
      let last = silent.push(row(100))
      for (const nothing of [Number.NaN, Number.POSITIVE_INFINITY])
        for (let at = 101; at < 120; at++) expect(silent.push(row(at).with(column, nothing))).toBe(last)
      for (let at = 120; at < 300; at++) last = silent.push(row(at))
      for (let at = 100; at < 300; at++) heard.push(row(at))
      expect(last).toBeLessThan(1.3)
      // It tells a lie again: silence has not made it deaf.
      const lies = Array.from({ length: 40 }, (_, i) =>
        silent.push(row(300 + i).with(0, rowOf(rows, 300 + i)[0]! + 0.3)),
      )
      expect(Math.max(...lies)).toBeGreaterThan(2)
      // Nor does silence end an alarm.
      const alarm = lies.at(-1)
      expect(silent.push(row(350).with(0, Number.NaN))).toBe(alarm)
    }
  },
)

test('no false alarm comes of rows that are lost, one in ten and some of them together', () => {
  const random = randomOf(11)
  const scorer = linearResidualScore({ sensor: 0, witnesses: [1, 2], lag: 60 }).fit([train])
  const stream = scorer.stream()
  const rows = normal(9, 4_000)
  let evaluated = 0
  let most = 0
  let before = Number.NaN
  for (let at = 0; at < rows.rows; at++) {
    const row = Float64Array.from(rowOf(rows, at))
    for (const column of [0, 1, 2]) if (random.next() < 0.1 || at % 500 < 7 * column) row[column] = Number.NaN
    const score = stream.push(row)
    if (score !== before) evaluated++
    before = score
    most = Math.max(most, Number.isNaN(score) ? 0 : score)
  }
  expect(evaluated).toBeGreaterThan(1_000)
  expect(most).toBeLessThan(1.5)
})

test('a value that only stands in for a silent sensor is no evidence', () => {
  const scorer = linearResidualScore({ sensor: 0, witnesses: [3], lag: 0 }).fit([train])
  const stream = scorer.stream()
  const score = stream.push(rowOf(train, 0))
  expect(stream.push([9, 0, 0, 1], [1, 0, 0, 0])).toBe(score)
  expect(stream.push([9, 0, 0, 1], [0, 0, 0, 0])).toBeGreaterThan(5)
})

test('a long table is cut into fewer windows, and no more numbers than are held at once', () => {
  const whole = cutWindows([train], 4, true, 1)
  expect([whole.inputs.starts.length, whole.targets.starts.length]).toEqual([3_996, 3_996])
  expect(Array.from(whole.inputs.data.subarray(16, 32))).toEqual(Array.from(train.data.subarray(4, 20)))
  expect(Array.from(whole.targets.data.subarray(4, 8))).toEqual(Array.from(train.data.subarray(20, 24)))
  const few = cutWindows([train, train], 4, true, 1, 10_000)
  expect(few.inputs.data.length).toBeLessThanOrEqual(10_000)
  expect(few.inputs.data.length).toBeGreaterThan(9_000)
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
