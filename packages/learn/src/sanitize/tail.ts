import type { Run } from './states.ts'

/** Faults are rarer than this share of rows on one side of the center; what comes more often belongs to the column. */
const RARE = 0.003
/** So many may be faults in a table of few rows. */
const FEWEST = 2
/** How many times the range of what comes more often a value may lie outside of it. */
const TIMES = 2

/**
 * Between which values a column lies by what comes too often to be a fault: the range that all but `RARE` of its rows on each side lie in, and `TIMES` as much outside. A column of two levels, or that rests at one and
 * works in bursts, has a median deviation that says nothing of its range. Where values hardly repeat, one that comes again and again for a single row is a fault's number and counts once.
 */
export function tailsOf(runs: readonly Run[]): [lowest: number, highest: number] {
  const longest = new Map<number, number>()
  for (const { value, rows } of runs) longest.set(value, Math.max(rows, longest.get(value) ?? 0))
  const isFine = 2 * longest.size > runs.length
  const seen = new Set<number>()
  const values: number[] = []
  for (const { value, rows } of runs) {
    if (isFine && longest.get(value) === 1 && seen.size === seen.add(value).size) continue
    for (let i = 0; i < rows; i++) values.push(value)
  }
  const present = runs.reduce((sum, { rows }) => sum + rows, 0)
  const rank = Math.max(FEWEST, Math.ceil(RARE * present))
  values.sort((a, b) => a - b)
  const [low = 0, high = 0] = [values[rank], values[values.length - 1 - rank]]
  const outside = TIMES * (high - low)
  return [low - outside, high + outside]
}
