/** No feature has more bins; one of them is that of missing values, where there are any. */
export const BINS = 256

/** Above all values of a checked table: the greatest number of single precision. */
const ABOVE = 3.4028234663852886e38

/** Where a column is cut: values below `cuts[0]` are in bin 0, and so on. */
export interface Cuts {
  /** Ascending. */
  readonly cuts: Float32Array
  /** Whether values are missing. They have the bin behind the last, and then the last cut lies above all values. */
  readonly missing: boolean
}

/** Half way between two numbers; the upper one where single precision has none between. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2)
  return middle > low ? middle : high
}

/**
 * Cuts between the distinct values of a sorted column where they are few, and else at its quantiles, as many rows (or as much weight) between each two.
 * @param before where weights count: the weight of all before each value, and at the end of all
 */
export function cutsOf(sorted: Float32Array, missing: boolean, most: number, before?: Float64Array): Cuts {
  // With missing values one bin is theirs, and one cut is above all.
  const inner = Math.min(most, BINS) - 1 - (missing ? 1 : 0)
  const cuts = distinctCuts(sorted, inner) ?? quantileCuts(sorted, inner, before)
  if (missing) cuts.push(ABOVE)
  return { cuts: Float32Array.from(cuts), missing }
}

/** Between each two that differ, or null where they are more. */
function distinctCuts(sorted: Float32Array, most: number): number[] | null {
  const cuts: number[] = []
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i]! === sorted[i - 1]!) continue
    if (cuts.length === most) return null
    cuts.push(between(sorted[i - 1]!, sorted[i]!))
  }
  return cuts
}

function quantileCuts(sorted: Float32Array, most: number, before?: Float64Array): number[] {
  const { length } = sorted
  const cuts: number[] = []
  let last = sorted[0]!
  for (let q = 1; q <= most; q++) {
    const share = q / (most + 1)
    const at = before === undefined ? Math.floor(share * length) : lowerBound(before, share * before[length]!)
    const value = sorted[Math.min(at, length - 1)]!
    if (!(value > last)) continue
    last = value
    cuts.push(between(sorted[lowerBound(sorted, value) - 1]!, value))
  }
  return cuts
}

/** How many of ascending numbers are below `value`. */
function lowerBound(ascending: Float32Array | Float64Array, value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
