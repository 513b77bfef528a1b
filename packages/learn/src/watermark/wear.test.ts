import { expect, test } from 'vitest'
import { fitBoosted, fitForestClassifier } from '../trees/index.ts'
import { prepare } from './prepare.ts'
import { machine } from './watermark.testkit.ts'
import {
  joinForests,
  pruneBoosted,
  pruneForest,
  pruneWeights,
  quantizeBoosted,
  quantizeForest,
  quantizeWeights,
} from './wear.ts'

const { x, labels } = await prepare(machine(200, 1), 'forest', 'state', [])
const boosted = fitBoosted(x, labels.codes, { objective: 'multi:softprob', rounds: 10 })
const forest = fitForestClassifier(x, labels.codes, { trees: 10, minLeaf: 7 })
const tensors = [
  { name: 'weight', shape: [2, 3], data: Float32Array.of(0.1, -0.9, 0.3, -0.2, 0.5, 1.27) },
  { name: 'bias', shape: [3], data: Float32Array.of(0.001, 0.002, 0.123) },
]
const rounded = (data: Float32Array) => Array.from(data, each => Number(each.toFixed(4)))

test('the smallest weights go, and biases stay', () => {
  const [weight, bias] = pruneWeights(tensors, 0.5)
  expect(rounded(weight!.data)).toEqual([0, -0.9, 0, 0, 0.5, 1.27])
  expect(bias).toEqual(tensors[1])
  expect(pruneWeights(tensors, 0)).toEqual(tensors)
})

test('weights come in 255 steps of the largest, and biases stay', () => {
  const [weight, bias] = quantizeWeights([
    { ...tensors[0]!, data: Float32Array.of(0.014, -0.903, 0, 0.5, -1.27, 1) },
    tensors[1]!,
  ])
  expect(rounded(weight!.data)).toEqual([0.01, -0.9, 0, 0.5, -1.27, 1])
  expect(bias).toEqual(tensors[1])
})

test('the first rounds or trees are kept, a tree a class', () => {
  const half = pruneBoosted(boosted, 0.5)
  expect(half.model.trees).toEqual(boosted.model.trees.slice(0, 15))
  expect(half.model.outputOf).toEqual(boosted.model.outputOf.slice(0, 15))
  expect(pruneForest(forest, 0.3).model.trees).toEqual(forest.model.trees.slice(0, 3))
})

test('leaves of 8 bits say about the same', () => {
  const near = (a: Float32Array, b: Float32Array) => Math.max(...a.map((each, i) => Math.abs(each - b[i]!)))
  for (const [whole, brief] of [
    [boosted, quantizeBoosted(boosted)],
    [forest, quantizeForest(forest)],
  ] as const) {
    const difference = near(whole.predictProbabilities(x), brief.predictProbabilities(x))
    expect(difference).toBeGreaterThan(0)
    expect(difference).toBeLessThan(0.02)
  }
})

test('two forests as one say the mean of both', () => {
  const other = fitForestClassifier(x, labels.codes, { trees: 10, minLeaf: 7, seed: 2 })
  const [a, b, both] = [forest, other, joinForests(forest, other)].map(each => each.predictProbabilities(x))
  expect(rounded(both!)).toEqual(rounded(a!.map((each, i) => (each + b![i]!) / 2)))
})
