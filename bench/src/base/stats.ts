/** The median of `values`, which must not be empty; the mean of the middle two for an even count. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The nearest-rank quantile of `values`: the smallest value that a share of at least `share` (0 to 1) does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = ascending(values)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

/** What the rounds of one measure came to. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Median, least and greatest of the rounds. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

function ascending(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('statistics of no values')
  return [...values].sort((a, b) => a - b)
}
