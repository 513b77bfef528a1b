import { LearnError } from '../../base/error.ts'
import type { Tree } from '../../trees/index.ts'
import { ArrayBook, type NamedArray, type NumberArray } from './tensors.ts'

const LISTS = {
  feature: Int32Array,
  threshold: Float32Array,
  left: Int32Array,
  right: Int32Array,
  missingLeft: Uint8Array,
  value: Float32Array,
  cover: Float32Array,
  gain: Float32Array,
} as const

/** The nodes of all trees behind one another, and how many each tree has (`nodes`). */
export function treeArrays(trees: readonly Tree[]): NamedArray[] {
  const nodes = Int32Array.from(trees, tree => tree.feature.length)
  const total = nodes.reduce((sum, count) => sum + count, 0)
  const lists = Object.entries(LISTS).map(([name, Kind]) => {
    const data = new Kind(total)
    let at = 0
    for (const tree of trees) {
      const part = tree[name as keyof typeof LISTS]
      data.set(part, at)
      at += part.length
    }
    return { name, shape: [total], data }
  })
  return [{ name: 'nodes', shape: [trees.length], data: nodes }, ...lists]
}

/** Error: `model_tensor`. What the trees say is checked by the model that they are given to. */
export function treesOf(arrays: readonly NamedArray[]): Tree[] {
  const book = new ArrayBook(arrays)
  const nodes = book.get('nodes', Int32Array)
  const total = nodes.reduce((sum, count) => sum + Math.max(0, count), 0)
  const list = <Kind extends NumberArray>(name: string, kind: new (length: number) => Kind): Kind => {
    const data = book.get(name, kind)
    if (data.length !== total)
      throw new LearnError('model_tensor', `the tensor '${name}' has ${data.length} numbers for ${total} nodes`)
    return data
  }
  const feature = list('feature', Int32Array)
  const threshold = list('threshold', Float32Array)
  const left = list('left', Int32Array)
  const right = list('right', Int32Array)
  const missingLeft = list('missingLeft', Uint8Array)
  const value = list('value', Float32Array)
  const cover = list('cover', Float32Array)
  const gain = list('gain', Float32Array)
  let from = 0
  return Array.from(nodes, count => {
    const to = from + count
    const tree = {
      feature: feature.slice(from, to),
      threshold: threshold.slice(from, to),
      left: left.slice(from, to),
      right: right.slice(from, to),
      missingLeft: missingLeft.slice(from, to),
      value: value.slice(from, to),
      cover: cover.slice(from, to),
      gain: gain.slice(from, to),
    }
    from = to
    return tree
  })
}
