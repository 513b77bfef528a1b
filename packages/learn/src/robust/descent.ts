import { type Matrix, rowOf } from '../base/matrix.ts'
import type { Random } from '../base/random.ts'
import { picked } from '../base/rows.ts'
import { type Moves, shuffled } from './moves.ts'
import type { Decider } from './target.ts'
import { pick, Worst } from './worst.ts'

/** Where rows go down from, and how. */
export interface Descent {
  readonly target: Decider
  readonly labels: Int32Array
  /** Places of rows in the table that is attacked, and where each begins. */
  readonly open: readonly number[]
  readonly from: Matrix
  readonly moves: Moves
  /** Values that are tried in a column before the next one, at most. */
  readonly values: number
  readonly random: Random
  /** Brings a moved row, by its place, to what is feasible. */
  readonly settle: (moving: Float32Array, row: number) => void
}

/** Times through all columns. */
const SWEEPS = 4

/**
 * Rows go down column by column, each in an order of its own, every time to the best of all values that a column can be given: what a search by draws passes by where few of many values do harm.
 * A row of the table that is attacked becomes what its descent came to, where that is worse for the target.
 */
export function descend(best: Worst, { target, labels, open, from, moves, values, random, settle }: Descent): void {
  const own = new Worst(target, from, pick(labels, open))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const orders = open.map(() => shuffled(moves.free.slice(), random))
    for (let turn = 0; turn < moves.free.length; turn++) {
      const still = new Set(own.open)
      const tried = open.map((row, at) =>
        still.has(at) ? moves.valuesOf(rowOf(own.rows, at), row, orders[at][turn], values) : [],
      )
      for (let k = 0; k < values; k++) {
        const moving = own.open.filter(at => k < tried[at].length)
        if (moving.length === 0) break
        const candidates = picked(own.rows, moving)
        for (const [i, at] of moving.entries()) {
          const candidate = rowOf(candidates, i)
          candidate[orders[at][turn]] = tried[at][k]
          settle(candidate, open[at])
        }
        own.take(moving, candidates, 'level')
      }
    }
  }
  best.take(open, own.rows)
  best.queries += own.queries
}
