import { chiSquaredAbove, normalQuantileAbove } from '../linear/index.ts'
import type { Weigh } from './directions.ts'

/**
 * Mahalanobis' distance with a ridge: directions of large variance count as in T2, those of next to none as in Q, without a number of components to
 * choose. The ridge is the variance, in that of a feature, that a direction may have from what was not seen in training.
 */
export function ridged(ridge: number): Weigh {
  return variances => variances.map(variance => 1 / (variance + ridge))
}

/** Hotelling's T2 over the fewest directions that hold a share of the variance. */
export function hotelling(share: number): Weigh {
  return variances => {
    const from = variances.length - componentsOf(variances, share)
    return variances.map((variance, c) => (c >= from && variance > 0 ? 1 / variance : 0))
  }
}

/** Q, the squared prediction error: what the directions that T2 takes leave over. */
export function residual(share: number): Weigh {
  return variances => {
    const from = variances.length - componentsOf(variances, share)
    return variances.map((_, c) => (c < from ? 1 : 0))
  }
}

/** How many of the largest variances hold a share of their sum. */
export function componentsOf(variances: Float64Array, share: number): number {
  const whole = variances.reduce((sum, variance) => sum + variance, 0)
  let held = 0
  let count = 0
  while (count < variances.length && held < share * whole) held += variances[variances.length - 1 - count++]!
  return count
}

/**
 * The T2 that a share of independent normal rows exceeds: chi-squared, widened by (n^2 - 1) / (n (n - k)) for means and variances that are themselves learned from n rows
 * (Jackson 1991; the F distribution's tail is taken as the chi-squared's).
 */
export function hotellingLimit(components: number, rows: number, rate: number): number {
  const widened = (rows * rows - 1) / (rows * Math.max(1, rows - components))
  return widened * chiSquaredAbove(components, rate)
}

/** The Q that a share of independent normal rows exceeds (Jackson and Mudholkar 1979), by the variances that are left over. */
export function residualLimit(variances: ArrayLike<number>, rate: number): number {
  const sums = [0, 0, 0]
  for (let i = 0; i < variances.length; i++) {
    for (let power = 1; power <= 3; power++) sums[power - 1]! += variances[i]! ** power
  }
  const [first, second, third] = sums as [number, number, number]
  if (first <= 0) return 0
  const h = 1 - (2 * first * third) / (3 * second * second)
  const z = normalQuantileAbove(rate)
  // inner = 1 + h * rest. z has the sign of h, as they give it: the h-th power of Q falls with Q where h is below 0.
  const rest = (z * Math.sqrt(2 * second)) / first + (second * (h - 1)) / (first * first)
  if (Math.abs(h) < 1e-9) return first * Math.exp(rest)
  if (1 + h * rest <= 0) return h > 0 ? 0 : Number.POSITIVE_INFINITY
  return first * Math.exp(Math.log1p(h * rest) / h)
}
