/** The share of the standard normal distribution that lies above z (Numerical Recipes' erfc, relative error under 1.2e-7). */
export function normalAbove(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + x / 2)
  const series = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ].reduce((sum, factor) => sum * t + factor, 0)
  const above = (t * Math.exp(-x * x + series)) / 2
  return z >= 0 ? above : 1 - above
}

/** The z above which a share of the standard normal distribution lies: by halving, to 1e-12. */
export function normalQuantileAbove(share: number): number {
  let low = -40
  let high = 40
  while (high - low > 1e-12 * Math.max(1, Math.abs(low))) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (normalAbove(middle) > share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The value above which a share of the chi-squared distribution lies (Wilson and Hilferty; within 1 % for shares from .001 and 3 degrees up). */
export function chiSquaredAbove(degrees: number, share: number): number {
  const spread = 2 / (9 * degrees)
  return degrees * Math.max(0, 1 - spread + normalQuantileAbove(share) * Math.sqrt(spread)) ** 3
}
