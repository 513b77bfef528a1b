import { describe, expect, test } from 'vitest'
import { type Matrix, matrixOf, randomOf } from '../index.ts'
import { Autoencoder, behind, type FitOptions, MlpRegressor, windowSamples } from './index.ts'
import { rateAt } from './schedule.ts'
import { split } from './split.ts'

const code = (name: string) => expect.objectContaining({ code: name })

function noise(rows: number, columns: number, seed: number): Matrix {
  const random = randomOf(seed)
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => random.normal()) }
}

/** Numbers of which only the first of each row says something about the target. */
function telling(rows: number): { x: Matrix; y: Matrix } {
  const x = noise(rows, 10, 3)
  return { x, y: matrixOf(Array.from({ length: rows }, (_, i) => [2 * x.data[10 * i]])) }
}

async function weightsAfter(options: FitOptions, hidden: number[] = []): Promise<Float32Array> {
  const { x, y } = telling(100)
  const net = new MlpRegressor({ inputs: 10, outputs: 1, hidden })
  await net.fit(x, y, { epochs: 60, batch: 20, optimizer: { kind: 'adam', rate: 1e-2 }, ...options })
  return net.weights[0].data
}

const norm = (values: Float32Array) => Math.hypot(...values)

describe('training', () => {
  test('the same seed gives the same bits, and another one others', async () => {
    const run = async (seed: number) => {
      const net = new Autoencoder({ inputs: 5, hidden: [7, 2, 7], dropout: 0.2 })
      await net.fit(noise(77, 5, 1), { epochs: 4, batch: 16, seed, validation: 0.1 })
      return Array.from(net.block)
    }
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    expect(await run(2)).not.toEqual(first)
  })

  test('to the same bits on every machine, where that is asked for', async () => {
    const random = randomOf(1)
    const data = Float32Array.from({ length: 77 * 5 }, () => random.next())
    const net = new Autoencoder({ inputs: 5, hidden: [7, 2, 7], activation: 'tanh', dropout: 0.2 })
    await net.fit({ rows: 77, columns: 5, data }, { epochs: 4, batch: 16, l1: 0.01, clip: 0.1, portable: true })
    const bits = new Uint32Array(net.block.buffer, net.block.byteOffset, net.block.length)
    expect(bits.reduce((hash, word) => Math.imul(hash ^ word, 0x01000193), 0x811c9dc5) >>> 0).toBe(3_781_647_339)
  })

  test('ends when nothing becomes better, with the best weights', async () => {
    const rows = noise(60, 6, 5)
    const net = new Autoencoder({ inputs: 6, hidden: [40], activation: 'tanh' })
    const told: number[] = []
    const { history, best, stopped } = await net.fit(rows, {
      epochs: 400,
      batch: 10,
      validation: 0.3,
      patience: 5,
      optimizer: { kind: 'adam', rate: 0.1 },
      onEpoch: ({ epoch }) => told.push(epoch),
    })
    expect(stopped).toBe(true)
    expect(history.length).toBe(best + 5)
    expect(told).toEqual(history.map(({ epoch }) => epoch))
    const losses = history.map(({ validationLoss }) => validationLoss ?? Number.NaN)
    expect(losses[best - 1]).toBe(Math.min(...losses))
    const judged = net.scores({ ...rows, rows: 18, data: rows.data.subarray(42 * 6) })
    expect(judged.reduce((sum, score) => sum + score, 0) / 18).toBeCloseTo(losses[best - 1], 5)
    expect(history[0].secondsLeft).toBeGreaterThan(0)
  })

  test('L1 makes weights that say nothing zero, and leaves the one that does', async () => {
    const [free, held] = [await weightsAfter({}), await weightsAfter({ l1: 0.2 })]
    expect(free.filter(weight => weight === 0)).toHaveLength(0)
    expect(held.slice(1).filter(weight => weight === 0).length).toBeGreaterThan(6)
    expect(held[0]).toBeGreaterThan(1)
  })

  test('L2 makes weights smaller, added to gradients or taken from weights', async () => {
    const free = norm(await weightsAfter({}))
    expect(norm(await weightsAfter({ l2: 1 }))).toBeLessThan(0.8 * free)
    expect(norm(await weightsAfter({ l2: 1, decoupled: true }))).toBeLessThan(0.8 * free)
    expect(await weightsAfter({ l2: 1, decoupled: true })).not.toEqual(await weightsAfter({ l2: 1 }))
  })

  test('a gradient is clipped to its norm: a step is no longer than the rate times that', async () => {
    const { x, y } = telling(50)
    const moved = async (clip: number) => {
      const net = new MlpRegressor({ inputs: 10, outputs: 1, hidden: [] })
      const before = net.block.slice()
      await net.fit(x, y, { epochs: 1, batch: 50, clip, optimizer: { kind: 'sgd', rate: 0.1 } })
      return norm(net.block.map((value, i) => value - before[i]))
    }
    expect(await moved(0.01)).toBeCloseTo(0.001, 6)
    expect(await moved(Number.POSITIVE_INFINITY)).toBeGreaterThan(0.05)
  })

  test('what is dropped in training is there in use', async () => {
    const rows = noise(64, 4, 2)
    const losses = async (dropout: number) => {
      const net = new Autoencoder({ inputs: 4, hidden: [16], dropout })
      const { history } = await net.fit(rows, { epochs: 1, batch: 64, optimizer: { kind: 'sgd', rate: 1e-9 } })
      const scores = net.scores(rows)
      return [history[0].loss, scores.reduce((sum, score) => sum + score, 0) / 64]
    }
    const [kept, dropped] = [await losses(0), await losses(0.5)]
    expect(kept[0]).toBeCloseTo(kept[1], 5)
    expect(dropped[1]).toBeCloseTo(kept[1], 5)
    expect(dropped[0]).toBeGreaterThan(1.1 * kept[0])
  })

  test('windows that reach into the validation share, with what they forecast, are not learned from', () => {
    const windows = windowSamples(noise(40, 2, 1), { steps: 5, ahead: 2 })
    expect(windows.starts).toHaveLength(34)
    // Judged from the window at row 17 on: what is learned ends before that row.
    expect(split(windows, null, 0.5)).toMatchObject({ judged: 17, learned: 13 })
    expect(split(windows, behind(windows, 2), 0.5)).toMatchObject({ judged: 17, learned: 11 })
    expect(split(windows, null, 0)).toMatchObject({ judged: 34, learned: 34 })
    expect(() => split(windows, null, 0.95)).toThrow(code('samples_empty'))
  })

  test('is ended by a signal, with the net as it was', async () => {
    const net = new Autoencoder({ inputs: 4, hidden: [2] })
    const before = net.block
    const controller = new AbortController()
    const fitting = net.fit(noise(50, 4, 1), {
      epochs: 1e6,
      signal: controller.signal,
      onEpoch: ({ epoch }) => {
        if (epoch === 3) controller.abort()
      },
    })
    await expect(fitting).rejects.toThrow(code('fit_aborted'))
    expect(net.block).toBe(before)
  })

  test('says that a loss has left all numbers', async () => {
    const { x, y } = telling(50)
    const net = new MlpRegressor({ inputs: 10, outputs: 1, hidden: [8] })
    const fitting = net.fit(x, y, { epochs: 200, optimizer: { kind: 'sgd', rate: 1e3 } })
    await expect(fitting).rejects.toThrow(code('fit_diverged'))
  })

  test.each<FitOptions>([
    { epochs: 0 },
    { batch: 1.5 },
    { patience: 0 },
    { least: Number.NaN },
    { validation: 1 },
    { validation: Number.NaN },
    { l1: -1 },
    { l2: Number.NaN },
    { clip: 0 },
    { optimizer: { kind: 'adam', rate: 0 } },
    { optimizer: { kind: 'adam', rate: 1, beta1: 1 } },
    { optimizer: { kind: 'adam', rate: 1, epsilon: 0 } },
    { optimizer: { kind: 'sgd', rate: 1, momentum: 1 } },
    { schedule: { kind: 'cosine', least: 2 } },
    { schedule: { kind: 'stairs', factor: 0, share: 0.5 } },
    { schedule: { kind: 'constant', warmup: 1 } },
  ])('refuses %j', async options => {
    const net = new Autoencoder({ inputs: 4, hidden: [2] })
    await expect(net.fit(noise(8, 4, 1), options)).rejects.toThrow(code('option_wrong'))
  })
})

test('a rate rises, and falls along a cosine or by stairs', () => {
  const rates = (schedule: Parameters<typeof rateAt>[0]) => [0, 1, 2, 5, 9].map(step => rateAt(schedule, step, 10))
  expect(rates({ kind: 'constant', warmup: 0.2 })).toEqual([0.5, 1, 1, 1, 1])
  expect(rates({ kind: 'stairs', factor: 0.5, share: 0.25 })).toEqual([1, 1, 1, 0.25, 0.125])
  const cosine = rates({ kind: 'cosine', least: 0.1 })
  expect([cosine[0], cosine[3]].map(rate => Number(rate.toFixed(6)))).toEqual([1, 0.55])
  expect(cosine[4]).toBeLessThan(0.13)
})
