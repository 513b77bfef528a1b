import type { Matrix } from '../base/matrix.ts'
import { quantileOf } from '../linear/index.ts'

/** No run of the same value is stuck that is shorter than this. */
const LEAST = 10
/** How much longer a run must be than runs usually are. */
const TIMES = 5
const USUAL = 0.95

/**
 * From how many rows of the same value on a column is stuck: ten, or five times what 95 % of its runs stay under, so that a sensor of few steps, or one that tells
 * only changes, is not. Infinite for a column that never moves.
 */
export function stuckAfter({ rows, columns, data }: Matrix, column: number): number {
  const runs: number[] = []
  let length = 0
  let before = Number.NaN
  for (let row = 0; row < rows; row++) {
    const value = data[row * columns + column]!
    if (Number.isNaN(value)) continue
    if (value === before) length++
    else {
      if (length > 0) runs.push(length)
      length = 1
    }
    before = value
  }
  if (length > 0) runs.push(length)
  return runs.length < 2 ? Number.POSITIVE_INFINITY : Math.max(LEAST, Math.ceil(TIMES * quantileOf(runs, USUAL)))
}
