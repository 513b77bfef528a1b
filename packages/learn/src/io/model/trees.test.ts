import { expect, test } from 'vitest'
import { randomOf } from '../../base/random.ts'
import { checkForestSize, fitBoosted, fitForestClassifier, noShares, type Tree } from '../../trees/index.ts'
import { noise } from '../models.testkit.ts'
import { floatArrays, floatsOf, wholeArray } from './packed.ts'
import { modelOf, partsOf } from './parts.ts'
import { ArrayBook, storeArray } from './tensors.ts'
import { treeArrays, treesOf } from './trees.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const rows = noise(2_000, 1, 0.05)
const random = randomOf(2)
const labels = Int32Array.from({ length: rows.rows }, () => random.below(10))

test('a forest of ten classes takes a tenth of what its nodes take in memory, and is the same to the bit', () => {
  const model = fitForestClassifier(rows, labels, { trees: 20 })
  const { trees, shares } = model.model
  const parts = partsOf({ kind: 'random-forest', model })
  const stored = parts.arrays.reduce((sum, array) => sum + storeArray(array).data.length, 0)
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0)
  // 29 bytes and a share of each class, in base64.
  expect(nodes * (29 + 40) * (4 / 3)).toBeGreaterThan(10 * stored)
  const again = modelOf(parts)
  if (again.kind !== 'random-forest') throw new Error(again.kind)
  // What splits gained is kept summed up.
  expect(again.model.model.trees).toEqual(trees.map(tree => ({ ...tree, gain: new Float32Array(tree.gain.length) })))
  expect(again.model.importances()).toEqual(model.importances())
  expect(again.model.model.shares).toEqual(shares)
})

test('covers that are no sums are kept as they are', () => {
  const { trees } = fitBoosted(rows, labels, { objective: 'multi:softprob', rounds: 2 }).model
  const arrays = treeArrays(trees, { values: true, gains: true })
  expect(treesOf(new ArrayBook(arrays), { values: true, gains: true })).toEqual(trees)
})

test('nodes in another order are the same tree in the order of the file', () => {
  const tree: Tree = {
    feature: Int32Array.of(1, 0, -1, -1, -1),
    threshold: Float32Array.of(5, 3, 0, 0, 0),
    left: Int32Array.of(2, 4, -1, -1, -1),
    right: Int32Array.of(1, 3, -1, -1, -1),
    missingLeft: Uint8Array.of(0, 1, 0, 0, 0),
    value: Float32Array.of(2, 2, 2, 3, 1),
    cover: Float32Array.of(3, 2, 1, 1, 1),
    gain: Float32Array.of(0.5, 0.25, 0, 0, 0),
  }
  const [again] = treesOf(new ArrayBook(treeArrays([tree], { values: true, gains: true })), {
    values: true,
    gains: true,
  })
  expect(Array.from(again!.feature)).toEqual([1, -1, 0, -1, -1])
  expect(Array.from(again!.value)).toEqual([2, 2, 2, 1, 3])
  expect(Array.from(again!.missingLeft)).toEqual([0, 0, 1, 0, 0])
})

test.each([
  ['a split without children', [1], [1]],
  ['a node too many', [3], [1, 0, 0, 0]],
  ['a tree that ends early', [5], [1, 0, 0, 1, 0]],
  ['more nodes than there are', [9], [1, 0, 0]],
  ['a tree of no node', [0], [0]],
])('%s is refused', (_, nodes, asks) => {
  const numbers = (name: string, count: number) => ({ name, shape: [count], data: new Float32Array(count).fill(1) })
  const arrays = [
    wholeArray('nodes', Int32Array.from(nodes)),
    wholeArray('asks', Int32Array.from(asks)),
    ...['threshold', 'gain', 'value', 'cover'].map(name => numbers(name, 5)),
  ]
  expect(() => treesOf(new ArrayBook(arrays), { values: true, gains: true })).toThrow(code('model_tensor'))
})

test('numbers of which few differ are kept once, by their bits', () => {
  const few = Float32Array.from({ length: 1_000 }, (_, i) => [0, -0, Number.NaN, 1.5][i % 4]!)
  const arrays = floatArrays('x', few)
  expect(arrays.map(({ name, data }) => [name, data.constructor.name, data.length])).toEqual([
    ['x.table', 'Float32Array', 4],
    ['x.codes', 'Uint8Array', 1_000],
  ])
  expect(floatsOf(new ArrayBook(arrays), 'x')).toEqual(few)
  const many = Float32Array.from({ length: 1_000 }, (_, i) => i)
  expect(floatArrays('x', many)).toEqual([{ name: 'x', shape: [1_000], data: many }])
  expect(() => floatsOf(new ArrayBook([arrays[0]!, wholeArray('x.codes', Int32Array.of(4))]), 'x')).toThrow(
    code('model_tensor'),
  )
})

test.each([
  [255, 'Uint8Array'],
  [256, 'Uint16Array'],
  [65_535, 'Uint16Array'],
  [65_536, 'Int32Array'],
])('whole numbers up to %i take a %s', (most, kind) => {
  expect(wholeArray('x', Int32Array.of(0, most)).data.constructor.name).toBe(kind)
})

/** A forest of one tree that asks and asks again, in as few bytes as there are; its leaves are of class 0. */
function chain(nodes: number, classes: number) {
  const splits = (nodes - 1) / 2
  const numbers = (name: string, count: number) => floatArrays(name, new Float32Array(count).fill(1))
  const arrays = [
    wholeArray('nodes', Int32Array.of(nodes)),
    wholeArray(
      'asks',
      Int32Array.from({ length: nodes }, (_, node) => Number(node % 2 === 0 && node + 1 < nodes)),
    ),
    ...numbers('threshold', splits),
    ...numbers('cover', splits + 1),
    wholeArray('present', new Int32Array(splits + 1).fill(1)),
    wholeArray('class', new Int32Array(splits + 1)),
    ...numbers('share', splits + 1),
  ]
  return { kind: 'random-forest', options: { columns: 1, classes, importances: [1] }, arrays } as const
}

test('a forest of many classes that is not to be walked is refused before it takes memory', () => {
  expect(modelOf(chain(2_001, 1_024)).kind).toBe('random-forest')
  const parts = [chain(50_001, 2_000), chain(300_001, 1_024), chain(50_001, 999_999)]
  const before = process.memoryUsage()
  for (const each of parts) expect(() => modelOf(each)).toThrow(code('model_options'))
  const after = process.memoryUsage()
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(50e6)
  // A memory of WebAssembly holds as many nodes of 16 bytes.
  expect(() => checkForestSize(2 ** 18 - 64, 1_024)).not.toThrow()
  expect(() => checkForestSize(2 ** 18, 1_024)).toThrow(/takes 4096 MiB/)
  expect(() => checkForestSize(2 ** 27, 2)).not.toThrow()
  expect(() => noShares(2 ** 45, 1_024)).toThrow(code('model_options'))
})
