import { product, type Rows, transposed } from './linear.ts'

export function softmax(row: readonly number[], scale = 1): number[] {
  const top = Math.max(...row) * scale
  const powers = row.map(value => Math.exp(value * scale - top))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map(value => value / sum)
}

export function layerNorm(rows: Rows, gain: readonly number[], bias: readonly number[], epsilon = 1e-5): number[][] {
  return rows.map(row => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length
    return row.map((value, j) => (gain[j] * (value - mean)) / Math.sqrt(variance + epsilon) + bias[j])
  })
}

/** Attention of all heads over one sample's steps; rows are queries, keys and values side by side, each of all heads. */
export function attention(rows: Rows, heads: number): number[][] {
  const columns = rows[0].length / 3
  const size = columns / heads
  const part = (which: number, head: number) =>
    rows.map(row => row.slice(which * columns + head * size, which * columns + (head + 1) * size))
  const outputs = Array.from({ length: heads }, (_, head) => {
    const scores = product(part(0, head), transposed(part(1, head)))
    const shares = scores.map(row => softmax(row, 1 / Math.sqrt(size)))
    return product(shares, part(2, head))
  })
  return rows.map((_, step) => outputs.flatMap(output => output[step]))
}
