/** No sensor gives a value beyond this: near the end of what four bytes hold, where sums and squares are still numbers. */
const MOST = 3e38

/**
 * A reading as a matrix holds it (a row scores the same, whichever way it came), or NaN where it is none: missing, infinite, or beyond what any sensor gives. Such a reading counts as missing,
 * so that it is not kept; to alarm for it is for checks of ranges.
 */
export function readingOf(value: number): number {
  const single = Math.fround(value)
  return Math.abs(single) <= MOST ? single : Number.NaN
}

/** The last value of each sensor, with its age in rows: what stands in for a missing value. */
export class LastValues {
  readonly values: Float64Array
  /** Rows since each sensor was heard; -1 where it never was. */
  readonly ages: Int32Array
  readonly #usual: ArrayLike<number>
  readonly #oldest: number

  /**
   * @param usual what stands in for a sensor that has not been heard for long: its mean in training
   * @param oldest rows for which the last value still stands
   */
  constructor(usual: ArrayLike<number>, oldest: number) {
    this.values = Float64Array.from(usual, Math.fround)
    this.ages = new Int32Array(usual.length).fill(-1)
    this.#usual = usual
    this.#oldest = oldest
  }

  get bytes(): number {
    return this.values.byteLength + this.ages.byteLength
  }

  /** Takes a row, NaN where a value is missing; returns how many were missing. */
  take(row: ArrayLike<number>): number {
    let missing = 0
    for (let i = 0; i < this.values.length; i++) {
      const value = readingOf(row[i]!)
      if (!Number.isNaN(value)) {
        this.values[i] = value
        this.ages[i] = 0
        continue
      }
      missing++
      if (this.ages[i]! >= 0) this.ages[i]!++
      if (this.ages[i]! > this.#oldest) this.values[i] = Math.fround(this.#usual[i]!)
    }
    return missing
  }
}
