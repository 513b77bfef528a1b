import type { Columns } from '../columns.ts'
import { type Cost, sumsOf } from './cost.ts'

/** A change of level or of slope, the noise staying what it is: squared distances from the piece's straight line. */
export function trendCost({ rows, values }: Columns): Cost {
  const half = rows / 2
  const sums = values.map(column => ({
    count: sumsOf(column, () => 1),
    // Time counts from the middle and in halves of the series, or its squares would swallow the values.
    time: sumsOf(column, (_, row) => (row - half) / half),
    timeSquare: sumsOf(column, (_, row) => ((row - half) / half) ** 2),
    sum: sumsOf(column, value => value),
    square: sumsOf(column, value => value * value),
    product: sumsOf(column, (value, row) => (value * (row - half)) / half),
  }))
  const between = (from: number, to: number): number => {
    let cost = 0
    for (const { count, time, timeSquare, sum, square, product } of sums) {
      const present = count[to]! - count[from]!
      if (present < 1) continue
      const total = sum[to]! - sum[from]!
      const moment = time[to]! - time[from]!
      const spread = square[to]! - square[from]! - (total * total) / present
      const run = timeSquare[to]! - timeSquare[from]! - (moment * moment) / present
      const joint = product[to]! - product[from]! - (total * moment) / present
      // One row, or rows at one time, have no slope.
      cost += Math.max(0, present > 1 && run > 0 ? spread - (joint * joint) / run : spread)
    }
    return cost
  }
  return { rows, least: 2, parameters: 2 * values.length, slack: 0, between }
}
