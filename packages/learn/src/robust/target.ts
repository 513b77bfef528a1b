import type { Matrix } from '../base/matrix.ts'
import type { InputGradient } from '../nets/index.ts'

/** A classifier as an attacker meets it: rows in, a row of probabilities each out. */
export interface Decider {
  readonly classes: number
  probabilities(rows: Matrix): Matrix
}

/** One whose loss can be differentiated by what is put in: the white box. Its gradient is of the mean cross entropy. */
export interface Differentiable extends Decider {
  gradient(rows: Matrix, labels: Int32Array): InputGradient
}

/** How a row stands to a class: by how much the likeliest other class is more probable. Above 0 it is told wrongly. */
export function marginsOf(target: Decider, rows: Matrix, labels: Int32Array): Float64Array {
  const { columns, data } = target.probabilities(rows)
  return Float64Array.from(labels, (label, row) => {
    let other = Number.NEGATIVE_INFINITY
    for (let k = 0; k < columns; k++) if (k !== label) other = Math.max(other, data[row * columns + k])
    return other - data[row * columns + label]
  })
}

/** The share of rows that are told rightly. A tie is told wrongly: an attacker would find it. */
export function accuracyOf(target: Decider, rows: Matrix, labels: Int32Array): number {
  if (rows.rows === 0) return Number.NaN
  return marginsOf(target, rows, labels).reduce((sum, margin) => sum + Number(margin < 0), 0) / rows.rows
}

/** What an attack made of rows, and how it went. */
export interface Attacked {
  /** As many rows as were given; those that were told wrongly from the first are as they were. */
  readonly rows: Matrix
  /** The share of rows that is still told rightly. */
  readonly accuracy: number
  /** Rows that the target was asked about. */
  readonly queries: number
}
