import type { Columns } from '../columns.ts'
import { type Cost, sumsOf } from './cost.ts'

/** The least variance of a piece, in units of the noise's: what keeps a stuck sensor from being infinitely likely. */
const FLOOR = 1e-4

/** Fewer rows say nothing of a variance: two equal values would make the most likely piece of all. */
const LEAST = 5

/** One column's sums of 1, x and x squared over its present rows. */
interface Moments {
  readonly count: Float64Array
  readonly sum: Float64Array
  readonly square: Float64Array
}

/** A change of mean, the noise staying what it is: squared distances from the piece's mean. */
export function meanCost({ rows, values }: Columns): Cost {
  const moments = values.map(momentsOf)
  const between = (from: number, to: number): number => moments.reduce((cost, one) => cost + spreadOf(one, from, to), 0)
  return { rows, least: 1, parameters: values.length, slack: 0, between }
}

/** A change of variance about the column's own mean (it does not follow changes of mean). */
export function varianceCost({ rows, values }: Columns): Cost {
  const moments = values.map(column => {
    const { count, sum } = momentsOf(column)
    const mean = sum[rows]! / count[rows]!
    return momentsOf(column.map(value => value - mean))
  })
  const between = (from: number, to: number): number =>
    moments.reduce((cost, { count, square }) => {
      return cost + normal(count[to]! - count[from]!, square[to]! - square[from]!)
    }, 0)
  return { rows, least: LEAST, parameters: values.length, slack: 0, between }
}

/** A change of mean, of variance, or of both. */
export function meanVarianceCost({ rows, values }: Columns): Cost {
  const moments = values.map(momentsOf)
  const between = (from: number, to: number): number =>
    moments.reduce((cost, one) => cost + normal(one.count[to]! - one.count[from]!, spreadOf(one, from, to)), 0)
  return { rows, least: LEAST, parameters: 2 * values.length, slack: 0, between }
}

/** Twice the negative log-likelihood of `count` normal values with their best variance that is not under the floor. */
function normal(count: number, spread: number): number {
  if (count === 0) return 0
  const variance = Math.max(spread / count, FLOOR)
  return count * Math.log(variance) + spread / variance
}

function spreadOf({ count, sum, square }: Moments, from: number, to: number): number {
  const present = count[to]! - count[from]!
  if (present === 0) return 0
  const total = sum[to]! - sum[from]!
  return Math.max(0, square[to]! - square[from]! - (total * total) / present)
}

function momentsOf(values: Float64Array): Moments {
  return {
    count: sumsOf(values, () => 1),
    sum: sumsOf(values, value => value),
    square: sumsOf(values, value => value * value),
  }
}
