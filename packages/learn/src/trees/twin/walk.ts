import type { Tree } from '../tree.ts'
import { leafOf } from '../walk/plain.ts'

/** `walkRow` and `walkRows`: the sum of the leaves, in single precision and in the trees' order. */
export function sumOf(trees: readonly Tree[], row: ArrayLike<number>, sum: number): number {
  return trees.reduce((all, tree) => Math.fround(all + tree.value[leafOf(tree, row)]!), Math.fround(sum))
}

/** `paths`: by how much each step moves the value. */
export function movesOf(trees: readonly Tree[], row: ArrayLike<number>): Float64Array {
  const moves = new Float64Array(row.length)
  for (const { feature, threshold, left, right, missingLeft, value } of trees) {
    let node = 0
    while (feature[node]! >= 0) {
      const column = feature[node]!
      const asked = row[column]!
      const goesLeft = Number.isNaN(asked) ? missingLeft[node] === 1 : asked < threshold[node]!
      const next = goesLeft ? left[node]! : right[node]!
      moves[column]! += value[next]! - value[node]!
      node = next
    }
  }
  return moves
}
