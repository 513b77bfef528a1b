/** What is wrong with a value or a row. Stable. */
export type RemovalCode =
  | 'missing'
  | 'z_score'
  | 'robust'
  | 'stuck'
  | 'unit_jump'
  | 'clock_back'
  | 'clock_repeat'
  | 'clock_jump'
  | 'outlier'

/** What was taken out, and why: rows `[from, to)` of a column, or whole rows. */
export interface Removal {
  readonly code: RemovalCode
  readonly from: number
  readonly to: number
  /** -1 for whole rows. */
  readonly column: number
  /** The first value that was taken out, or what a clock or a score showed. */
  readonly value: number
  /** One sentence with its numbers. */
  readonly why: string
}

/** What of a removal is told where a run of rows has the same: the first, with the last row's end. */
export function mergeRuns(removals: readonly Removal[]): Removal[] {
  const open = new Map<string, Removal>()
  const merged: Removal[] = []
  for (const removal of removals) {
    const key = `${removal.code} ${removal.column}`
    const before = open.get(key)
    if (before !== undefined && before.to === removal.from) {
      const longer = { ...before, to: removal.to }
      merged[merged.indexOf(before)] = longer
      open.set(key, longer)
      continue
    }
    merged.push(removal)
    open.set(key, removal)
  }
  return merged
}

/** A number as it is told: four digits that matter. */
export function told(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value)
}
