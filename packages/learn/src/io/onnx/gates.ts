/** Where the gates of recurrent cells stand: ours are PyTorch's order, ONNX has its own. */
const ORDERS = {
  /** ours r, z, n; ONNX z, r, h */
  gru: [1, 0, 2],
  /** ours i, f, g, o; ONNX i, o, f, c */
  lstm: [0, 3, 1, 2],
} as const

export type Cell = keyof typeof ORDERS

export const gatesOf = (cell: Cell): number => ORDERS[cell].length

/** Of weights [rows, gates * units] in our order, ONNX's [gates * units, rows]. */
export function toOnnx(cell: Cell, data: Float32Array, rows: number): Float32Array {
  return moved(cell, data, rows, (ours, theirs) => [ours, theirs])
}

/** And back. */
export function fromOnnx(cell: Cell, data: Float32Array, rows: number): Float32Array {
  return moved(cell, data, rows, (ours, theirs) => [theirs, ours])
}

function moved(
  cell: Cell,
  data: Float32Array,
  rows: number,
  direction: (ours: number, theirs: number) => readonly [from: number, to: number],
): Float32Array {
  const order = ORDERS[cell]
  const columns = data.length / rows
  const units = columns / order.length
  const out = new Float32Array(data.length)
  for (const [place, gate] of order.entries()) {
    for (let unit = 0; unit < units; unit++) {
      for (let row = 0; row < rows; row++) {
        const [from, to] = direction(row * columns + gate * units + unit, (place * units + unit) * rows + row)
        out[to] = data[from]!
      }
    }
  }
  return out
}
