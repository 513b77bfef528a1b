import { LearnError } from '../../base/error.ts'
import { cholesky, choleskySolve, momentsOf } from '../../linear/index.ts'
import type { Piece } from '../../series/scorer.ts'
import type { ResidualModel, ResidualStream } from './residual.ts'

/** Of what a linear residual is taken. */
export interface LinearResidualOptions {
  /** The column that is watched. */
  readonly sensor: number
  /** The columns that bear witness. Leave out those that a controller moves by what the sensor says: they repeat its lie. */
  readonly witnesses: readonly number[]
  /** 0: the value against the witnesses' values. k: the change over k rows against the witnesses' integrals over these rows (a balance). */
  readonly lag: number
}

/** Variance beside a witness's own, as a share of it. */
const RIDGE = 1e-4
/** Rows that redundancy is learned of at once, by their mean: a witness's noise would pull its weight toward nothing (errors in variables), and a mean has little of it. */
const BLOCK = 60

/**
 * Learns how a sensor follows from others, by ridge regression over rows in the order of time. With `lag` 0 it is redundancy; with `lag` k a balance: a level moves by the
 * integral of what flows in less what flows out, with areas and units learned. Integrals are by the trapezoid rule over rows at even times.
 * Errors: `sensors_wrong`, `lag_wrong`, `rows_too_few`, `value_missing`.
 */
export function fitLinearResidual(options: LinearResidualOptions, pieces: readonly Piece[]): ResidualModel {
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
  const weights = solve(covariance, size)
  return {
    name: linearName(lag),
    sensor,
    warmUp: lag,
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

/** The witnesses' values or integrals, and behind them the sensor's value or change. */
class Witnesses {
  readonly #options: LinearResidualOptions
  readonly #made: Float64Array
  /** Sums up to each of the last rows, and the sensor's values. */
  readonly #ring: Float64Array
  readonly #before: Float64Array
  #seen: number

  constructor(options: LinearResidualOptions, from?: Witnesses) {
    this.#options = options
    const size = options.witnesses.length + 1
    this.#made = new Float64Array(size)
    this.#ring = from === undefined ? new Float64Array(options.lag * size) : from.#ring.slice()
    this.#before = from === undefined ? new Float64Array(2 * size) : from.#before.slice()
    this.#seen = from === undefined ? 0 : from.#seen
  }

  get bytes(): number {
    return this.#made.byteLength + this.#ring.byteLength + this.#before.byteLength
  }

  copy(): Witnesses {
    return new Witnesses(this.#options, this)
  }

  push(row: ArrayLike<number>): Float64Array | null {
    const { sensor, witnesses, lag } = this.#options
    const made = this.#made
    const size = made.length
    if (lag === 0) {
      for (let i = 0; i < size - 1; i++) made[i] = row[witnesses[i]]
      made[size - 1] = row[sensor]
      return made
    }
    const at = (this.#seen % lag) * size
    const first = this.#seen++ === 0
    const ready = this.#seen > lag
    const before = this.#before
    for (let i = 0; i < size; i++) {
      const value = row[witnesses[i] ?? sensor]
      // The sums run on; the sensor's own place holds its value.
      const now = i === size - 1 ? value : first ? 0 : before[i] + (before[size + i] + value) / 2
      made[i] = now - this.#ring[at + i]
      this.#ring[at + i] = now
      before[i] = now
      before[size + i] = value
    }
    return ready ? made : null
  }
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
