import { LearnError } from '../base/error.ts'

/** The share `at` (0 to 1) of values that is below, between two values on a straight line (R's type 7). Errors: `rows_too_few`, `value_missing`. */
export function quantileOf(values: ArrayLike<number>, at: number): number {
  return quantileOfSorted(sortedOf(values), at)
}

/** The same of values that are sorted already. */
export function quantileOfSorted(sorted: Float64Array, at: number): number {
  const place = Math.min(1, Math.max(0, at)) * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (place - below) * (high - low)
}

/** A sorted copy. Errors: `rows_too_few` where there is nothing, `value_missing`. */
export function sortedOf(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) throw new LearnError('rows_too_few', 'no values have no quantile')
  if (Number.isNaN(sorted[sorted.length - 1]!)) throw new LearnError('value_missing', 'missing values have no quantile')
  return sorted
}

/** The middle value. */
export function medianOf(values: ArrayLike<number>): number {
  return quantileOf(values, 0.5)
}

/** Of the normal distribution: its standard deviation over its median absolute deviation. */
const NORMAL = 1.482602218505602

/** The median, and 1.4826 times the median distance from it: as large as the standard deviation where values are normal. */
export function medianAndDeviation(values: ArrayLike<number>): { median: number; deviation: number } {
  const median = medianOf(values)
  return { median, deviation: NORMAL * medianOf(Float64Array.from(values, value => Math.abs(value - median))) }
}
