import { describe, expect, test } from 'vitest'
import { type Matrix, matrixOf, randomOf } from '../index.ts'
import { Arena } from '../kernels/arena.ts'
import { Autoencoder, type FitOptions, Forecaster, MlpClassifier } from './index.ts'
import { climb, reachable } from './twin/adversary.ts'
import { BUILDS, DRAWS } from './twin/harness.ts'

const code = (name: string) => expect.objectContaining({ code: name })

describe.each(Object.keys(BUILDS))('the %s kernels', build => {
  const arena = new Arena(1e5)
  const kernels = BUILDS[build](arena)
  const random = randomOf(8)
  const [rows, width] = [7, 12]
  const drawn = (count: number) => Float32Array.from({ length: count }, () => Math.fround(random.normal()))
  const [was, x, gradient] = [drawn(rows * width), drawn(rows * width), drawn(rows * width)]
  gradient.fill(0, 0, 5)
  const [reach, least, most] = [drawn(width).map(Math.abs), drawn(width).fill(-1), drawn(width).fill(1)]
  reach[3] = 0
  least[4] = Number.NEGATIVE_INFINITY
  const where = (i: number) => ({
    was: was[i],
    reach: reach[i % width],
    least: least[i % width],
    most: most[i % width],
  })
  const [wasAt, gradientAt, reachAt, leastAt, mostAt] = [was, gradient, reach, least, most].map(each => arena.put(each))

  const [lowAt, highAt] = [0, 1].map(() => arena.zeros(4 * rows * width))

  test('a step up the loss stays within reach and ends', () => {
    const at = arena.put(x)
    const step = arena.put(reach.map(far => 0.3 * far))
    kernels.bound(rows, width, wasAt, reachAt, leastAt, mostAt, lowAt, highAt)
    kernels.climb(rows, width, at, gradientAt, step, lowAt, highAt)
    const expected = Array.from(x, (value, i) => climb(value, gradient[i], 0.3, where(i)))
    for (const [i, value] of arena.floats(at, x.length).entries()) expect(value).toBeCloseTo(expected[i], 6)
  })

  test('a place is drawn evenly within reach', () => {
    const at = arena.put(x)
    const state = arena.alloc(16)
    arena.i32.set(DRAWS, state / 4)
    const shares: number[] = []
    kernels.bound(rows, width, wasAt, reachAt, leastAt, mostAt, lowAt, highAt)
    for (let turn = 0; turn < 200; turn++) {
      kernels.scatter(rows * width, at, lowAt, highAt, state)
      for (const [i, value] of arena.floats(at, x.length).entries()) {
        expect(Math.abs(value - reachable(value, where(i)))).toBeLessThan(1e-6)
        if (i % width === 4 && was[i] + reach[4] < 1) shares.push((value - was[i]) / reach[4])
      }
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    expect(Math.abs(mean)).toBeLessThan(0.1)
    expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(1.9)
  })
})

/** Two classes that one large feature tells well, and many small ones tell as well together: those a small move overturns. */
function twoClasses(rows: number, seed: number): { x: Matrix; labels: Int32Array } {
  const random = randomOf(seed)
  const labels = Int32Array.from({ length: rows }, () => random.below(2))
  const x = matrixOf(
    Array.from(labels, label => [
      (2 * label - 1) * 1.5 + 0.7 * random.normal(),
      ...Array.from({ length: 19 }, () => (2 * label - 1) * 0.2 + 0.4 * random.normal()),
    ]),
  )
  return { x, labels }
}

const REACH = new Float32Array(20).fill(0.4)

async function trained(options: FitOptions): Promise<MlpClassifier> {
  const { x, labels } = twoClasses(600, 1)
  const net = new MlpClassifier({ inputs: 20, hidden: [16], classes: 2, seed: 3 })
  await net.fit(x, labels, { epochs: 25, batch: 50, optimizer: { kind: 'adam', rate: 5e-3 }, ...options })
  return net
}

/** Rows that are told rightly after one step of the whole reach up their loss. */
function held(net: MlpClassifier): number {
  const { x, labels } = twoClasses(400, 2)
  const { gradient } = net.gradient(x, labels)
  const moved = x.data.map((value, at) => value + 0.4 * Math.sign(gradient[at]))
  const told = net.classify({ ...x, data: moved })
  return told.filter((label, i) => label === labels[i]).length / 400
}

test('what learned attacked rows holds against attacks, by one step or by several', async () => {
  const plain = held(await trained({}))
  const fgsm = held(await trained({ adversary: { reach: REACH, steps: 1 } }))
  const pgd = held(await trained({ adversary: { reach: REACH, steps: 5 } }))
  expect(plain).toBeLessThan(0.6)
  expect(fgsm).toBeGreaterThan(plain + 0.1)
  expect(pgd).toBeGreaterThan(plain + 0.1)
})

test('the same seed gives the same bits; without reach nothing is attacked', async () => {
  const options = { epochs: 2, adversary: { reach: REACH, steps: 3, share: 0.5 } }
  expect((await trained(options)).block).toEqual((await trained(options)).block)
  const still = { reach: new Float32Array(20), steps: 3, randomStart: false }
  expect((await trained({ epochs: 2, adversary: still })).block).toEqual((await trained({ epochs: 2 })).block)
})

test('windows and reconstructions are attacked too, with batches that are not whole', async () => {
  const random = randomOf(1)
  const series = matrixOf(
    Array.from({ length: 90 }, (_, t) => [Math.sin(t / 5), Math.cos(t / 5) + 0.1 * random.normal()]),
  )
  const adversary = { reach: [0.2, 0], least: [-1, -2], most: [1, 2], steps: 2 }
  const forecaster = new Forecaster({ kind: 'gru', steps: 8, features: 2, units: 6 })
  const { history } = await forecaster.fit(forecaster.windows(series), {
    epochs: 3,
    batch: 32,
    validation: 0.2,
    adversary,
  })
  expect(history.every(({ loss }) => Number.isFinite(loss))).toBe(true)
  const autoencoder = new Autoencoder({ inputs: 2, hidden: [4, 1, 4] })
  await autoencoder.fit(series, { epochs: 2, batch: 64, adversary: { ...adversary, share: 0.3 } })
  expect(autoencoder.scores(series).every(Number.isFinite)).toBe(true)
})

test('what is no adversary is refused', async () => {
  for (const wrong of [
    { reach: [1] },
    { reach: new Float32Array(20).fill(-1) },
    { reach: REACH, least: new Float32Array(20).fill(Number.NaN) },
    { reach: REACH, steps: 0 },
    { reach: REACH, rate: 2 },
    { reach: REACH, share: 0 },
  ])
    await expect(trained({ epochs: 1, adversary: wrong })).rejects.toThrow(code('option_wrong'))
})
