/**
 * What it costs to call a stretch of a series one piece. Two pieces never cost more than the one that they make together:
 * `between(a, c) >= between(a, b) + between(b, c) + slack`, which is what lets PELT leave out candidates.
 */
export interface Cost {
  /** Rows of the series. */
  readonly rows: number
  /** Fewest rows that a piece may have. */
  readonly least: number
  /** Numbers that one piece estimates from its rows: what BIC charges for. */
  readonly parameters: number
  readonly slack: number
  /** Of rows `[from, to)`: twice a negative log-likelihood less a constant, at least `least` rows. */
  between(from: number, to: number): number
}

/** Sums over every beginning of a column: `sums[k]` of the first `k` values of `of`, 0 for missing ones. */
export function sumsOf(values: Float64Array, of: (value: number, row: number) => number): Float64Array {
  const sums = new Float64Array(values.length + 1)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    sums[row + 1] = sums[row]! + (Number.isNaN(value) ? 0 : of(value, row))
  }
  return sums
}
