import { type Matrix, matrixOf, randomOf } from '../index.ts'

/** Three clouds, the last one rare, and of each row which it belongs to; some values are missing. */
export function clouds(rows: number, seed: number): { x: Matrix; codes: Int32Array } {
  const random = randomOf(seed)
  const codes = Int32Array.from({ length: rows }, (_, row) => (row % 10 === 9 ? 2 : row % 2))
  const centers = [
    [0, 0, 5],
    [2, 0, 500],
    [1, 2, 50],
  ]
  const x = matrixOf(
    Array.from(codes, code =>
      centers[code]!.map((center, j) => (j === 2 ? center * Math.exp(random.normal()) : center + random.normal())),
    ),
  )
  for (let row = 7; row < rows; row += 50) x.data[row * 3 + 1] = Number.NaN
  return { x, codes }
}

/** Rows that are like none of the clouds. */
export function strangers(rows: number, seed: number): Matrix {
  const random = randomOf(seed)
  return matrixOf(Array.from({ length: rows }, () => [-9 + random.normal(), 12 + random.normal(), 5]))
}

/** As small as members may be and still learn. */
export const SMALL = { trees: 30, rounds: 30, epochs: 15, hidden: [16] }
