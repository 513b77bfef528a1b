import { LearnError } from '../base/error.ts'
import type { Tree } from './tree.ts'

/** Makes sure that all of a model's trees are such, over the same columns. Error: `model_tree`. */
export function checkTrees(trees: readonly Tree[], columns: number): void {
  if (!(Number.isInteger(columns) && columns >= 1))
    throw new LearnError('model_tree', `${columns} columns, and there must be one at least`)
  let most = 0
  for (const [i, tree] of trees.entries()) {
    checkTree(tree, columns, `trees[${i}]`)
    let greatest = 0
    for (let node = 0; node < tree.value.length; node++) greatest = Math.max(greatest, Math.abs(tree.value[node]!))
    most += greatest
  }
  if (!Number.isFinite(Math.fround(most)))
    throw new LearnError(
      'model_tree',
      `the leaves of ${trees.length} trees may sum up to ${most}, which is no number of single precision`,
    )
}

const LISTS = ['feature', 'threshold', 'left', 'right', 'missingLeft', 'value', 'cover', 'gain'] as const

/**
 * Makes sure that a tree is one, over so many columns; `where` begins the message. Error: `model_tree` (a list of another length, a child that is not there or has
 * two parents, a column that is not there, a number that is not finite, a cover below 0).
 */
export function checkTree(tree: Tree, columns: number, where: string): void {
  const nodes = tree.feature.length
  const wrong = (what: string): LearnError => new LearnError('model_tree', `${where}: ${what}`)
  if (nodes === 0) throw wrong('no nodes')
  for (const name of LISTS) {
    if (tree[name].length !== nodes) throw wrong(`${tree[name].length} values of ${name} for ${nodes} nodes`)
  }
  const { feature, threshold, left, right, value, cover, gain } = tree
  const seen = new Uint8Array(nodes)
  const reached = new Int32Array(nodes)
  let count = 1
  const reach = (child: number, node: number): void => {
    if (!(child >= 0 && child < nodes)) throw wrong(`node ${node} has child ${child} of ${nodes} nodes`)
    if (child === 0 || seen[child] === 1) throw wrong(`node ${child} has two parents`)
    seen[child] = 1
    reached[count++] = child
  }
  for (let i = 0; i < count; i++) {
    const node = reached[i]!
    if (!Number.isFinite(value[node]!)) throw wrong(`node ${node} has a value that is not finite`)
    if (!(cover[node]! >= 0 && cover[node]! < Number.POSITIVE_INFINITY))
      throw wrong(`node ${node} has the cover ${cover[node]}`)
    if (feature[node]! < 0) continue
    if (feature[node]! >= columns) throw wrong(`node ${node} asks column ${feature[node]} of ${columns}`)
    if (!Number.isFinite(threshold[node]!)) throw wrong(`node ${node} has a threshold that is not finite`)
    if (!Number.isFinite(gain[node]!)) throw wrong(`node ${node} has a gain that is not finite`)
    reach(left[node]!, node)
    reach(right[node]!, node)
  }
}
