import { type Matrix, rowOf } from './matrix.ts'

/** Some rows, copied. */
export function picked(table: Matrix, rows: ArrayLike<number>): Matrix {
  const data = new Float32Array(rows.length * table.columns)
  for (let at = 0; at < rows.length; at++) data.set(rowOf(table, rows[at]!), at * table.columns)
  return { rows: rows.length, columns: table.columns, data }
}

/** The places of the numbers that a test picks. */
export function rowsWhere(numbers: Int32Array, test: (number: number) => boolean): Int32Array {
  return Int32Array.from(numbers.keys()).filter(row => test(numbers[row]!))
}

/** So many of some places, at most, at equal steps. */
export function evenly(places: Int32Array, most: number): Int32Array {
  if (places.length <= most) return places
  return Int32Array.from({ length: most }, (_, i) => places[Math.floor((i * places.length) / most)]!)
}
