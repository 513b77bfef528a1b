import { LearnError } from '../../base/error.ts'
import { emptyTree, fillMeans, type Tree } from '../../trees/index.ts'
import { floatArrays, floatsOf, Reader, wholeArray } from './packed.ts'
import type { ArrayBook, NamedArray } from './tensors.ts'

/** What is kept of trees besides their shape. */
export interface TreeNumbers {
  /** Whether leaves say a value; of a forest that tells classes their shares do. */
  readonly values: boolean
  /** Whether splits say what they gained; a forest of classes or values keeps what comes of it (`importances`). */
  readonly gains: boolean
}

/**
 * Trees as arrays, each tree's nodes with a node's left child next behind it and the right one behind all below the left. So `asks` alone gives the shape: 0 in a leaf, and else
 * 1 + 2 x column + whether a missing value goes left. `threshold` and `gain` have a number a split, `value` one a leaf; `cover` has one a leaf where what came to the other nodes is the sum of it,
 * and else one a node. `nodes` says how many each tree has.
 */
export function treeArrays(trees: readonly Tree[], { values, gains }: TreeNumbers): NamedArray[] {
  const orders = trees.map(orderOf)
  const total = orders.reduce((sum, order) => sum + order.length, 0)
  const splits = (total - trees.length) / 2
  const asks = new Int32Array(total)
  const [threshold, gain] = [new Float32Array(splits), new Float32Array(splits)]
  const [value, leafCover, cover] = [total - splits, total - splits, total].map(count => new Float32Array(count)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  let [at, split, leaf, isSum] = [0, 0, 0, true]
  for (const [t, tree] of trees.entries()) {
    for (const node of orders[t]!) {
      cover[at] = tree.cover[node]!
      const feature = tree.feature[node]!
      if (feature < 0) {
        value[leaf] = tree.value[node]!
        leafCover[leaf++] = tree.cover[node]!
      } else {
        asks[at] = 1 + 2 * feature + tree.missingLeft[node]!
        threshold[split] = tree.threshold[node]!
        gain[split++] = tree.gain[node]!
        isSum &&= tree.cover[node] === sumOfCovers(tree, node)
      }
      at++
    }
  }
  return [
    wholeArray(
      'nodes',
      Int32Array.from(orders, order => order.length),
    ),
    wholeArray('asks', asks),
    ...floatArrays('threshold', threshold),
    ...floatArrays('cover', isSum ? leafCover : cover),
    ...(gains ? floatArrays('gain', gain) : []),
    ...(values ? floatArrays('value', value) : []),
  ]
}

/** Trees, with the values of nodes that are no leaves; what is not kept is 0. Error: `model_tensor`. What the trees say is checked by the model that they are given to. */
export function treesOf(book: ArrayBook, { values, gains }: TreeNumbers): Tree[] {
  const counts = book.whole('nodes')
  const list = (name: string) => new Reader(name, floatsOf(book, name))
  const asks = new Reader('asks', book.whole('asks'))
  const total = asks.left
  const [threshold, cover] = [list('threshold'), list('cover')]
  const gain = gains ? list('gain') : null
  const value = values ? list('value') : null
  const isSum = cover.left < total
  const trees = Array.from(counts, (count, t) => {
    if (!(count >= 1 && count <= asks.left))
      throw new LearnError(
        'model_tensor',
        `the tensor 'nodes' says ${count} nodes of tree ${t}, and there are ${asks.left}`,
      )
    const tree = emptyTree(count)
    // Splits whose right child is still to come.
    const waiting: number[] = []
    for (let node = 0; node < count; node++) {
      const ask = asks.next()
      if (ask < 0) throw new LearnError('model_tensor', `the tensor 'asks' says ${ask} of a node of tree ${t}`)
      if (!isSum || ask === 0) tree.cover[node] = cover.next()
      if (ask > 0) {
        tree.feature[node] = (ask - 1) >> 1
        tree.missingLeft[node] = (ask - 1) & 1
        tree.threshold[node] = threshold.next()
        if (gain !== null) tree.gain[node] = gain.next()
        tree.left[node] = node + 1
        waiting.push(node)
        if (node + 1 < count) continue
      } else if (value !== null) tree.value[node] = value.next()
      const parent = waiting.pop()
      if ((parent === undefined) !== (node + 1 === count))
        throw new LearnError('model_tensor', `the tensor 'asks' makes no tree of the ${count} nodes of tree ${t}`)
      if (parent !== undefined) tree.right[parent] = node + 1
    }
    if (isSum) sumCovers(tree)
    fillMeans(tree, tree.value)
    return tree
  })
  for (const each of [asks, threshold, cover, gain, value]) each?.end()
  return trees
}

/** The nodes of a tree in the order of the file. */
export function orderOf({ feature, left, right }: Tree): Int32Array {
  const order = new Int32Array(feature.length)
  let count = 0
  const waiting = [0]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    order[count++] = node
    if (feature[node]! >= 0) waiting.push(right[node]!, left[node]!)
  }
  return order.subarray(0, count)
}

const sumOfCovers = ({ cover, left, right }: Tree, node: number): number =>
  Math.fround(cover[left[node]!]! + cover[right[node]!]!)

/** Children lie behind their parents. */
function sumCovers(tree: Tree): void {
  for (let node = tree.feature.length - 1; node >= 0; node--)
    if (tree.feature[node]! >= 0) tree.cover[node] = sumOfCovers(tree, node)
}
