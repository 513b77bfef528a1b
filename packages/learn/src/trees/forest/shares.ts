import { LearnError } from '../../base/error.ts'
import { largest } from '../../base/largest.ts'
import { MOST_CLASSES } from '../check.ts'
import { MOST_BYTES } from '../room.ts'
import type { Tree } from '../tree.ts'
import { NODE } from '../walk/pack.ts'

/**
 * Makes sure that a forest of so many nodes is one that can be walked, which of more than two classes takes a copy of the trees for each: to be asked before its shares take memory. Error: `model_options`.
 */
export function checkForestSize(nodes: number, classes: number): void {
  const wrong = (what: string): LearnError => new LearnError('model_options', what)
  if (classes > MOST_CLASSES) throw wrong(`a forest of ${classes} classes, and there are at most ${MOST_CLASSES}`)
  const bytes = nodes * NODE * (classes <= 2 ? 1 : classes)
  if (bytes > MOST_BYTES)
    throw wrong(
      `a forest of ${nodes} nodes and ${classes} classes takes ${Math.ceil(bytes / 2 ** 20)} MiB, and 4 GiB are the most`,
    )
}

/** A share of 0 for each node and class. Error: `model_options` where there is no such memory to be had. */
export function noShares(nodes: number, classes: number): Float32Array {
  try {
    return new Float32Array(nodes * classes)
  } catch (error) {
    throw new LearnError(
      'model_options',
      `shares of ${nodes} nodes and ${classes} classes: ${(error as Error).message}`,
    )
  }
}

/** What a leaf says as a node's value: of two classes the second's share, of several the likeliest one's. */
export function leafValue(shares: Float32Array, leaf: number, classes: number): number {
  return shares[leaf * classes + (classes === 2 ? 1 : largest(shares, leaf * classes, classes))]!
}

/** Shares in single precision do not sum up to 1 exactly. */
const LITTLE = 1e-3

/** The first leaf whose shares are none, with their sum (NaN where one is below 0); null where all are. */
export function wrongLeaf(
  { feature }: Pick<Tree, 'feature'>,
  shares: Float32Array,
  classes: number,
): { readonly node: number; readonly sum: number } | null {
  for (let node = 0; node < feature.length; node++) {
    if (feature[node]! >= 0) continue
    let sum = 0
    for (let at = node * classes; at < (node + 1) * classes; at++) sum += shares[at]! >= 0 ? shares[at]! : Number.NaN
    if (!(Math.abs(sum - 1) < LITTLE)) return { node, sum }
  }
  return null
}

/** Makes sure that the shares of a tree's leaves are such. Error: `model_tree`. */
export function checkShares(tree: Tree, shares: Float32Array | undefined, classes: number, where: string): void {
  const nodes = tree.feature.length
  if (shares?.length !== nodes * classes)
    throw new LearnError('model_tree', `${where}: ${shares?.length} shares for ${nodes} nodes`)
  const wrong = wrongLeaf(tree, shares, classes)
  if (wrong === null) return
  const { node, sum } = wrong
  throw new LearnError('model_tree', `${where}: node ${node} has shares of classes that are none: their sum is ${sum}`)
}
