import { LearnError } from '../../base/error.ts'
import { largest } from '../../base/largest.ts'
import type { Tree } from '../tree.ts'

/** What a leaf says as a node's value: of two classes the second's share, of several the likeliest one's. */
export function leafValue(shares: Float32Array, leaf: number, classes: number): number {
  return shares[leaf * classes + (classes === 2 ? 1 : largest(shares, leaf * classes, classes))]!
}

/** Shares in single precision do not sum up to 1 exactly. */
const LITTLE = 1e-3

/** Makes sure that the shares of a tree's leaves are such. Error: `model_tree`. */
export function checkShares({ feature }: Tree, shares: Float32Array | undefined, classes: number, where: string): void {
  if (shares?.length !== feature.length * classes)
    throw new LearnError('model_tree', `${where}: ${shares?.length} shares for ${feature.length} nodes`)
  for (let node = 0; node < feature.length; node++) {
    if (feature[node]! >= 0) continue
    let sum = 0
    for (let at = node * classes; at < (node + 1) * classes; at++) sum += shares[at]! >= 0 ? shares[at]! : Number.NaN
    if (!(Math.abs(sum - 1) < LITTLE))
      throw new LearnError(
        'model_tree',
        `${where}: node ${node} has shares of classes that are none: their sum is ${sum}`,
      )
  }
}
