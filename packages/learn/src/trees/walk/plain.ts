import type { Tree } from '../tree.ts'

/** The leaf that a row comes to, in plain TypeScript: for single trees, and what the kernels' walks must equal. */
export function leafOf({ feature, threshold, left, right, missingLeft }: Tree, row: ArrayLike<number>): number {
  let node = 0
  for (let column = feature[0]!; column >= 0; column = feature[node]!) {
    const value = row[column]!
    const goesLeft = Number.isNaN(value) ? missingLeft[node] === 1 : value < threshold[node]!
    node = goesLeft ? left[node]! : right[node]!
  }
  return node
}
