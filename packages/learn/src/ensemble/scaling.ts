import type { Matrix } from '../base/matrix.ts'
import { medianOf } from '../linear/index.ts'

/** How columns become numbers that a net and a distance can take, five numbers in all a column. */
export interface Scaling {
  /** The column's median. */
  readonly center: Float64Array
  /** The median distance from it, of the values that are not at it. */
  readonly spread: Float64Array
  /** Mean and standard deviation of asinh((value - center) / spread). */
  readonly mean: Float64Array
  readonly deviation: Float64Array
}

/** No scaled value lies farther from 0: what is beyond all that was learned says no more by being still farther. */
export const FARTHEST = 8

/**
 * Learns a scaling whatever unit columns have: the inverse hyperbolic sine keeps small differences and takes the length of long tails (Burbidge, Magee and Robb 1988).
 * A column that is constant, or has no value, becomes 0.
 */
export function learnScaling({ rows, columns, data }: Matrix): Scaling {
  const make = (): Float64Array => new Float64Array(columns)
  const scaling = { center: make(), spread: make().fill(1), mean: make(), deviation: make().fill(1) }
  for (let column = 0; column < columns; column++) {
    const values = Float64Array.from({ length: rows }, (_, row) => data[row * columns + column]!)
    const known = values.filter(value => Number.isFinite(value))
    if (known.length === 0) continue
    const center = medianOf(known)
    const off = known.map(value => Math.abs(value - center)).filter(distance => distance > 0)
    const spread = off.length === 0 ? 1 : medianOf(off)
    const bent = known.map(value => Math.asinh((value - center) / spread))
    const mean = bent.reduce((sum, value) => sum + value, 0) / bent.length
    const variance = bent.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bent.length
    scaling.center[column] = center
    scaling.spread[column] = spread
    scaling.mean[column] = mean
    scaling.deviation[column] = variance > 0 ? Math.sqrt(variance) : 1
  }
  return scaling
}

/** Scaled rows; what is missing becomes 0, the mean. */
export function scaled({ center, spread, mean, deviation }: Scaling, { rows, columns, data }: Matrix): Matrix {
  const out = new Float32Array(data.length)
  for (let at = 0; at < out.length; at++) {
    const column = at % columns
    const value = data[at]!
    if (Number.isNaN(value)) continue
    const bent = Math.asinh((value - center[column]!) / spread[column]!)
    out[at] = Math.max(-FARTHEST, Math.min(FARTHEST, (bent - mean[column]!) / deviation[column]!))
  }
  return { rows, columns, data: out }
}
