/** What Householder's reflections leave of a symmetric matrix: its diagonal, and beside it from place 1 on. */
export interface Tridiagonal {
  readonly diagonal: Float64Array
  readonly off: Float64Array
}

/**
 * Brings a symmetric matrix to tridiagonal form in place (tred2); afterwards `z` holds the orthogonal matrix that did it.
 */
export function tridiagonal(z: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n)
  const off = new Float64Array(n)
  for (let i = n - 1; i > 0; i--) diagonal[i] = reflect(z, off, n, i)
  if (n > 0) diagonal[0] = 0
  for (let i = 0; i < n; i++) gather(z, diagonal, n, i)
  return { diagonal, off }
}

/** Clears row i left of its off-diagonal; returns the reflection's size, 0 where there was nothing to clear. */
function reflect(z: Float64Array, off: Float64Array, n: number, i: number): number {
  const last = i - 1
  const row = i * n
  let scale = 0
  for (let k = 0; k < last; k++) scale += Math.abs(z[row + k]!)
  if (last === 0 || scale === 0) {
    off[i] = z[row + last]!
    return 0
  }
  scale += Math.abs(z[row + last]!)
  let h = 0
  for (let k = 0; k <= last; k++) {
    z[row + k]! /= scale
    h += z[row + k]! ** 2
  }
  const f = z[row + last]!
  const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h)
  off[i] = scale * g
  h -= f * g
  z[row + last] = f - g
  project(z, off, n, i, h)
  return h
}

/** Applies the reflection in row i to the rows before it, and keeps it in column i. */
function project(z: Float64Array, off: Float64Array, n: number, i: number, h: number): void {
  const row = i * n
  let sum = 0
  for (let j = 0; j < i; j++) {
    z[j * n + i] = z[row + j]! / h
    let g = 0
    for (let k = 0; k <= j; k++) g += z[j * n + k]! * z[row + k]!
    for (let k = j + 1; k < i; k++) g += z[k * n + j]! * z[row + k]!
    off[j] = g / h
    sum += off[j]! * z[row + j]!
  }
  const half = sum / (2 * h)
  for (let j = 0; j < i; j++) {
    const f = z[row + j]!
    const g = off[j]! - half * f
    off[j] = g
    for (let k = 0; k <= j; k++) z[j * n + k]! -= f * off[k]! + g * z[row + k]!
  }
}

/** Multiplies reflection i into what has been gathered of the orthogonal matrix. */
function gather(z: Float64Array, diagonal: Float64Array, n: number, i: number): void {
  if (diagonal[i] !== 0) {
    for (let j = 0; j < i; j++) {
      let g = 0
      for (let k = 0; k < i; k++) g += z[i * n + k]! * z[k * n + j]!
      for (let k = 0; k < i; k++) z[k * n + j]! -= g * z[k * n + i]!
    }
  }
  diagonal[i] = z[i * n + i]!
  z[i * n + i] = 1
  for (let j = 0; j < i; j++) {
    z[j * n + i] = 0
    z[i * n + j] = 0
  }
}
