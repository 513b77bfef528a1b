import type { Cost } from './costs/cost.ts'
import type { Cuts } from './pelt.ts'

/** Rows up to which every row may be a cut. */
const MOST_PLACES = 2_000

/** A cost that is cut at every `step`-th row only, so that a search over a long series stays bounded; row k is the given one's row `k * step`. */
export interface Coarse {
  readonly cost: Cost
  readonly step: number
  /** Cuts of the coarse series as rows of the given one, each moved to where it gains most between its neighbors. */
  refine(cuts: Cuts): Cuts
}

/** The given cost itself (step 1) where the series is short. */
export function coarseOf(cost: Cost, places = MOST_PLACES): Coarse {
  const step = Math.ceil(cost.rows / places)
  if (step === 1) return { cost, step, refine: cuts => cuts }
  const rows = Math.floor(cost.rows / step)
  const row = (place: number): number => (place === rows ? cost.rows : place * step)
  const refine = (cuts: Cuts): Cuts => {
    const refined: number[] = []
    for (const [i, place] of cuts.entries()) {
      const from = refined.at(-1) ?? 0
      const to = i + 1 < cuts.length ? row(cuts[i + 1]!) : cost.rows
      refined.push(nearby(cost, from, row(place), to, step))
    }
    return refined
  }
  return {
    step,
    refine,
    cost: {
      ...cost,
      rows,
      least: Math.ceil(cost.least / step),
      between: (from, to) => cost.between(row(from), row(to)),
    },
  }
}

/** The best cut of `[from, to)` less than `step` rows from `at`, which it must leave possible. */
function nearby(cost: Cost, from: number, at: number, to: number, step: number): number {
  let best = at
  let least = Infinity
  const last = Math.min(at + step - 1, to - cost.least)
  for (let cut = Math.max(at - step + 1, from + cost.least); cut <= last; cut++) {
    const sum = cost.between(from, cut) + cost.between(cut, to)
    if (sum >= least) continue
    least = sum
    best = cut
  }
  return best
}
