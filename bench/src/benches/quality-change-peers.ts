import {
  binarySegmentation,
  type Cost,
  type Cuts,
  columnsOf,
  meanCost,
} from '../../../packages/learn/src/change/index.ts'
import { type Matrix, rowOf } from '../../../packages/learn/src/index.ts'

/**
 * Binary segmentation as R's package `changepoint` has it by default and as the published figures were made: columns in units of their spread, a change of
 * mean, at most five changes, MBIC as that package writes it (3 ln rows a change, and ln of its length a piece).
 */
export function binaryDefaults(matrix: Matrix): Cuts {
  const columns = columnsOf(matrix, 'spread')
  if (columns.values.length === 0) return []
  const mean = meanCost(columns)
  const cost: Cost = { ...mean, between: (from, to) => mean.between(from, to) + Math.log(to - from) }
  return binarySegmentation(cost, 3 * Math.log(matrix.rows), 5)
}

/** Components that make up this share of the variance are the model of T2; the rest is Q's. */
const SHARE = 0.9
/** The quantile of the training rows that is the limit of T2 and of Q; it and the filter are the best for this peer of .95, .99, .999 and 3, 7, 15 rows. */
const QUANTILE = 0.99
/** Rows of the median filter over the alarms. */
const FILTER = 15

/**
 * Hotelling's T2 and Q (squared prediction error) of a principal component analysis of the training rows; an alarm where either is over its limit, a median filter over the
 * alarms, and a change wherever they begin or end.
 */
export function alarmJumps(training: Matrix, matrix: Matrix): number[] {
  const model = principal(training)
  const scores = Array.from({ length: training.rows }, (_, row) => model(rowOf(training, row)))
  const limit = (of: (score: { t2: number; q: number }) => number): number => {
    const sorted = scores.map(of).sort((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(QUANTILE * sorted.length))]!
  }
  const most = { t2: limit(score => score.t2), q: limit(score => score.q) }
  const alarms = Array.from({ length: matrix.rows }, (_, row) => {
    const { t2, q } = model(rowOf(matrix, row))
    return t2 > most.t2 || q > most.q ? 1 : 0
  })
  const filtered = alarms.map((_, row) => {
    const last = alarms.slice(Math.max(0, row + 1 - FILTER), row + 1)
    return 2 * last.reduce<number>((sum, alarm) => sum + alarm, 0) > last.length
  })
  return filtered.flatMap((alarm, row) => (row > 0 && alarm !== filtered[row - 1] ? [row] : []))
}

function principal({ rows, columns, data }: Matrix): (row: ArrayLike<number>) => { t2: number; q: number } {
  const column = (k: number) => Array.from({ length: rows }, (_, row) => data[row * columns + k]!)
  const means = Array.from({ length: columns }, (_, k) => column(k).reduce((sum, value) => sum + value, 0) / rows)
  const deviations = means.map((mean, k) => {
    return Math.sqrt(column(k).reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows) || 1
  })
  const scaled = (row: ArrayLike<number>) => means.map((mean, k) => (row[k]! - mean) / deviations[k]!)
  const covariance = means.map(() => new Array<number>(columns).fill(0))
  for (let row = 0; row < rows; row++) {
    const values = scaled(rowOf({ rows, columns, data }, row))
    for (const [a, line] of covariance.entries()) {
      for (let b = 0; b < columns; b++) line[b]! += (values[a]! * values[b]!) / rows
    }
  }
  const { values, vectors } = eigen(covariance)
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!)
  const total = values.reduce((sum, value) => sum + value, 0)
  let held = 0
  const kept = order.filter(k => {
    const wanted = held < SHARE * total
    held += values[k]!
    return wanted
  })
  return row => {
    const own = scaled(row)
    const along = kept.map(k => own.reduce((sum, value, i) => sum + value * vectors[i]![k]!, 0))
    const t2 = along.reduce((sum, value, i) => sum + value ** 2 / values[kept[i]!]!, 0)
    const length = own.reduce((sum, value) => sum + value * value, 0)
    return { t2, q: length - along.reduce((sum, value) => sum + value ** 2, 0) }
  }
}

/** Eigenvalues and, as columns, eigenvectors of a symmetric matrix, by Jacobi's rotations. */
function eigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const a = matrix.map(row => [...row])
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 50; sweep++) {
    for (let p = 0; p < a.length; p++) {
      for (let q = p + 1; q < a.length; q++) {
        if (Math.abs(a[p]![q]!) < 1e-14) continue
        const angle = Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!) / 2
        const cos = Math.cos(angle)
        const sin = Math.sin(angle)
        const turn = (row: number[]): void => {
          const [left, right] = [row[p]!, row[q]!]
          row[p] = cos * left - sin * right
          row[q] = sin * left + cos * right
        }
        for (const row of a) turn(row)
        const [upper, lower] = [[...a[p]!], [...a[q]!]]
        for (let k = 0; k < a.length; k++) {
          a[p]![k] = cos * upper[k]! - sin * lower[k]!
          a[q]![k] = sin * upper[k]! + cos * lower[k]!
        }
        for (const row of vectors) turn(row)
      }
    }
  }
  return { values: a.map((row, i) => row[i]!), vectors }
}
