/** What is wrong with a value or a row. Stable. */
export type RemovalCode =
  | 'missing'
  | 'absurd'
  | 'z_score'
  | 'robust'
  | 'state'
  | 'stuck'
  | 'unit_jump'
  | 'clock_back'
  | 'clock_repeat'
  | 'clock_jump'
  | 'clock_ahead'
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

/** Removals as they come, row by row; of a run of rows that have the same wrong, the first is kept, with the last row's end. */
export class RemovalList {
  readonly #removals: Removal[] = []
  /** Where the last one of a code and column stands. */
  readonly #last = new Map<string, number>()

  add(removal: Removal): void {
    const key = `${removal.code} ${removal.column}`
    const at = this.#last.get(key)
    const before = at === undefined ? undefined : this.#removals[at]
    if (at !== undefined && before?.to === removal.from) {
      this.#removals[at] = { ...before, to: removal.to }
      return
    }
    this.#last.set(key, this.#removals.length)
    this.#removals.push(removal)
  }

  get removals(): readonly Removal[] {
    return this.#removals
  }
}

/** A number as it is told: four digits that matter. */
export function told(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value)
}
