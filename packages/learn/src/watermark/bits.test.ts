import { beforeAll, expect, test } from 'vitest'
import { matrixOf, rowsOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { MlpClassifier, type Tensor } from '../nets/index.ts'
import { bitsTerm, readBits } from './bits.ts'
import { LEAST_WEIGHTS } from './layer.ts'
import { keyOf } from './watermark.testkit.ts'
import { pruneWeights, quantizeWeights } from './wear.ts'

/** The smallest that carries bits: 32 x 32 weights. */
const SHAPE = { inputs: 12, classes: 2, hidden: [32, 32], seed: 5 } as const
const random = randomOf(3)
const rows = matrixOf(Array.from({ length: 1_500 }, () => Array.from({ length: 12 }, () => random.normal())))
const labels = Int32Array.from({ length: 1_500 }, (_, i) => {
  const [a, b, c] = rows.data.subarray(12 * i)
  return Number(a * b + c > 0)
})

function netOf(weights: readonly Tensor[]): MlpClassifier {
  const net = new MlpClassifier(SHAPE)
  net.load(weights)
  return net
}

const marked = new MlpClassifier(SHAPE)
const plain = new MlpClassifier(SHAPE)
beforeAll(async () => {
  await plain.fit(rows, labels, { epochs: 15, seed: 5 })
  await marked.fit(rows, labels, { epochs: 15, seed: 5, term: await bitsTerm(marked, keyOf(1)) })
})

test('128 bits are read back, at the least number of weights', async () => {
  expect(LEAST_WEIGHTS).toBe(32 * 32)
  const reading = await readBits(marked, keyOf(1))
  expect(reading).toMatchObject({ bits: 128, agreeing: 128 })
  expect(reading!.codedAgreeing).toBe(252 - reading!.corrected!)
  expect(reading!.p).toBeCloseTo(2 ** -128, 45)
})

test('a wrong key, and a net without a mark, read as chance has it', async () => {
  for (let seed = 2; seed < 12; seed++) expect((await readBits(marked, keyOf(seed)))!.p).toBeGreaterThan(1e-4)
  expect((await readBits(plain, keyOf(1)))!.p).toBeGreaterThan(1e-4)
})

test('the mark costs the net little', () => {
  const rightOf = (net: MlpClassifier) => net.classify(rows).filter((told, i) => told === labels[i]).length / 1_500
  expect(rightOf(plain)).toBeGreaterThan(0.9)
  expect(rightOf(marked)).toBeGreaterThan(rightOf(plain) - 0.03)
})

test('all bits outlast pruning by half, learning on from half of the rows, and 8 bits a weight', async () => {
  const worn = netOf(pruneWeights(marked.weights, 0.5))
  expect(worn.weights[0].data.filter(weight => weight === 0).length).toBeGreaterThan(0)
  await worn.fit(rowsOf(rows, 0, 750), labels.subarray(0, 750), { epochs: 10, seed: 6 })
  const reading = await readBits(netOf(quantizeWeights(worn.weights)), keyOf(1))
  expect(reading).toMatchObject({ agreeing: 128 })
})

test("the term's slopes are those of its value", async () => {
  const net = netOf(plain.weights)
  const term = await bitsTerm(net, keyOf(1), 1)
  const lossOf = (block: Float32Array) => term(block, new Float32Array(block.length))
  const slopes = new Float32Array(net.block.length)
  term(net.block, slopes)
  const places = Array.from(slopes.keys()).filter(i => slopes[i] !== 0)
  expect(places.length).toBe(32 * 32)
  for (const place of places.slice(0, 20)) {
    const moved = (by: number) => lossOf(net.block.map((each, i) => (i === place ? each + by : each)))
    expect((moved(0.01) - moved(-0.01)) / 0.02 / slopes[place]).toBeCloseTo(1, 2)
  }
})

test('a net that is too small is refused for marking, and has no bits to read', async () => {
  const small = new MlpClassifier({ inputs: 12, classes: 2, hidden: [32, 31] })
  await expect(bitsTerm(small, keyOf(1))).rejects.toMatchObject({ code: 'watermark_small' })
  expect(await readBits(small, keyOf(1))).toBeNull()
})
