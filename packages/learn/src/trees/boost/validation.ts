import { LearnError } from '../../base/error.ts'
import { type Matrix, rowOf } from '../../base/matrix.ts'
import { checkTargets } from '../check.ts'
import type { Tree } from '../tree.ts'
import { leafOf } from '../walk/plain.ts'
import type { Objective } from './objective.ts'

/** Rows that are not learned from: the loss on them says when to stop. */
export class Validation {
  readonly #table: Matrix
  readonly #targets: ArrayLike<number>
  readonly #objective: Objective
  readonly #patience: number
  readonly #margins: Float32Array
  #rounds = 0
  #best = 0
  #least = Number.POSITIVE_INFINITY

  /** Errors: `labels_length`, `labels_wrong` (a class that was not learned). */
  constructor(table: Matrix, targets: ArrayLike<number>, objective: Objective, patience: number) {
    checkTargets(targets, table.rows)
    const classes = Math.max(2, objective.outputs)
    for (let i = 0; objective.name !== 'reg:squarederror' && i < table.rows; i++) {
      const target = targets[i]!
      if (!Number.isInteger(target) || target < 0 || target >= classes)
        throw new LearnError('labels_wrong', `validation row ${i}: ${target} is none of ${classes} classes`)
    }
    this.#table = table
    this.#targets = targets
    this.#objective = objective
    this.#patience = patience
    this.#margins = new Float32Array(table.rows * objective.outputs).fill(objective.margin)
  }

  /** The mean loss with a round's trees, one an output, added. */
  measure(trees: readonly Tree[]): number {
    const { outputs } = this.#objective
    for (const [k, tree] of trees.entries()) {
      for (let i = 0; i < this.#table.rows; i++)
        this.#margins[i * outputs + k]! += tree.value[leafOf(tree, rowOf(this.#table, i))]!
    }
    const predicted = this.#margins.slice()
    this.#objective.transform(predicted)
    const loss = this.#objective.loss(predicted, this.#targets)
    this.#rounds++
    if (loss < this.#least) {
      this.#least = loss
      this.#best = this.#rounds
    }
    return loss
  }

  /** How many rounds had the least loss. */
  get best(): number {
    return Math.max(1, this.#best)
  }

  get patienceIsOver(): boolean {
    return this.#rounds - this.#best >= this.#patience
  }
}
