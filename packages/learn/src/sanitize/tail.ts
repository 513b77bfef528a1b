import type { Level } from './limits.ts'
import type { Run } from './states.ts'

/** Faults are rarer than this share of rows on one side of the center; what comes more often belongs to the column. */
const RARE = 0.003
/** So many may be faults in a table of few rows. */
const FEWEST = 2
/** How many times as far from the center as what comes more often a value may lie. */
const TIMES = 4

/**
 * How far a column goes from its center on each side by what comes too often to be a fault: `TIMES` the distance that `RARE` of its rows lie beyond. A column of two levels, or that rests at one and
 * works in bursts, has a median deviation that says nothing of its range. Where values hardly repeat, one that comes again and again for a single row is a fault's number and counts once.
 */
export function tailsOf(runs: readonly Run[], { center }: Level): [below: number, above: number] {
  const longest = new Map<number, number>()
  for (const { value, rows } of runs) longest.set(value, Math.max(rows, longest.get(value) ?? 0))
  const isFine = 2 * longest.size > runs.length
  const seen = new Set<number>()
  const distances: number[] = []
  for (const { value, rows } of runs) {
    if (isFine && longest.get(value) === 1 && seen.size === seen.add(value).size) continue
    for (let i = 0; i < rows; i++) distances.push(value - center)
  }
  const rank = Math.max(FEWEST, Math.floor(RARE * distances.length))
  distances.sort((a, b) => a - b)
  const [low = 0, high = 0] = [distances[rank], distances[distances.length - 1 - rank]]
  return [center + TIMES * Math.min(0, low), center + TIMES * Math.max(0, high)]
}
