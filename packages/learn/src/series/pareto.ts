import { quantileOfSorted, sortedOf } from '../linear/index.ts'

/** A generalized Pareto tail: of the scores above `level`, a share `above` of all, by shape and scale. */
export interface Tail {
  readonly level: number
  readonly above: number
  readonly shape: number
  readonly scale: number
}

/** The share of scores that the tail is fitted to, and the least number of them. */
const PEAKS = 0.1
const LEAST_PEAKS = 20
/** A tail is held between one with an end and one without a mean, where probability-weighted moments still mean something. */
const SHAPES = { least: -0.5, most: 0.9 }

/**
 * Fits the tail of scores by peaks over a threshold: the largest tenth, at least twenty, by probability-weighted moments (Hosking and Wallis 1987), which stay sane for few
 * peaks. Errors: `rows_too_few`, `value_missing`.
 */
export function fitTail(scores: ArrayLike<number>): Tail {
  const sorted = sortedOf(scores)
  const count = sorted.length
  const peaks = Math.min(count - 1, Math.max(LEAST_PEAKS, Math.round(PEAKS * count)))
  const level = peaks < 1 ? sorted[count - 1]! : sorted[count - 1 - peaks]!
  let first = 0
  let second = 0
  for (let i = 0; i < peaks; i++) {
    const excess = sorted[count - peaks + i]! - level
    first += excess / peaks
    second += (excess * (1 - (i + 0.65) / peaks)) / peaks
  }
  const spread = first - 2 * second
  const wild = first <= 0 || spread <= 0
  const shape = wild ? 0 : Math.min(SHAPES.most, Math.max(SHAPES.least, 2 - first / spread))
  return { level, above: peaks / count, shape, scale: first * (1 - shape) }
}

/** The score that a share `rate` of all exceeds, by the tail. */
export function tailQuantile({ level, above, shape, scale }: Tail, rate: number): number {
  if (rate >= above) return level
  const times = above / rate
  return Math.abs(shape) < 1e-9 ? level + scale * Math.log(times) : level + (scale / shape) * (times ** shape - 1)
}

/** The share of scores above one that lies in the tail. */
export function tailAbove({ level, above, shape, scale }: Tail, score: number): number {
  if (score <= level || scale <= 0) return score > level ? 0 : above
  const excess = (score - level) / scale
  if (Math.abs(shape) < 1e-9) return above * Math.exp(-excess)
  return above * Math.max(0, 1 + shape * excess) ** (-1 / shape)
}

/**
 * The score that a share `rate` of scores like these exceeds: as counted, where that share is at least one of them, and by the fitted tail beyond.
 */
export function thresholdAt(scores: ArrayLike<number>, rate: number): number {
  if (scores.length * rate >= 1) return quantileOfSorted(sortedOf(scores), 1 - rate)
  const beyond = tailQuantile(fitTail(scores), rate)
  return Math.max(beyond, quantileOfSorted(sortedOf(scores), 1))
}
