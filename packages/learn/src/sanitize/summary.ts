import type { Removal, RemovalCode } from './removal.ts'

/** All removals of one code from one column. */
export interface RemovalCount {
  readonly code: RemovalCode
  /** -1 for whole rows. */
  readonly column: number
  /** Values, or whole rows, that were taken out. */
  readonly values: number
  /** Runs of rows that they make up. */
  readonly runs: number
  /** The first row of the first one. */
  readonly first: number
}

/** What was taken out by code and column, the greatest count first. */
export function countRemovals(removals: readonly Removal[]): RemovalCount[] {
  const counts = new Map<string, RemovalCount>()
  for (const { code, column, from, to } of removals) {
    const key = `${code} ${column}`
    const { values = 0, runs = 0, first = from } = counts.get(key) ?? {}
    counts.set(key, { code, column, values: values + to - from, runs: runs + 1, first: Math.min(first, from) })
  }
  return [...counts.values()].sort((a, b) => b.values - a.values)
}
