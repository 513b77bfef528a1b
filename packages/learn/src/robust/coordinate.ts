import { type Matrix, rowOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { picked } from '../base/rows.ts'
import { descend } from './descent.ts'
import type { Feasible } from './feasible.ts'
import { Moves } from './moves.ts'
import type { Reach } from './rules.ts'
import type { Attacked, Decider } from './target.ts'
import { checkAttack, Worst } from './worst.ts'

export interface CoordinateOptions extends Reach {
  readonly feasible: Feasible
  /** Values of each column between which something changes: where trees cut (`cutsOf`). Without them values are drawn within reach. */
  readonly cuts?: readonly Float32Array[]
  /** Rounds of tries; in each, every row that still holds tries once. 60. */
  readonly rounds?: number
  /** Candidates that a row tries in a round. 16. */
  readonly tries?: number
  /** Times that rows which still hold then go down column by column, to the best of so many values at most: from the row itself first, then from what is like a row of another class. 2 and 64. */
  readonly descents?: number
  readonly values?: number
  /** Columns that are moved at all, at most. */
  readonly sparsity?: number
  /** Where the search begins, if not at the rows themselves: what another attack made of them. */
  readonly start?: Matrix
  readonly seed?: number
}

const DEFAULTS = { rounds: 60, tries: 16, descents: 2, values: 64, seed: 1 }
/** Of the tries of the first round so many put most columns at ends: where the most harm often is. */
const SCATTERED = 0.5

/**
 * A search by scores alone: moves one to three columns of a row at a time, or many, and keeps what does not raise the true class's lead. With the cuts of trees it steps over one cut after the other, as
 * searches over neighboring leaves do (Zhang, Zhang and Hsieh, NeurIPS 2020), to whichever feasible value lies beyond; besides, and without cuts, it is a random search that is often at the ends of the
 * reach (as Andriushchenko and others, ECCV 2020) and tries on a row what made another fall. What holds then is descended upon. What has no slope, an ensemble of trees, is attacked so. Errors: `attack_invalid`.
 */
export function coordinateSearch(
  target: Decider,
  rows: Matrix,
  labels: Int32Array,
  options: CoordinateOptions,
): Attacked {
  const {
    rounds,
    tries,
    descents,
    values,
    seed,
    feasible,
    start,
    sparsity = rows.columns,
  } = { ...DEFAULTS, ...options }
  checkAttack(rows, labels, options, feasible)
  const random = randomOf(seed)
  const best = new Worst(target, rows, labels)
  if (start !== undefined) best.take(Array.from(labels.keys()), start)
  if (feasible.free.length === 0) return best.result
  const moves = new Moves(rows, labels, { ...options, sparsity }, random)
  const settle = (moving: Float32Array, row: number): void => feasible.project(moving, rowOf(rows, row), options)
  for (let round = 0; round < rounds; round++) {
    const open = best.open
    if (open.length === 0) break
    const fallen = best.fallen
    for (let attempt = 0; attempt < tries; attempt++) {
      const candidates = picked(best.rows, open)
      for (const [i, row] of open.entries()) {
        const moving = rowOf(candidates, i)
        if (round === 0 && attempt < SCATTERED * tries) moves.scatter(moving, row)
        else moves.move(moving, row, best.rows, fallen)
        settle(moving, row)
      }
      best.take(open, candidates, 'level')
    }
  }
  for (let descent = 0; descent < descents; descent++) {
    const open = best.open
    if (open.length === 0) break
    const from = picked(rows, open)
    for (const [i, row] of descent === 0 ? [] : open.entries()) {
      moves.mimic(rowOf(from, i), row)
      settle(rowOf(from, i), row)
    }
    descend(best, { target, labels, open, from, moves, values, random, settle })
  }
  return best.result
}
