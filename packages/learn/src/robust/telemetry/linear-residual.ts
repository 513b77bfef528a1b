import { LearnError } from '../../base/error.ts'
import { cholesky, choleskySolve, momentsOf } from '../../linear/index.ts'
import type { Piece } from '../../series/scorer.ts'
import type { ResidualModel, ResidualStream } from './residual.ts'
import { type LinearResidualOptions, Witnesses } from './witnesses.ts'

/** Variance beside a witness's own, as a share of it. */
const RIDGE = 1e-4
/** Rows that redundancy is learned of at once, by their mean: a witness's noise would pull its weight toward nothing (errors in variables), and a mean has little of it. */
const BLOCK = 60

/**
 * Learns how a sensor follows from others, by ridge regression over rows in the order of time. With `lag` 0 it is redundancy; with `lag` k a balance: a level moves by the
 * integral of what flows in less what flows out, with areas and units learned. Integrals are by the trapezoid rule over rows at even times.
 * Rows that lack one of the values, and windows over gaps of more than three rows, are not learned from. Errors: `sensors_wrong`, `lag_wrong`, `rows_too_few`.
 */
export function fitLinearResidual(options: LinearResidualOptions, pieces: readonly Piece[]): LinearResidual {
  const { sensor, witnesses, lag } = options
  const columns = pieces[0]?.columns ?? 0
  const inside = (column: number): boolean => Number.isInteger(column) && column >= 0 && column < columns
  if (!inside(sensor) || witnesses.length === 0 || !witnesses.every(column => inside(column) && column !== sensor))
    throw new LearnError(
      'sensors_wrong',
      `column ${sensor} by witnesses ${witnesses.join(', ') || '(none)'} of a table of ${columns} columns: name other columns of the table`,
    )
  if (!Number.isInteger(lag) || lag < 0)
    throw new LearnError('lag_wrong', `a lag is a whole number of rows from 0, not ${lag}`)
  const size = witnesses.length + 1
  const data: number[] = []
  const block = lag === 0 ? BLOCK : 1
  for (const piece of pieces) {
    const features = new Witnesses(options)
    const sum = new Float64Array(size)
    let held = 0
    // Rows without a value among those that count are left out.
    for (let row = 0; row < piece.rows; row++) {
      const made = features.push(piece.data.subarray(row * columns, (row + 1) * columns))
      if (made === null) continue
      for (let i = 0; i < size; i++) sum[i] += made[i]
      if (++held < block) continue
      data.push(...sum.map(value => value / block))
      sum.fill(0)
      held = 0
    }
  }
  if (data.length < 2 * size * size)
    throw new LearnError(
      'rows_too_few',
      `${data.length / size} samples of ${block} rows behind a lag of ${lag} for ${size - 1} witnesses: twice as many samples as witnesses are needed`,
    )
  const { mean, covariance } = momentsOf({ columns: size, data: Float64Array.from(data) })
  return linearResidual({ options, mean, weights: solve(covariance, size) })
}

/** All that a linear residual has learned: means of what `Witnesses` makes, and a weight for each witness. */
export interface LearnedLinear {
  readonly options: LinearResidualOptions
  readonly mean: Float64Array
  readonly weights: Float64Array
}

/** A linear residual, with what it has learned. */
export interface LinearResidual extends ResidualModel {
  readonly learned: LearnedLinear
}

export function linearResidual(learned: LearnedLinear): LinearResidual {
  const { options, mean, weights } = learned
  const { sensor, lag } = options
  return {
    name: linearName(lag),
    sensor,
    warmUp: lag,
    learned,
    stream: () => new LinearStream(new Witnesses(options), mean, weights),
  }
}

/** What a residual of so many rows is called. */
export function linearName(lag: number): string {
  return lag === 0 ? 'redundancy' : `balance over ${lag}`
}

/** Weights of the witnesses for the last variable; a witness that stands still has none. */
function solve(covariance: Float64Array, size: number): Float64Array {
  const count = size - 1
  const scale = Float64Array.from({ length: count }, (_, i) => Math.sqrt(covariance[i * size + i]))
  const unit = (i: number): number => (scale[i] > 0 ? 1 / scale[i] : 0)
  const matrix = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) matrix[i * count + j] = covariance[i * size + j] * unit(i) * unit(j)
    matrix[i * count + i] = (scale[i] > 0 ? 1 : 0) + (scale[i] > 0 ? RIDGE : 1)
  }
  const right = Float64Array.from({ length: count }, (_, i) => covariance[i * size + count] * unit(i))
  return choleskySolve(cholesky(matrix, count), count, right).map((weight, i) => weight * unit(i))
}

class LinearStream implements ResidualStream {
  readonly #witnesses: Witnesses
  readonly #mean: Float64Array
  readonly #weights: Float64Array

  constructor(witnesses: Witnesses, mean: Float64Array, weights: Float64Array) {
    this.#witnesses = witnesses
    this.#mean = mean
    this.#weights = weights
  }

  get bytes(): number {
    return this.#witnesses.bytes
  }

  push(row: ArrayLike<number>): number {
    const made = this.#witnesses.push(row)
    if (made === null) return Number.NaN
    const last = made.length - 1
    let residual = made[last] - this.#mean[last]
    for (let i = 0; i < last; i++) residual -= this.#weights[i] * (made[i] - this.#mean[i])
    return residual
  }

  copy(): LinearStream {
    return new LinearStream(this.#witnesses.copy(), this.#mean, this.#weights)
  }
}
