import { type Matrix, rowOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import type { Tree } from '../trees/index.ts'
import type { Feasible, Reach } from './feasible.ts'
import type { Attacked, Decider } from './target.ts'
import { checkAttack, chosen, Worst } from './worst.ts'

export interface CoordinateOptions extends Reach {
  readonly feasible: Feasible
  /** Values of each column between which something changes: where trees cut (`cutsOf`). Without them values are drawn within reach. */
  readonly cuts?: readonly Float32Array[]
  /** Rounds of tries; in each, every row that still holds tries once. 60. */
  readonly rounds?: number
  /** Candidates that a row tries in a round. 16. */
  readonly tries?: number
  /** Columns that are moved at all, at most. */
  readonly sparsity?: number
  /** Where the search begins, if not at the rows themselves: what another attack made of them. */
  readonly start?: Matrix
  readonly seed?: number
}

const DEFAULTS = { rounds: 60, tries: 16, seed: 1 }
/** Where values are drawn: so often an end of what can be reached, which is where most harm is. */
const ENDS = 0.5
/** By so much, of a cut, a value stands beyond it. */
const BEYOND = 2e-7

/**
 * A search by scores alone: moves one to three columns of a row at a time and keeps what lowers the true class's lead. With the cuts of trees it steps over one cut after the other, as
 * searches over neighboring leaves do (Zhang, Zhang and Hsieh, NeurIPS 2020); without them it is a random search at the ends of the reach (as Andriushchenko and others, ECCV 2020). What has no slope,
 * an ensemble of trees, is attacked so. Errors: `attack_invalid`.
 */
export function coordinateSearch(
  target: Decider,
  rows: Matrix,
  labels: Int32Array,
  options: CoordinateOptions,
): Attacked {
  const { rounds, tries, seed, feasible, cuts, start, sparsity = rows.columns } = { ...DEFAULTS, ...options }
  checkAttack(rows, labels, options, feasible)
  const random = randomOf(seed)
  const best = new Worst(target, rows, labels)
  if (start !== undefined) best.take(Array.from(labels.keys()), start)
  const { free } = feasible
  if (free.length === 0) return best.result
  const reachable = (row: number, column: number): number => {
    const from = rowOf(rows, row)[column]
    const [low, high] = feasible.range(column, from, options)
    const inside = cuts === undefined ? [] : between(cuts[column], low, high)
    if (inside.length > 0) {
      const cut = inside[random.below(inside.length)]
      // Below a cut is left of it, on it is right.
      return random.next() < 0.5 ? cut : Math.max(low, Math.fround(cut - BEYOND * Math.max(1, Math.abs(cut))))
    }
    if (random.next() < ENDS) return random.next() < 0.5 ? low : high
    return low + random.next() * (high - low)
  }
  for (let round = 0; round < rounds; round++) {
    const open = best.open
    if (open.length === 0) break
    for (let attempt = 0; attempt < tries; attempt++) {
      const candidates = chosen(best.rows, open)
      for (const [i, row] of open.entries()) {
        const moving = rowOf(candidates, i)
        const original = rowOf(rows, row)
        const moved = free.filter(column => moving[column] !== original[column])
        // One more where it may be, else one of those that have moved already.
        const count = 1 + random.below(3)
        for (let k = 0; k < count; k++) {
          const column =
            moved.length + k >= sparsity ? moved[random.below(moved.length)] : free[random.below(free.length)]
          if (column !== undefined) moving[column] = reachable(row, column)
        }
        feasible.project(moving, original, options)
      }
      best.take(open, candidates)
    }
  }
  return best.result
}

/** Where trees cut each column, ascending, each value once. */
export function cutsOf(trees: readonly Tree[], columns: number): Float32Array[] {
  const found = Array.from({ length: columns }, () => new Set<number>())
  for (const { feature, threshold } of trees)
    for (const [node, column] of feature.entries()) if (column >= 0) found[column].add(threshold[node])
  return found.map(values => Float32Array.from(values).sort())
}

/** Those of ascending numbers in `(low, high]`. */
function between(ascending: Float32Array, low: number, high: number): Float32Array {
  const place = (value: number): number => {
    let [from, to] = [0, ascending.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (ascending[middle] <= value) from = middle + 1
      else to = middle
    }
    return from
  }
  return ascending.subarray(place(low), place(high))
}
