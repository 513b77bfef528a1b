import { LearnError } from './error.ts'

/** Rows of numbers, one behind the other, in single precision; NaN where a value is missing. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

/** A matrix of rows of one length. Error: `matrix_ragged`. */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0
  const data = new Float32Array(rows.length * columns)
  for (const [i, row] of rows.entries()) {
    if (row.length !== columns)
      throw new LearnError('matrix_ragged', `row ${i} has ${row.length} values, and row 0 has ${columns}`)
    data.set(row, i * columns)
  }
  return { rows: rows.length, columns, data }
}

/** One row, as a view. */
export function rowOf({ columns, data }: Matrix, row: number): Float32Array {
  return data.subarray(row * columns, (row + 1) * columns)
}

/** Rows `[from, to)`, as a view. */
export function rowsOf({ columns, data }: Matrix, from: number, to: number): Matrix {
  return { rows: to - from, columns, data: data.subarray(from * columns, to * columns) }
}
