/** No sensor gives a value beyond this: near the end of what four bytes hold, where sums and squares are still numbers. */
export const MOST_VALUE = 3e38

/** A count of rows goes no further, so that it does not begin anew below zero. */
export const MOST_COUNT = 2 ** 31 - 1

/**
 * A reading as a matrix holds it (a row scores the same, whichever way it came), or NaN where it is none: missing, infinite, or beyond what any sensor gives. Such a reading counts as missing,
 * so that it is not kept; to alarm for it is for checks of ranges.
 */
export function readingOf(value: number): number {
  const single = Math.fround(value)
  return Math.abs(single) <= MOST_VALUE ? single : Number.NaN
}

/** The last value of each sensor: what stands in for a missing one. */
export class LastValues {
  readonly values: Float64Array
  /** 1 where a sensor has been silent for longer than it ever was in training: what stands in for it is no evidence. */
  readonly unheard: Uint8Array
  /** Rows in a row for which each sensor has been silent. */
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
    this.unheard = new Uint8Array(usual.length)
    this.#silent = new Int32Array(usual.length)
    this.#patience = patience
    this.#usual = usual
    this.#oldest = oldest
  }

  get bytes(): number {
    return this.values.byteLength + this.unheard.byteLength + this.#silent.byteLength
  }

  /** Takes a row, NaN where a value is missing. */
  take(row: ArrayLike<number>): void {
    for (let i = 0; i < this.values.length; i++) {
      const value = readingOf(row[i]!)
      if (!Number.isNaN(value)) {
        this.values[i] = value
        this.#silent[i] = 0
        this.unheard[i] = 0
        continue
      }
      const silent = Math.min(this.#silent[i]! + 1, MOST_COUNT)
      this.#silent[i] = silent
      if (silent > this.#patience[i]!) this.unheard[i] = 1
      if (silent > this.#oldest) this.values[i] = Math.fround(this.#usual[i]!)
    }
  }
}
