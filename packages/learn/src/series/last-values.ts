/** No sensor gives a value beyond this: near the end of what four bytes hold, where sums and squares are still numbers. */
export const MOST_VALUE = 3e38

/**
 * A reading as a matrix holds it (a row scores the same, whichever way it came), or NaN where it is none: missing, infinite, or beyond what any sensor gives. Such a reading counts as missing,
 * so that it is not kept; to alarm for it is for checks of ranges.
 */
export function readingOf(value: number): number {
  const single = Math.fround(value)
  return Math.abs(single) <= MOST_VALUE ? single : Number.NaN
}

/** The last value of each sensor, with its age in rows: what stands in for a missing value. */
export class LastValues {
  readonly values: Float64Array
  /** Rows since each sensor was heard; -1 where it never was. */
  readonly ages: Int32Array
  /** 1 where a sensor has been silent for longer than it ever was in training: what stands in for it is no evidence. */
  readonly unheard: Uint8Array
  readonly #silent: Int32Array
  readonly #usual: ArrayLike<number>
  readonly #oldest: number
  readonly #patience: ArrayLike<number>

  /**
   * @param usual what stands in for a sensor that has not been heard for long: its mean in training
   * @param oldest rows for which the last value still stands
   * @param patience rows in a row for which each sensor was silent in training, at most
   */
  constructor(usual: ArrayLike<number>, oldest: number, patience: ArrayLike<number> = new Int32Array(usual.length)) {
    this.values = Float64Array.from(usual, Math.fround)
    this.ages = new Int32Array(usual.length).fill(-1)
    this.unheard = new Uint8Array(usual.length)
    this.#silent = new Int32Array(usual.length)
    this.#patience = patience
    this.#usual = usual
    this.#oldest = oldest
  }

  get bytes(): number {
    return this.values.byteLength + this.ages.byteLength + this.unheard.byteLength + this.#silent.byteLength
  }

  /** Takes a row, NaN where a value is missing; returns how many were missing. */
  take(row: ArrayLike<number>): number {
    let missing = 0
    for (let i = 0; i < this.values.length; i++) {
      const value = readingOf(row[i]!)
      if (!Number.isNaN(value)) {
        this.values[i] = value
        this.ages[i] = 0
        this.#silent[i] = 0
        this.unheard[i] = 0
        continue
      }
      missing++
      if (++this.#silent[i]! > this.#patience[i]!) this.unheard[i] = 1
      if (this.ages[i]! >= 0) this.ages[i]!++
      if (this.ages[i]! > this.#oldest) this.values[i] = Math.fround(this.#usual[i]!)
    }
    return missing
  }
}
