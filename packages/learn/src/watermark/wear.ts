import type { Tensor } from '../nets/index.ts'
import { leafValue } from '../trees/forest/shares.ts'
import { BoostedTrees, RandomForest, type Tree } from '../trees/index.ts'

/** What a thief, or a maintainer, does to a model: a mark is measured after it. */

/** Weights without the share of them that is smallest; of biases and gains none goes. */
export function pruneWeights(tensors: readonly Tensor[], share: number): Tensor[] {
  const sizes = tensors.filter(isWeights).flatMap(({ data }) => Array.from(data, Math.abs))
  const limit = sizes.sort((a, b) => a - b)[Math.floor(share * sizes.length)] ?? Number.POSITIVE_INFINITY
  return tensors.map(tensor =>
    isWeights(tensor) ? { ...tensor, data: tensor.data.map(each => (Math.abs(each) < limit ? 0 : each)) } : tensor,
  )
}

/** Weights as 8 bits each would keep them, a scale a tensor, symmetric about 0. */
export function quantizeWeights(tensors: readonly Tensor[]): Tensor[] {
  return tensors.map(tensor => (isWeights(tensor) ? { ...tensor, data: eightBits(tensor.data) } : tensor))
}

/** The first `share` of the rounds: what boosting learned last goes. */
export function pruneBoosted({ model }: BoostedTrees, share: number): BoostedTrees {
  const kept = Math.ceil((share * model.trees.length) / model.outputs) * model.outputs
  return new BoostedTrees({ ...model, trees: model.trees.slice(0, kept), outputOf: model.outputOf.slice(0, kept) })
}

/** The first `share` of the trees. */
export function pruneForest({ model }: RandomForest, share: number): RandomForest {
  const kept = Math.ceil(share * model.trees.length)
  return forestOf(model, model.trees.slice(0, kept), model.shares.slice(0, kept))
}

/** Leaves as 8 bits each would keep them, one scale for all trees. */
export function quantizeBoosted({ model }: BoostedTrees): BoostedTrees {
  return new BoostedTrees({ ...model, trees: quantizeLeaves(model.trees) })
}

/** The same of a forest that tells classes: shares in 8 bits, which sum up to 1 again, and what leaves say by them. */
export function quantizeForest({ model }: RandomForest): RandomForest {
  const { classes } = model
  const shares = model.shares.map(each => summedToOne(eightBits(each, 1), classes))
  const trees = model.trees.map((tree, i) => ({
    ...tree,
    value: tree.value.map((value, node) => (tree.feature[node]! < 0 ? leafValue(shares[i]!, node, classes) : value)),
  }))
  return forestOf(model, trees, shares)
}

function summedToOne(shares: Float32Array, classes: number): Float32Array {
  return shares.map((share, at) => {
    const node = at - (at % classes)
    const sum = shares.subarray(node, node + classes).reduce((all, each) => all + each, 0)
    return sum === 0 ? 0 : share / sum
  })
}

/** Two forests of the same columns and classes as one. */
export function joinForests(a: RandomForest, b: RandomForest): RandomForest {
  return forestOf(a.model, [...a.model.trees, ...b.model.trees], [...a.model.shares, ...b.model.shares])
}

function forestOf(
  { columns, classes }: RandomForest['model'],
  trees: readonly Tree[],
  shares: readonly Float32Array[],
): RandomForest {
  return new RandomForest({ columns, classes, trees, shares })
}

function quantizeLeaves(trees: readonly Tree[]): Tree[] {
  const most = trees.reduce((greatest, { value }) => Math.max(greatest, largest(value)), 0)
  return trees.map(tree => ({ ...tree, value: eightBits(tree.value, most) }))
}

function eightBits(data: Float32Array, most = largest(data)): Float32Array {
  const step = most / 127
  return step === 0 ? data : data.map(each => Math.round(each / step) * step)
}

function largest(data: Float32Array): number {
  return data.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
}

const isWeights = ({ shape }: Tensor): boolean => shape.length > 1
