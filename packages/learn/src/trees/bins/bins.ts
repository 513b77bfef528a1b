import type { Matrix } from '../../base/matrix.ts'
import type { Arena } from '../../kernels/arena.ts'
import type { TreeKernels } from '../kernel.ts'
import { BINS, type Cuts, cutsOf } from './cuts.ts'

/** A radix sort's counts. */
const COUNTS = 8_192

/** A table's values as their bins, a byte each. */
export interface Binned {
  /** Where the bins are. */
  readonly at: number
  /** Bytes from a row's bin to the next row's, and from a column's to the next column's. */
  readonly rowStride: number
  readonly columnStride: number
  readonly cuts: readonly Cuts[]
}

export interface BinOptions {
  /** Bins a column at most. */
  readonly bins: number
  /** Row after row, or column after column. */
  readonly order: 'rows' | 'columns'
  /** Of rows, where they count unequally for the quantiles. */
  readonly weights?: ArrayLike<number> | undefined
}

/** How much `binTable` takes of an arena, of which all but the bins is given back. */
export function binBytes(rows: number, columns: number): number {
  return rows * (columns + 12) + BINS * 4 + COUNTS + 96
}

/** Cuts each column of a checked table, and gives each value its bin. */
export function binTable(table: Matrix, options: BinOptions, arena: Arena, kernels: TreeKernels): Binned {
  const { rows, columns } = table
  const [rowStride, columnStride] = options.order === 'rows' ? [columns, 1] : [1, rows]
  const at = arena.alloc(rows * columns)
  const { mark } = arena
  const [column, sorted, other] = [arena.alloc(rows * 4), arena.alloc(rows * 4), arena.alloc(rows * 4)]
  const [counts, places] = [arena.alloc(COUNTS), arena.alloc(BINS * 4)]
  const cuts = Array.from({ length: columns }, (_, j) => {
    const values = arena.floats(column, rows)
    const present = arena.floats(sorted, rows)
    let there = 0
    for (let i = 0; i < rows; i++) {
      const value = table.data[i * columns + j]!
      values[i] = value
      present[there] = value
      there += Number(!Number.isNaN(value))
    }
    kernels.sortFloats(sorted, other, there, counts)
    const missing = there < rows
    const before = options.weights === undefined ? undefined : weightsBefore(values, options.weights)
    const found = cutsOf(arena.floats(other, there), missing, options.bins, before)
    const all = arena.floats(places, BINS).fill(Number.POSITIVE_INFINITY)
    all.set(found.cuts)
    kernels.bin(column, rows, places, at + j * columnStride, rowStride, missing ? found.cuts.length : 0)
    return found
  })
  arena.release(mark)
  return { at, rowStride, columnStride, cuts }
}

/** The weight of all rows with a value before each value in ascending order, and at the end of all. */
function weightsBefore(values: Float32Array, weights: ArrayLike<number>): Float64Array {
  const order: number[] = []
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) order.push(i)
  order.sort((a, b) => values[a]! - values[b]! || a - b)
  const before = new Float64Array(order.length + 1)
  for (const [i, row] of order.entries()) before[i + 1] = before[i]! + weights[row]!
  return before
}
