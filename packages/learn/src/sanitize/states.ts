/** A sensor with no more different values than this is one of states, however often it changes. */
const FEW = 8
/** Rows of a value from which on it is one that the sensor takes, and no slip. */
const TAKEN = 3
/** Rows in a row that make a stretch: the sensor stays there. */
export const STRETCH = 10
/** To so many stretches of one value a sensor returns: it rests there. */
const RETURNS = 3

/** Rows of one value after the other; of a value that is missing nothing is known. */
export interface Run {
  readonly value: number
  readonly rows: number
}

/** How a column stays at a value: rows, the longest run of them, and how many runs are stretches. */
interface Stay {
  readonly total: number
  readonly longest: number
  readonly stretches: number
}

/** The runs of equal values, missing ones passed over. */
export function runsOf(values: Float64Array): Run[] {
  const runs: Run[] = []
  let from = 0
  for (let row = 1; row <= values.length; row++) {
    if (row < values.length && values[row] === values[from]) continue
    if (from < values.length) runs.push({ value: values[from]!, rows: row - from })
    from = row
  }
  return runs
}

/** The values at which a sensor stands rather than by chance. */
export interface States {
  /** Whether the sensor has no others: a switch, a valve position, a setpoint. */
  readonly only: boolean
  readonly values: ReadonlySet<number>
  readonly lowest: number
  readonly highest: number
}

/**
 * The states of a column. A sensor that stands still in at least half of its rows, or has at most eight different values, is one of states: each value that was held for two rows (of at most
 * eight values: that came) and came in three rows. Any other one has those to which it returned for at least ten rows three times: a pump that is off. Values that lie farther
 * from the others than ten times their range are none if they were never held (-999 for a fault), or are the others in thousandths.
 */
export function statesOf(runs: readonly Run[]): States {
  const present = runs.reduce((sum, run) => sum + run.rows, 0)
  const few = hasFew(runs)
  const only = few || 2 * (present - runs.length) >= present
  const rows = new Map<number, Stay>()
  // Of a sensor that is not of states every value is another one: only where it stays is worth keeping.
  for (const run of only ? runs : runs.filter(run => run.rows >= STRETCH)) {
    const { total = 0, longest = 0, stretches = 0 } = rows.get(run.value) ?? {}
    rows.set(run.value, {
      total: total + run.rows,
      longest: Math.max(longest, run.rows),
      stretches: stretches + Number(run.rows >= STRETCH),
    })
  }
  const values = new Set<number>()
  for (const [value, { total, longest, stretches }] of rows) {
    if (only ? total >= TAKEN && (few || longest > 1) : stretches >= RETURNS) values.add(value)
  }
  if (only) for (const value of slipsAmong(values, rows)) values.delete(value)
  let [lowest, highest] = [Infinity, -Infinity]
  for (const value of values) {
    lowest = Math.min(lowest, value)
    highest = Math.max(highest, value)
  }
  return { only, values, lowest, highest }
}

function hasFew(runs: readonly Run[]): boolean {
  const different = new Set<number>()
  for (const { value } of runs) if (different.add(value).size > FEW) return false
  return true
}

/** So many times their range lies what is none of them away from states. */
const FAR = 10
/** A prefix that was lost: mbar for bar. */
const PREFIX = 1_000

/** The values of a group that lies far from the others and was never held for two rows, or is they in thousandths and rarer. */
function slipsAmong(values: ReadonlySet<number>, rows: ReadonlyMap<number, Stay>): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const total = (group: readonly number[]): number => group.reduce((sum, value) => sum + rows.get(value)!.total, 0)
  const isSlip = (group: readonly number[], others: readonly number[]): boolean => {
    const [lowest, highest] = [others[0]!, others.at(-1)!]
    const isRescaled = group.every(value => value / PREFIX >= lowest && value / PREFIX <= highest)
    return group.every(value => rows.get(value)!.longest === 1) || (isRescaled && total(group) < total(others))
  }
  const isFar = (gap: number, range: number): boolean => range > 0 && gap > FAR * range
  for (let cut = 1; cut < sorted.length; cut++) {
    const gap = sorted[cut]! - sorted[cut - 1]!
    const isHighFar = isFar(gap, sorted[cut - 1]! - sorted[0]!)
    if (!isHighFar && !isFar(gap, sorted.at(-1)! - sorted[cut]!)) continue
    const [low, high] = [sorted.slice(0, cut), sorted.slice(cut)]
    const [group, others] = isHighFar ? [high, low] : [low, high]
    if (isSlip(group, others)) return [...group, ...slipsAmong(new Set(others), rows)]
  }
  return []
}
