import type { Activation } from '../ops/dense.ts'

// The twins: what kernels do, in double precision and with nothing clever about it. Tests hold kernels to them.

/** Rows of numbers. */
export type Rows = readonly (readonly number[])[]

/** a b. */
export function product(a: Rows, b: Rows): number[][] {
  return a.map(row => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)))
}

export function transposed(a: Rows): number[][] {
  return a[0].map((_, j) => a.map(row => row[j]))
}

export function plus(a: Rows, b: Rows): number[][] {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]))
}

export function activated(value: number, activation: Activation): number {
  if (activation === 'relu') return Math.max(value, 0)
  if (activation === 'tanh') return Math.tanh(value)
  return activation === 'sigmoid' ? sigmoid(value) : value
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

/** act(x w + b). */
export function dense(x: Rows, w: Rows, b: readonly number[], activation: Activation): number[][] {
  return product(x, w).map(row => row.map((value, j) => activated(value + b[j], activation)))
}
