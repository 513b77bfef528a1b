import type { Matrix } from '../base/matrix.ts'

/** The share of values at either end that count as the outermost of the others does. */
const WILD = 0.005
/** Of fewer values none is taken for wild. */
const FEW = 20

/** What the values of a column that are there lie about, and how far: as they are, and winsorized. */
export interface Spread {
  readonly mean: number
  readonly deviation: number
  readonly winsorized: { readonly mean: number; readonly deviation: number }
}

/**
 * The mean and standard deviation of a column, and both after half a percent of the values at either end (one or more) is brought to the outermost of the others: what a
 * wild cell does not move. Where nothing else moves, a column's winsorized spread is its plain one.
 */
export function spreadOf({ rows, columns, data }: Matrix, column: number): Spread {
  const known: number[] = []
  for (let row = 0; row < rows; row++) {
    const value = data[row * columns + column]
    if (Number.isFinite(value)) known.push(value)
  }
  const plain = momentsOf(known)
  const sorted = Float64Array.from(known).sort()
  const wild = known.length < FEW ? 0 : Math.ceil(WILD * known.length)
  const [low, high] = [sorted[wild], sorted[sorted.length - 1 - wild]]
  const winsorized = momentsOf(known.map(value => Math.min(high, Math.max(low, value))))
  return { ...plain, winsorized: winsorized.deviation > 0 ? winsorized : plain }
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const count = Math.max(1, values.length)
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) }
}
