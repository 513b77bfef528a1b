import type { Columns } from '../columns.ts'
import type { Cost } from './cost.ts'
import { meanCost } from './normal.ts'

/** A change of level whatever the distribution: the mean's cost of each column's ranks, which have variance 1 (Kruskal and Wallis). Outliers weigh little. */
export function rankCost(columns: Columns): Cost {
  return meanCost({ ...columns, values: columns.values.map(ranksOf) })
}

/** Ranks, equal values sharing their mean, centered and with variance 1; NaN stays NaN. */
export function ranksOf(values: Float64Array): Float64Array {
  const present = Array.from(values.keys()).filter(row => !Number.isNaN(values[row]!))
  present.sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(values.length).fill(Number.NaN)
  const middle = (present.length - 1) / 2
  let square = 0
  for (let start = 0; start < present.length; ) {
    let end = start
    while (end < present.length && values[present[end]!] === values[present[start]!]) end++
    const rank = (start + end - 1) / 2 - middle
    for (let i = start; i < end; i++) ranks[present[i]!] = rank
    square += (end - start) * rank * rank
    start = end
  }
  const deviation = Math.sqrt(square / present.length)
  return ranks.map(rank => rank / deviation)
}
