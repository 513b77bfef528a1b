import { LearnError } from '../../base/error.ts'
import { largest } from '../../base/largest.ts'
import type { Matrix } from '../../base/matrix.ts'
import { softmax } from '../../base/softmax.ts'
import { MOST_CLASSES } from '../check.ts'
import type { Tree } from '../tree.ts'
import { checkTrees } from '../tree-check.ts'
import { type Scorer, Walker } from '../walk/walker.ts'
import { type Importance, importancesOf } from './importance.ts'
import { type Objective, objectiveOf, sigmoidOf } from './objective.ts'
import type { ObjectiveName } from './options.ts'

/** What boosted trees are made of. */
export interface BoostedModel {
  readonly columns: number
  readonly objective: ObjectiveName
  /** One a class where there are several, and else 1. */
  readonly outputs: number
  /** A probability of binary:logistic, and else a margin. */
  readonly baseScore: number
  readonly trees: readonly Tree[]
  /** To which output each tree belongs. */
  readonly outputOf: readonly number[]
  readonly names?: readonly string[]
}

/** Boosted trees: made by `fitBoosted`, or read by `readXgboost`. */
export class BoostedTrees {
  readonly model: BoostedModel
  readonly #objective: Objective
  readonly #walker: Walker

  /** Errors: `model_tree`, `model_objective`, `option_wrong`. */
  constructor(model: BoostedModel) {
    const { trees, outputOf, outputs, columns, objective, names } = model
    checkTrees(trees, columns)
    const several = objective === 'multi:softprob'
    if (!(Number.isInteger(outputs) && (several ? outputs >= 2 && outputs <= MOST_CLASSES : outputs === 1)))
      throw new LearnError('model_tree', `${outputs} outputs of ${objective}`)
    if (names !== undefined && names.length !== columns)
      throw new LearnError('model_tree', `${names.length} names of ${columns} columns`)
    if (outputOf.length !== trees.length)
      throw new LearnError('model_tree', `outputs of ${outputOf.length} trees, of ${trees.length}`)
    for (const i of trees.keys()) {
      const output = outputOf[i]
      if (!(Number.isInteger(output) && output! >= 0 && output! < outputs))
        throw new LearnError('model_tree', `trees[${i}] belongs to output ${output} of ${outputs}`)
    }
    this.model = model
    this.#objective = objectiveOf(model.objective, outputs, model.baseScore)
    const groups = Array.from({ length: outputs }, (_, k) => trees.filter((_, i) => outputOf[i] === k))
    this.#walker = new Walker(groups, columns)
  }

  /** How many classes it tells apart; 0 for a regression. */
  get classes(): number {
    const { objective, outputs } = this.model
    return objective === 'reg:squarederror' ? 0 : Math.max(2, outputs)
  }

  /** How much memory it walks in, whatever it scores. */
  get bytes(): number {
    return this.#walker.bytes
  }

  /** Sums of leaves: row after row, each with all its outputs. Error: `table_width`. */
  margins(table: Matrix): Float32Array {
    const margins = new Float32Array(table.rows * this.model.outputs)
    this.#walker.sums(table, this.#objective.margin, margins)
    return margins
  }

  /** What XGBoost's `predict` gives: of two classes the probability of the second, of several each one's, or values. Error: `table_width`. */
  outputs(table: Matrix): Float32Array {
    const margins = this.margins(table)
    this.#objective.transform(margins)
    return margins
  }

  /** Row after row the probability of each class. Errors: `not_a_classifier`, `table_width`. */
  predictProbabilities(table: Matrix): Float32Array {
    if (this.classes === 0) throw new LearnError('not_a_classifier', 'a regression has no probabilities')
    const found = this.outputs(table)
    if (this.model.outputs > 1) return found
    const both = new Float32Array(2 * table.rows)
    for (const [i, second] of found.entries()) {
      both[2 * i] = 1 - second
      both[2 * i + 1] = second
    }
    return both
  }

  /** The likeliest class of each row, or its value. Error: `table_width`. */
  predict(table: Matrix): Float32Array {
    const found = this.outputs(table)
    const { outputs } = this.model
    if (this.classes === 0) return found
    if (outputs === 1) return found.map(second => Number(second > 0.5))
    return Float32Array.from({ length: table.rows }, (_, i) => largest(found, i * outputs, outputs))
  }

  /**
   * By how much each column moves a row's margin, from what is expected of any row on (Saabas; XGBoost's `approx_contribs`); behind them what is expected. In all the margin.
   * Errors: `table_width`, `option_wrong`.
   */
  contributions(row: ArrayLike<number>, output = 0): Float64Array {
    const { columns, trees, outputOf } = this.model
    const all = new Float64Array(columns + 1)
    this.#walker.set(row)
    this.#walker.paths(output, all.subarray(0, columns))
    all[columns] = this.#objective.margin
    for (const [i, tree] of trees.entries()) if (outputOf[i] === output) all[columns]! += tree.value[0]!
    return all
  }

  /** How much each column counts in all trees, in XGBoost's ways. */
  importances(kind: Importance = 'gain'): Float64Array {
    return importancesOf(this.model.trees, this.model.columns, kind)
  }

  /** Scores a row after the other without allocating. Its row is the model's own, which `contributions` writes to too. */
  scorer(): Scorer {
    const walker = this.#walker
    const { name, margin } = this.#objective
    const outputs = new Float32Array(this.model.outputs)
    const one = (): number => {
      const sum = walker.sum(0, margin)
      const found = name === 'binary:logistic' ? sigmoidOf(sum) : sum
      outputs[0] = found
      return found
    }
    const several = (): number => {
      for (let k = 0; k < outputs.length; k++) outputs[k] = walker.sum(k, margin)
      softmax(outputs, outputs.length)
      return largest(outputs)
    }
    return { row: walker.row, outputs, score: name === 'multi:softprob' ? several : one }
  }
}
