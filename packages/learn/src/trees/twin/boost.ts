/** Sums of first and second derivatives. */
export interface Pair {
  readonly g: number
  readonly h: number
}

/** `logisticGradients`. */
export function logisticPair(margin: number, label: number, weight: number): Pair {
  const p = 1 / (1 + Math.exp(-margin))
  return { g: (p - label) * weight, h: Math.max(p * (1 - p), 1e-16) * weight }
}

/** `histogram`, of one column: the sums of each of 256 bins. */
export function histogramOf(index: readonly number[], bins: ArrayLike<number>, pairs: readonly Pair[]): Pair[] {
  const sums = Array.from({ length: 256 }, () => ({ g: 0, h: 0 }))
  for (const row of index) {
    const sum = sums[bins[row]!]!
    sum.g += pairs[row]!.g
    sum.h += pairs[row]!.h
  }
  return sums
}

/** What `bestSplit` finds. */
export interface Split {
  readonly score: number
  readonly feature: number
  readonly bin: number
  readonly missingLeft: boolean
  readonly left: Pair
}

/** What a search goes by. */
export interface Rules {
  readonly lambda: number
  readonly alpha: number
  /** h that each child has at least. */
  readonly least: number
}

/** G^2 / (H + lambda), of what L1 leaves of G. */
export function scoreOf({ g, h }: Pair, { lambda, alpha }: Rules): number {
  return (Math.sign(g) * Math.max(0, Math.abs(g) - alpha)) ** 2 / (h + lambda)
}

/** `bestSplit`: all cuts of all columns, missing values on either side (Chen and Guestrin 2016, algorithms 1 and 3). */
export function bestSplitOf(
  columns: readonly { sums: readonly Pair[]; bins: number; missing: boolean }[],
  all: Pair,
  rules: Rules,
  best: number,
): Split | null {
  let found: Split | null = null
  for (const [feature, { sums, bins, missing }] of columns.entries()) {
    for (const missingLeft of missing ? [false, true] : [false]) {
      const cuts = missing && !missingLeft ? bins : bins - 1
      let left: Pair = missingLeft ? sums[bins]! : { g: 0, h: 0 }
      for (let bin = 0; bin < cuts; bin++) {
        left = { g: left.g + sums[bin]!.g, h: left.h + sums[bin]!.h }
        const right = { g: all.g - left.g, h: all.h - left.h }
        if (left.h < rules.least || right.h < rules.least) continue
        const score = scoreOf(left, rules) + scoreOf(right, rules)
        if (score > (found?.score ?? best)) found = { score, feature, bin, missingLeft, left }
      }
    }
  }
  return found
}
