import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { checkOptions, checkTable } from '../check.ts'
import { IsolationForest } from './forest.ts'
import { IsolationGrower } from './grow.ts'

export interface IsolationOptions {
  /** How many trees; 100. */
  readonly trees?: number
  /** How many rows a tree is grown over, or all where there are fewer; 256. */
  readonly sample?: number
  /** Decides all draws; 1. */
  readonly seed?: number
}

const BOUNDS = {
  trees: { least: 1, most: 10_000, whole: true },
  sample: { least: 2, most: 65_536, whole: true },
  seed: { least: -(2 ** 31), most: 2 ** 32 - 1, whole: true },
}

/**
 * Grows an isolation forest over a table, whose values may be missing (NaN). Besides the table it takes memory for its trees and for one sample.
 * Errors: `table_empty` (fewer than two rows too), `value_infinite`, `option_wrong`, `table_too_large`.
 */
export function fitIsolation(table: Matrix, options: IsolationOptions = {}): IsolationForest {
  const all = { trees: 100, sample: 256, seed: 1, ...options }
  checkOptions(all, BOUNDS)
  checkTable(table, 'allowed')
  if (table.rows < 2) throw new LearnError('table_empty', 'one row is not enough for a forest')
  const sample = Math.min(all.sample, table.rows)
  const grower = new IsolationGrower(table, sample, randomOf(all.seed))
  const trees = Array.from({ length: all.trees }, () => grower.grow())
  return new IsolationForest({ columns: table.columns, sample, trees })
}
