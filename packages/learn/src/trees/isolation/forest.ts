import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import type { Tree } from '../tree.ts'
import { checkTrees } from '../tree-check.ts'
import { type Scorer, Walker } from '../walk/walker.ts'
import { averagePath } from './average.ts'

/** What an isolation forest is made of. */
export interface IsolationModel {
  readonly columns: number
  /** How many rows a tree was grown over. */
  readonly sample: number
  /** Leaves say how long the path to them is, with what is expected below them. */
  readonly trees: readonly Tree[]
}

/** An isolation forest (Liu, Ting and Zhou, ICDM 2008): what few random cuts set apart is an anomaly. Made by `fitIsolation`. */
export class IsolationForest {
  readonly model: IsolationModel
  readonly #walker: Walker
  readonly #expected: number

  /** Error: `model_tree`. */
  constructor(model: IsolationModel) {
    checkTrees(model.trees, model.columns)
    if (model.trees.length === 0 || !(model.sample >= 2))
      throw new LearnError(
        'model_tree',
        `${model.trees.length} trees over samples of ${model.sample} rows are no forest`,
      )
    for (const [i, { value }] of model.trees.entries())
      if (value.some(length => length < 0))
        throw new LearnError('model_tree', `trees[${i}]: a path of a length below 0`)
    this.model = model
    this.#walker = new Walker([model.trees], model.columns)
    this.#expected = averagePath(model.sample)
  }

  /** How much memory it walks in, whatever it scores. */
  get bytes(): number {
    return this.#walker.bytes
  }

  /** Mean path length of a row over the trees. Error: `table_width`. */
  pathLength(row: ArrayLike<number>): number {
    this.#walker.set(row)
    return this.#walker.sum(0, 0) / this.model.trees.length
  }

  /** From 0 to 1: above .5 is stranger than the rows that were learned from, in the mean. A missing value goes with most rows. Error: `table_width`. */
  score(row: ArrayLike<number>): number {
    return this.#scoreOf(this.pathLength(row))
  }

  /** A score a row, into `out` where it is given. Error: `table_width`. */
  scores(table: Matrix, out = new Float32Array(table.rows)): Float32Array {
    this.#walker.sums(table, 0, out)
    const { length } = this.model.trees
    for (let i = 0; i < out.length; i++) out[i] = this.#scoreOf(out[i]! / length)
    return out
  }

  /**
   * Which sensor it was: by how many steps each column makes a row's mean path shorter (above 0) or longer than that of a row like those that were learned from.
   * In all, that path's length less the row's. Error: `table_width`.
   */
  contributions(row: ArrayLike<number>): Float64Array {
    const moves = new Float64Array(this.model.columns)
    this.#walker.set(row)
    this.#walker.paths(0, moves)
    return moves.map(move => (move === 0 ? 0 : -move / this.model.trees.length))
  }

  /** Scores a row after the other without allocating. Its row is the forest's own, which the other methods write to too. */
  scorer(): Scorer {
    const walker = this.#walker
    const outputs = new Float32Array(1)
    const { length } = this.model.trees
    const score = (): number => {
      const found = this.#scoreOf(walker.sum(0, 0) / length)
      outputs[0] = found
      return found
    }
    return { row: walker.row, outputs, score }
  }

  /** 2^(-path / expected), by a function that is quicker than the power. */
  #scoreOf(path: number): number {
    return Math.exp((-Math.LN2 / this.#expected) * path)
  }
}
