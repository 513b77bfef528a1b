import type { Matrix } from '../base/matrix.ts'
import { macroF1Of, tallyOf } from '../base/tally.ts'

/** The mean of -log of what the true classes were given. */
export function logLoss({ data, columns }: Matrix, codes: Int32Array): number {
  return codes.reduce((sum, code, row) => sum - Math.log(Math.max(1e-7, data[row * columns + code]!)), 0) / codes.length
}

/** The class of each row with the greatest probability times its factor. */
export function likeliestOf({ rows, columns, data }: Matrix, factors?: ArrayLike<number>): Int32Array {
  const said = (at: number, k: number): number => data[at + k]! * (factors?.[k] ?? 1)
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0
    for (let k = 1; k < columns; k++) if (said(row * columns, k) > said(row * columns, best)) best = k
    return best
  })
}

/** The mean of the classes' F1, over classes that are there or were told. */
export function macroF1(told: Int32Array, codes: Int32Array, classes: number): number {
  return macroF1Of(tallyOf(told, codes, classes))
}

const BINS = 15

/**
 * Expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015): by how much the probability of the likeliest class differs from the share that it is right in, over
 * 15 bins of equally many rows (`mass`) or of equal width (`width`), the mean weighted by rows.
 */
export function calibrationError({ rows, columns, data }: Matrix, codes: Int32Array, bins: 'mass' | 'width'): number {
  if (rows === 0) return 0
  const told = likeliestOf({ rows, columns, data })
  const sure = Float64Array.from(told, (code, row) => data[row * columns + code]!)
  const order = Array.from(sure.keys()).sort((a, b) => sure[a]! - sure[b]!)
  const off = new Float64Array(BINS)
  for (const [place, row] of order.entries()) {
    const bin = bins === 'mass' ? (place * BINS) / rows : sure[row]! * BINS
    off[Math.min(BINS - 1, Math.floor(bin))]! += sure[row]! - Number(told[row] === codes[row])
  }
  return off.reduce((sum, each) => sum + Math.abs(each), 0) / rows
}

/** How many of the rows that it decides are right, as it declines to decide the most doubtful. */
export interface CoveragePoint {
  /** The share of rows that are decided. */
  readonly coverage: number
  /** The share of those that are right. */
  readonly accuracy: number
}

/** @param doubt a number a row, the greater the more doubtful; rows of equal doubt in their order */
export function coverageCurve(
  doubt: ArrayLike<number>,
  right: ArrayLike<boolean>,
  shares: readonly number[],
): CoveragePoint[] {
  const order = Array.from({ length: doubt.length }, (_, row) => row).sort((a, b) => doubt[a]! - doubt[b]! || a - b)
  return shares.map(coverage => {
    const count = Math.max(1, Math.round(coverage * order.length))
    const hits = order.slice(0, count).reduce((sum, row) => sum + Number(right[row]), 0)
    return { coverage, accuracy: hits / Math.min(count, order.length) }
  })
}
