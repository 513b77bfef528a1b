import { LearnError } from '../../base/error.ts'
import { largest } from '../../base/largest.ts'
import type { Matrix } from '../../base/matrix.ts'
import { nodesOf, type Tree } from '../tree.ts'
import { checkTrees } from '../tree-check.ts'
import { type Scorer, Walker } from '../walk/walker.ts'
import { checkForestSize, checkShares } from './shares.ts'

/** What a random forest is made of. */
export interface ForestModel {
  readonly columns: number
  /** How many classes it tells apart; 0 for a regression. */
  readonly classes: number
  /** The value of a node: of two classes the share of the second, of several of the likeliest one's, or a regression's mean. */
  readonly trees: readonly Tree[]
  /** Of a classifier, for each tree and node after node, the share of each class: of a leaf's rows, and of other nodes the mean (`fillMeans`). */
  readonly shares: readonly Float32Array[]
  /** A share a column, of a forest that was read from a file: its splits' gains are not kept. */
  readonly importances?: readonly number[]
  readonly outOfBag?: OutOfBag
}

/** Each row judged by the trees that it was not drawn for. */
export interface OutOfBag {
  /** The share of rows whose class is right, or of a regression R2; over the rows that a tree was grown without. */
  readonly score: number
  /** How many rows those are. */
  readonly rows: number
}

/** A random forest (Breiman 2001): made by `fitForestClassifier` and `fitForestRegressor`. */
export class RandomForest {
  readonly model: ForestModel
  #laidOut: Walker | undefined

  /** Errors: `model_tree`; `model_options` where it is too large to be walked. */
  constructor(model: ForestModel) {
    const { trees, columns, classes, shares, importances } = model
    checkTrees(trees, columns)
    if (trees.length === 0 || !Number.isInteger(classes) || classes < 0 || classes === 1)
      throw new LearnError('model_tree', `${trees.length} trees for ${classes} classes are no forest`)
    checkForestSize(nodesOf(trees), classes)
    if (shares.length !== (classes === 0 ? 0 : trees.length))
      throw new LearnError('model_tree', `shares of ${shares.length} trees, of ${trees.length}`)
    if (
      importances !== undefined &&
      !(importances.length === columns && importances.every(each => each >= 0 && each <= 1))
    )
      throw new LearnError(
        'model_tree',
        `importances of ${importances.length} columns, of ${columns}, or some that are no shares`,
      )
    for (const [i, its] of shares.entries()) checkShares(trees[i]!, its, classes, `trees[${i}]`)
    this.model = model
  }

  /** Laid out when it is first asked: a forest of many classes takes much memory to walk in, and less to be read or written. */
  get #walker(): Walker {
    const { trees, columns, classes, shares } = this.model
    this.#laidOut ??= new Walker(
      classes <= 2
        ? [trees]
        : Array.from({ length: classes }, (_, k) => trees.map((tree, i) => ofClass(tree, shares[i]!, k, classes))),
      columns,
    )
    return this.#laidOut
  }

  /** How much memory it walks in, whatever it scores. */
  get bytes(): number {
    return this.#walker.bytes
  }

  /** Row after row the probability of each class: the mean of the trees' shares. Errors: `not_a_classifier`, `table_width`. */
  predictProbabilities(table: Matrix): Float32Array {
    const { classes } = this.model
    if (classes === 0) throw new LearnError('not_a_classifier', 'a regression has no probabilities')
    const means = this.#means(table)
    if (classes > 2) return means
    const both = new Float32Array(2 * table.rows)
    for (const [i, second] of means.entries()) {
      both[2 * i] = 1 - second
      both[2 * i + 1] = second
    }
    return both
  }

  /** The likeliest class of each row, or its value. Error: `table_width`. */
  predict(table: Matrix): Float32Array {
    const { classes } = this.model
    const means = this.#means(table)
    if (classes === 0) return means
    if (classes === 2) return means.map(second => Number(second > 0.5))
    return Float32Array.from({ length: table.rows }, (_, i) => largest(means, i * classes, classes))
  }

  /** By how much each column moves the probability of a class (of two, of the second), or a value, from the trees' means on. Errors: `table_width`, `option_wrong`. */
  contributions(row: ArrayLike<number>, output = 0): Float64Array {
    const moves = new Float64Array(this.model.columns)
    this.#walker.set(row)
    this.#walker.paths(output, moves)
    return moves.map(move => move / this.model.trees.length)
  }

  /** How much impurity each column's splits take away, a share of all (the mean over trees, as in scikit-learn). */
  importances(): Float64Array {
    const { importances: known, columns } = this.model
    if (known !== undefined) return Float64Array.from(known)
    const all = new Float64Array(columns)
    for (const { feature, gain } of this.model.trees) {
      const sum = gain.reduce((a, b) => a + b, 0)
      if (sum > 0) for (const [node, column] of feature.entries()) if (column >= 0) all[column]! += gain[node]! / sum
    }
    const sum = all.reduce((a, b) => a + b, 0)
    return sum > 0 ? all.map(each => each / sum) : all
  }

  /** Scores a row after the other without allocating. Its row is the forest's own, which `contributions` writes to too. */
  scorer(): Scorer {
    const walker = this.#walker
    const { length } = this.model.trees
    const outputs = new Float32Array(walker.outputs)
    const score = (): number => {
      for (let k = 0; k < outputs.length; k++) outputs[k] = walker.sum(k, 0) / length
      return outputs.length === 1 ? outputs[0]! : largest(outputs)
    }
    return { row: walker.row, outputs, score }
  }

  #means(table: Matrix): Float32Array {
    const sums = new Float32Array(table.rows * this.#walker.outputs)
    this.#walker.sums(table, 0, sums)
    const { length } = this.model.trees
    for (let i = 0; i < sums.length; i++) sums[i]! /= length
    return sums
  }
}

/** A tree with the shares of one class as its values. */
function ofClass(tree: Tree, shares: Float32Array, k: number, classes: number): Tree {
  const value = new Float32Array(tree.feature.length)
  for (let node = 0; node < value.length; node++) value[node] = shares[node * classes + k]!
  return { ...tree, value }
}
