import { expect, test } from 'vitest'
import { BoostedTrees } from './boost/model.ts'
import { checkClasses, checkTable, checkTargets, checkWeights } from './check.ts'
import { RandomForest } from './forest/model.ts'
import { IsolationForest } from './isolation/forest.ts'
import { roomFor } from './room.ts'
import { type Tree, TreeBuilder } from './tree.ts'
import { checkTree } from './tree-check.ts'
import { code } from './trees.testkit.ts'

function stump(): Tree {
  const builder = new TreeBuilder()
  const root = builder.leaf(0, 4)
  builder.split(root, 1, 0.5, true, 2)
  builder.left[root] = builder.leaf(1, 1)
  builder.right[root] = builder.leaf(5, 3)
  return builder.build()
}

const valued =
  (value: number) =>
  (tree: Tree): Tree => ({ ...tree, value: new Float32Array(tree.value.length).fill(value) })

test('a node says the mean of the leaves below it, by what came to them', () => {
  expect(Array.from(stump().value)).toEqual([4, 1, 5])
})

test('what is no tree is refused, and the message says where', () => {
  checkTree(stump(), 2, 'trees[0]')
  const broken: [change: Partial<Tree>, says: RegExp][] = [
    [{ feature: new Int32Array(0) }, /no nodes/],
    [{ cover: new Float32Array(2) }, /2 values of cover for 3 nodes/],
    [{ left: Int32Array.of(3, -1, -1) }, /node 0 has child 3 of 3/],
    [{ left: Int32Array.of(-1, -1, -1) }, /node 0 has child -1/],
    [{ left: Int32Array.of(0, -1, -1) }, /node 0 has two parents/],
    [{ left: Int32Array.of(2, -1, -1) }, /node 2 has two parents/],
    [{ feature: Int32Array.of(2, -1, -1) }, /asks column 2 of 2/],
    [{ threshold: Float32Array.of(Number.NaN, 0, 0) }, /threshold/],
    [{ gain: Float32Array.of(Number.NaN, 0, 0) }, /gain/],
    [{ cover: Float32Array.of(4, -1, 3) }, /node 1 has the cover -1/],
    [{ value: Float32Array.of(0, Number.POSITIVE_INFINITY, 0) }, /node 1 has a value/],
  ]
  for (const [change, says] of broken) {
    const check = () => checkTree({ ...stump(), ...change }, 2, 'trees[7]')
    expect(check).toThrow(code('model_tree'))
    expect(check).toThrow(says)
    expect(check).toThrow(/^trees\[7\]: /)
  }
})

test('what is no model is refused by name', () => {
  const trees = [stump()]
  const shares = [new Float32Array(6).fill(0.5)]
  const isolation = { columns: 2, sample: 8, trees }
  const forest = { columns: 2, classes: 2, trees, shares }
  const boosted = { columns: 2, objective: 'reg:squarederror' as const, outputs: 1, baseScore: 0, trees, outputOf: [0] }
  const wrong = [
    () => new IsolationForest({ ...isolation, trees: [] }),
    () => new IsolationForest({ ...isolation, sample: 1 }),
    () => new IsolationForest({ ...isolation, columns: 0 }),
    () => new RandomForest({ ...forest, classes: 1 }),
    () => new RandomForest({ ...forest, classes: 3 }),
    () => new RandomForest({ ...forest, trees: [] }),
    () => new RandomForest({ ...forest, shares: [] }),
    () => new RandomForest({ ...forest, shares: [...shares, ...shares] }),
    ...[0.6, -0.5, Number.NaN].map(share => () => new RandomForest({ ...forest, shares: [shares[0]!.with(5, share)] })),
    () => new BoostedTrees({ ...boosted, outputOf: [1] }),
    () => new BoostedTrees({ ...boosted, columns: 1 }),
    () => new BoostedTrees({ ...boosted, outputOf: [0, 0] }),
    () => new BoostedTrees({ ...boosted, outputs: 2 }),
    () => new BoostedTrees({ ...boosted, objective: 'multi:softprob' }),
    () => new BoostedTrees({ ...boosted, names: ['a'] }),
    () => new BoostedTrees({ ...boosted, trees: [stump(), stump()].map(valued(2e38)), outputOf: [0, 0] }),
    () => new IsolationForest({ ...isolation, trees: trees.map(valued(-1)) }),
  ]
  for (const make of wrong) expect(make).toThrow(code('model_tree'))
  expect(() => new BoostedTrees(boosted).contributions([1, 2], 1)).toThrow(code('option_wrong'))
  expect(() => new RandomForest(forest).contributions([1, 2], -1)).toThrow(code('option_wrong'))
  expect(new IsolationForest(isolation).pathLength([0, 0])).toBe(1)
})

test('tables, labels and weights that nothing can be learned from are refused by name', () => {
  const table = (...data: number[]) => ({ rows: data.length, columns: 1, data: Float32Array.from(data) })
  expect(() => checkTable(table(), 'allowed')).toThrow(code('table_empty'))
  expect(() => checkTable({ rows: 2, columns: 2, data: new Float32Array(3) }, 'allowed')).toThrow(code('table_width'))
  expect(() => checkTable(table(1, Number.POSITIVE_INFINITY), 'allowed')).toThrow(/row 1, column 0: Infinity/)
  expect(() => checkTable(table(1, 3.2e38), 'allowed')).toThrow(code('value_infinite'))
  expect(() => checkTable(table(1, Number.NaN), 'refused')).toThrow(code('value_missing'))
  expect(() => checkTable(table(1, Number.NaN), 'allowed')).not.toThrow()
  expect(() => checkClasses([0, 1], 3)).toThrow(code('labels_length'))
  for (const bad of [-1, 0.5, Number.NaN, 5_000]) expect(() => checkClasses([0, bad], 2)).toThrow(code('labels_wrong'))
  expect(() => checkClasses([1, 1], 2)).toThrow(code('class_single'))
  expect(checkClasses([2, 0], 2)).toBe(3)
  expect(() => checkTargets([1, Number.NaN], 2)).toThrow(code('labels_wrong'))
  expect(() => checkTargets([1, 1e300], 2)).toThrow(code('labels_wrong'))
  expect(() => checkWeights([1, -1], 2)).toThrow(code('weight_wrong'))
  expect(() => checkWeights([0, 0], 2)).toThrow(code('weight_wrong'))
})

test('a table that no memory holds is refused by name', () => {
  for (const bytes of [2 ** 32, 1e13, Number.NaN]) expect(() => roomFor(bytes)).toThrow(code('table_too_large'))
})
