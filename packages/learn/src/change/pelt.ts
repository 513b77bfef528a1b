import type { Cost } from './costs/cost.ts'

/** A way to cut a series: the first rows of its pieces but the first one, ascending. */
export type Cuts = readonly number[]

/**
 * The cuts with the least sum of costs and penalties of all that there are (Killick, Fearnhead and Eckley 2012). In the mean linear in
 * rows where the cuts grow with the series, quadratic where there are none. `least` rows a piece at least.
 */
export function pelt(cost: Cost, penalty: number, least = cost.least): Cuts {
  const { rows } = cost
  const shortest = Math.max(least, cost.least)
  const best = new Float64Array(rows + 1).fill(Infinity)
  const last = new Int32Array(rows + 1)
  best[0] = -penalty
  let candidates: number[] = []
  // Where a candidate has lost at row t, it can still win until a piece that begins at t is long enough.
  const leaves = new Int32Array(rows + 1).fill(rows + 1)
  for (let to = shortest; to <= rows; to++) {
    const from = to - shortest
    if (best[from]! < Infinity) candidates.push(from)
    candidates = candidates.filter(candidate => leaves[candidate]! > to)
    const sums = candidates.map(candidate => best[candidate]! + cost.between(candidate, to))
    for (const [i, sum] of sums.entries()) {
      if (sum + penalty >= best[to]!) continue
      best[to] = sum + penalty
      last[to] = candidates[i]!
    }
    for (const [i, candidate] of candidates.entries()) {
      if (leaves[candidate]! > rows && sums[i]! + cost.slack > best[to]!) leaves[candidate] = to + shortest
    }
  }
  const cuts: number[] = []
  if (best[rows] === Infinity) return cuts
  for (let at = last[rows]!; at > 0; at = last[at]!) cuts.push(at)
  return cuts.reverse()
}
