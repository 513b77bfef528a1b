/** A decision tree. Node 0 is its root; a node has an entry in each array. A value below the threshold goes left. */
export interface Tree {
  /** Which column is asked; -1 in a leaf. */
  readonly feature: Int32Array
  readonly threshold: Float32Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array
  /** Of a leaf what it says; of another node the mean of the leaves below it, as many rows came to them. */
  readonly value: Float32Array
  /** How much came to the node: rows, or their second derivatives. */
  readonly cover: Float32Array
  /** What its split gained; 0 in a leaf. */
  readonly gain: Float32Array
}

/** A tree that is being grown. */
export class TreeBuilder {
  readonly feature: number[] = []
  readonly threshold: number[] = []
  readonly left: number[] = []
  readonly right: number[] = []
  readonly missingLeft: number[] = []
  readonly value: number[] = []
  readonly cover: number[] = []
  readonly gain: number[] = []

  /** A new leaf; gives its number. */
  leaf(value: number, cover: number): number {
    this.feature.push(-1)
    this.threshold.push(0)
    this.left.push(-1)
    this.right.push(-1)
    this.missingLeft.push(0)
    this.value.push(value)
    this.cover.push(cover)
    return this.gain.push(0) - 1
  }

  /** Makes a leaf ask; its children are set when they are there. */
  split(node: number, feature: number, threshold: number, missingLeft: boolean, gain: number): void {
    this.feature[node] = feature
    this.threshold[node] = threshold
    this.missingLeft[node] = missingLeft ? 1 : 0
    this.gain[node] = gain
  }

  /** The tree as it is, with the means of what is not a leaf worked out. */
  build(): Tree {
    const tree = {
      feature: new Int32Array(this.feature),
      threshold: new Float32Array(this.threshold),
      left: new Int32Array(this.left),
      right: new Int32Array(this.right),
      missingLeft: new Uint8Array(this.missingLeft),
      value: new Float32Array(this.value),
      cover: new Float32Array(this.cover),
      gain: new Float32Array(this.gain),
    }
    fillMeans(tree, tree.value)
    return tree
  }
}

/** A tree of so many leaves that say nothing, to be filled in. */
export function emptyTree(nodes: number): Tree {
  return {
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    missingLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
    cover: new Float32Array(nodes),
    gain: new Float32Array(nodes),
  }
}

/** How many nodes trees have in all. */
export const nodesOf = (trees: readonly Tree[]): number => trees.reduce((sum, tree) => sum + tree.feature.length, 0)

/**
 * Sets what each node that is no leaf says to the mean of its children, by their covers.
 * @param said node after node, `width` numbers each
 */
export function fillMeans({ feature, left, right, cover }: Tree, said: Float32Array, width = 1): void {
  const order = isForward(feature, left, right) ? null : below(feature, left, right)
  for (let i = (order ?? feature).length - 1; i >= 0; i--) {
    const node = order === null ? i : order[i]!
    if (feature[node]! < 0) continue
    const [one, other] = [left[node]!, right[node]!]
    const both = cover[one]! + cover[other]!
    // Where nothing came to either, both count alike.
    const share = both > 0 ? cover[one]! / both : 0.5
    for (let k = 0; k < width; k++)
      said[node * width + k] = said[one * width + k]! * share + said[other * width + k]! * (1 - share)
  }
}

/** Whether each node lies behind its parent already. */
function isForward(feature: Int32Array, left: Int32Array, right: Int32Array): boolean {
  for (let node = 0; node < feature.length; node++)
    if (feature[node]! >= 0 && (left[node]! <= node || right[node]! <= node)) return false
  return true
}

/** All nodes, each behind its parent. Ends with the list where a tree that was not checked goes in a circle. */
function below(feature: Int32Array, left: Int32Array, right: Int32Array): Int32Array {
  const order = new Int32Array(feature.length)
  let count = 1
  for (let i = 0; i < count; i++) {
    const node = order[i]!
    if (feature[node]! < 0 || count + 2 > order.length) continue
    order[count++] = left[node]!
    order[count++] = right[node]!
  }
  return order.subarray(0, count)
}
