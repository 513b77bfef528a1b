import { medianOf } from '../linear/index.ts'

/** A spike stands out by more than so many deviations of what stands out otherwise ... */
const SPIKE = 6
/** ... and by more than so much of the column's spread. */
const SEEN = 1

/**
 * A column (in units of its spread) whose single wild values are replaced by the median of the five about them (Hampel's filter): one bad
 * reading is no change, and must not hide one.
 */
export function withoutSpikes(values: Float64Array): Float64Array {
  const smooth = values.map((_, row) => medianOfPresent(values.subarray(Math.max(0, row - 2), row + 3)))
  const away = values.map((value, row) => Math.abs(value - smooth[row]!))
  const limit = Math.max(SEEN, SPIKE * 1.4826 * medianOfPresent(away))
  return values.map((value, row) => (away[row]! > limit ? smooth[row]! : value))
}

/** NaN where all are missing. */
function medianOfPresent(values: Float64Array): number {
  const present = values.filter(value => !Number.isNaN(value))
  return present.length > 0 ? medianOf(present) : Number.NaN
}
