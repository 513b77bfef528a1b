import type { Cost } from './costs/cost.ts'
import type { Cuts } from './pelt.ts'

/** Rows up to which one search may cut anywhere: on plain noise they are quadratic. More than the kernel takes. */
export const MOST_PLACES = 4_000

/** A cost that is cut at every `step`-th row only, so that a search over a long series stays bounded; row k is the given one's row `k * step`. */
export interface Coarse {
  readonly cost: Cost
  readonly step: number
  /** Cuts of the coarse series as rows of the given one, each moved to where it gains most between its neighbors; those that then gain no more than the penalty are left out. */
  refine(cuts: Cuts, penalty: number): Cuts
}

/** The given cost itself (step 1) where the series is short. */
export function coarseOf(cost: Cost, places: number): Coarse {
  const step = Math.ceil(cost.rows / places)
  if (step === 1) return { cost, step, refine: cuts => cuts }
  const rows = Math.floor(cost.rows / step)
  const row = (place: number): number => (place === rows ? cost.rows : place * step)
  const refine = (cuts: Cuts, penalty: number): Cuts => {
    const moved = movedIn(cost, cuts.map(row), step)
    const kept = worthwhile(cost, moved, penalty)
    return kept.length < moved.length ? movedIn(cost, kept, step) : moved
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

/** Each cut, from left to right, where it gains most between its neighbors. */
function movedIn(cost: Cost, cuts: Cuts, step: number): number[] {
  const moved: number[] = []
  for (const [i, cut] of cuts.entries())
    moved.push(nearby(cost, moved.at(-1) ?? 0, cut, cuts[i + 1] ?? cost.rows, step))
  return moved
}

/** Cuts without those that gain too little: a change between two places of the coarse series may have been cut at both. */
function worthwhile(cost: Cost, cuts: Cuts, penalty: number): number[] {
  const kept: number[] = []
  for (const [i, cut] of cuts.entries()) {
    const from = kept.at(-1) ?? 0
    const to = cuts[i + 1] ?? cost.rows
    if (cost.between(from, to) - cost.between(from, cut) - cost.between(cut, to) > penalty) kept.push(cut)
  }
  return kept
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
