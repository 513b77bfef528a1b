import type { Matrix } from '../base/matrix.ts'
import { rowOf } from '../base/matrix.ts'
import { evenly, picked } from '../base/rows.ts'
import { learnScaling, type Scaling, scaled } from './scaling.ts'

/** More rows than these are not compared with. */
const MOST_REFERENCES = 16_384

/** How far a row is from the nearest one of those that were learned, in scaled columns (Ramaswamy, Rastogi and Shim, SIGMOD 2000, with one neighbor: some ways of being normal are rare). */
export class Neighbors {
  readonly scaling: Scaling
  /** Scaled rows. */
  readonly references: Matrix

  constructor(scaling: Scaling, references: Matrix) {
    this.scaling = scaling
    this.references = references
  }

  /** Of many rows, some at equal steps. */
  static learn(x: Matrix): Neighbors {
    const scaling = learnScaling(x)
    const rows = evenly(
      Int32Array.from({ length: x.rows }, (_, row) => row),
      MOST_REFERENCES,
    )
    return new Neighbors(scaling, scaled(scaling, picked(x, rows)))
  }

  /** A distance a row. */
  scores(rows: Matrix): Float64Array {
    const asked = scaled(this.scaling, rows)
    return Float64Array.from({ length: rows.rows }, (_, row) => this.#distance(rowOf(asked, row)))
  }

  #distance(row: Float32Array): number {
    const { data, rows, columns } = this.references
    let nearest = Number.POSITIVE_INFINITY
    for (let from = 0; from < rows * columns; from += columns) {
      let sum = 0
      for (let j = 0; j < columns && sum < nearest; j++) sum += (row[j]! - data[from + j]!) ** 2
      if (sum < nearest) nearest = sum
    }
    return Math.sqrt(nearest)
  }
}
