import type { Tree } from '../trees/index.ts'

/** Where trees cut each column, ascending, each value once. */
export function cutsOf(trees: readonly Tree[], columns: number): Float32Array[] {
  const found = Array.from({ length: columns }, () => new Set<number>())
  for (const { feature, threshold } of trees)
    for (const [node, column] of feature.entries()) if (column >= 0) found[column].add(threshold[node])
  return found.map(values => Float32Array.from(values).sort())
}

/** Those of ascending numbers in `(low, high]`. */
export function cutsBetween(ascending: Float32Array, low: number, high: number): Float32Array {
  const place = (value: number): number => {
    let [from, to] = [0, ascending.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (ascending[middle] <= value) from = middle + 1
      else to = middle
    }
    return from
  }
  return ascending.subarray(place(low), place(high))
}
