import { LearnError } from '../base/error.ts'
import { tridiagonal } from './tridiagonal.ts'

/** Eigenvalues from the smallest up, and their vectors: `vectors[i * size + c]` is coordinate i of vector c. */
export interface Eigen {
  readonly size: number
  readonly values: Float64Array
  readonly vectors: Float64Array
}

const MOST_SWEEPS = 60

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix (row by row): Householder's tridiagonal form, then QL with implicit shifts
 * (Wilkinson and Reinsch, Handbook for Automatic Computation II, tred2 and tql2). Errors: `matrix_not_square`, `value_missing`, `eigen_unsolved`.
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  if (matrix.length !== size * size)
    throw new LearnError('matrix_not_square', `${matrix.length} numbers are no ${size} by ${size} matrix`)
  if (!matrix.every(Number.isFinite)) throw new LearnError('value_missing', 'a matrix of covariances has gaps')
  const vectors = Float64Array.from(matrix)
  const { diagonal, off } = tridiagonal(vectors, size)
  implicitQl(vectors, diagonal, off, size)
  return sorted(vectors, diagonal, size)
}

function implicitQl(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1)
  if (n > 0) e[n - 1] = 0
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = firstSmall(d, e, l, n)
      if (m === l) break
      if (sweep === MOST_SWEEPS) throw new LearnError('eigen_unsolved', `eigenvalue ${l} of ${n} does not settle`)
      chase(z, d, e, l, m, n)
    }
  }
}

/** Where the off-diagonal is nothing beside its neighbors: the matrix falls apart there. */
function firstSmall(d: Float64Array, e: Float64Array, from: number, n: number): number {
  let m = from
  for (; m < n - 1; m++) {
    if (Math.abs(e[m]!) <= Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) break
  }
  return m
}

/** One QL step over rows l to m. */
function chase(z: Float64Array, d: Float64Array, e: Float64Array, l: number, m: number, n: number): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!)
  let r = Math.hypot(g, 1)
  g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -r : r))
  let s = 1
  let c = 1
  let p = 0
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!
    const b = c * e[i]!
    r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1]! -= p
      e[m] = 0
      return
    }
    s = f / r
    c = g / r
    g = d[i + 1]! - p
    r = (d[i]! - g) * s + 2 * c * b
    p = s * r
    d[i + 1] = g + p
    g = c * r - b
    for (let k = 0; k < n; k++) {
      const at = k * n + i
      const upper = z[at + 1]!
      z[at + 1] = s * z[at]! + c * upper
      z[at] = c * z[at]! - s * upper
    }
  }
  d[l]! -= p
  e[l] = g
  e[m] = 0
}

function sorted(z: Float64Array, d: Float64Array, size: number): Eigen {
  const order = Array.from(d.keys()).sort((a, b) => d[a]! - d[b]!)
  const values = Float64Array.from(order, at => d[at]!)
  const vectors = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (const [c, from] of order.entries()) vectors[i * size + c] = z[i * size + from]!
  }
  return { size, values, vectors }
}
