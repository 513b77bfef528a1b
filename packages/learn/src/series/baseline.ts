import { LearnError } from '../base/error.ts'
import { momentsOf } from '../linear/index.ts'
import { readingOf } from './last-values.ts'
import type { Piece, Recipe, Scorer, ScoreStream } from './scorer.ts'

/** A level and spread of each sensor, for each place in a season. */
interface Baseline {
  readonly mean: Float64Array
  readonly spread: Float64Array
}

/** A sensor's least spread, of its spread over all training rows: a place of a season may have few rows. */
const LEAST = 0.05

/**
 * The largest z-score of a sensor's exponentially weighted mean (EWMA, Roberts 1959): values are taken by mean and deviation in training, weighted by `weight` for the newest, and
 * divided by the deviation that such a mean has itself in training, so that rows that hang together do not alarm for it.
 * Error: `weight_invalid` unless 0 < weight <= 1.
 */
export function ewmaScore(sensors: readonly number[], weight: number): Recipe {
  if (!(weight > 0 && weight <= 1)) throw new LearnError('weight_invalid', `${weight} is no weight of the newest value`)
  return {
    name: 'EWMA',
    warmUp: 0,
    fit(pieces) {
      const baseline = seasonOf(pieces, sensors, 1)
      const means = Array.from(sensors, () => 0)
      let count = 0
      for (const piece of pieces) {
        const state = new Float64Array(sensors.length)
        for (let row = 0; row < piece.rows; row++) {
          step(state, piece.data.subarray(row * piece.columns), sensors, baseline, 0, weight)
          for (let i = 0; i < sensors.length; i++) means[i]! += state[i]! ** 2
          count++
        }
      }
      const spread = Float64Array.from(means, sum => Math.sqrt(Math.max(sum / Math.max(1, count), LEAST ** 2)))
      return new Weighted('EWMA', pieces[0]?.columns ?? 0, sensors, [baseline], weight, spread)
    },
  }
}

/**
 * The largest z-score of a sensor against the rows at the same place of a season, of `period` rows (a day of hours: 24). Rows are counted from that of training on.
 * Errors: `period_invalid`, `rows_too_few` where a season is not seen twice.
 */
export function seasonalScore(sensors: readonly number[], period: number): Recipe {
  if (!Number.isInteger(period) || period < 2) throw new LearnError('period_invalid', `a season of ${period} rows`)
  return {
    name: 'seasonal',
    warmUp: 0,
    fit(pieces) {
      const baseline = seasonOf(pieces, sensors, period)
      const seasons = Array.from({ length: period }, (_, place) => ({
        mean: baseline.mean.subarray(place * sensors.length, (place + 1) * sensors.length),
        spread: baseline.spread.subarray(place * sensors.length, (place + 1) * sensors.length),
      }))
      const ones = new Float64Array(sensors.length).fill(1)
      return new Weighted('seasonal', pieces[0]?.columns ?? 0, sensors, seasons, 1, ones)
    },
  }
}

/** Means and deviations, place by place of a season, each place by the rows of all pieces that stand there. */
function seasonOf(pieces: readonly Piece[], sensors: readonly number[], period: number): Baseline {
  const width = sensors.length
  const whole = momentsOf({ columns: width, data: valuesOf(pieces, sensors) })
  const sums = new Float64Array(period * width)
  const squares = new Float64Array(period * width)
  const counts = new Float64Array(period)
  for (const { rows, columns, data, first = 0 } of pieces) {
    for (let row = 0; row < rows; row++) {
      const place = (first + row) % period
      counts[place]!++
      for (let i = 0; i < width; i++) {
        const value = data[row * columns + sensors[i]!]! - whole.mean[i]!
        sums[place * width + i]! += value
        squares[place * width + i]! += value * value
      }
    }
  }
  if (counts.some(count => count < 2))
    throw new LearnError('rows_too_few', `a season of ${period} rows is not seen twice`)
  const mean = sums.map((sum, at) => sum / counts[Math.floor(at / width)]! + whole.mean[at % width]!)
  const spread = squares.map((square, at) => {
    const count = counts[Math.floor(at / width)]!
    const i = at % width
    const variance = (square - sums[at]! ** 2 / count) / (count - 1)
    return Math.max(Math.sqrt(Math.max(0, variance)), LEAST * Math.sqrt(whole.covariance[i * width + i]!))
  })
  return { mean, spread }
}

function valuesOf(pieces: readonly Piece[], sensors: readonly number[]): Float64Array {
  const out = new Float64Array(pieces.reduce((sum, { rows }) => sum + rows, 0) * sensors.length)
  let at = 0
  for (const { rows, columns, data } of pieces)
    for (let row = 0; row < rows; row++) for (const sensor of sensors) out[at++] = data[row * columns + sensor]!
  return out
}

/** Moves weighted means of z-scores on by a row. */
function step(
  state: Float64Array,
  row: ArrayLike<number>,
  sensors: readonly number[],
  { mean, spread }: Baseline,
  at: number,
  weight: number,
  unheard?: ArrayLike<number>,
): void {
  for (let i = 0; i < sensors.length; i++) {
    const scale = spread[at + i]!
    const value = unheard?.[sensors[i]!] === 1 ? Number.NaN : readingOf(row[sensors[i]!]!)
    // A reading that is none says nothing; kept, an infinite one would never go again.
    const z = scale === 0 || Number.isNaN(value) ? 0 : (value - mean[at + i]!) / scale
    state[i]! += weight * (z - state[i]!)
  }
}

class Weighted implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp = 0
  readonly #chosen: readonly number[]
  readonly #seasons: readonly Baseline[]
  readonly #weight: number
  readonly #spread: Float64Array

  constructor(
    name: string,
    sensors: number,
    chosen: readonly number[],
    seasons: readonly Baseline[],
    weight: number,
    spread: Float64Array,
  ) {
    this.name = name
    this.sensors = sensors
    this.#chosen = chosen
    this.#seasons = seasons
    this.#weight = weight
    this.#spread = spread
  }

  stream(first = 0): ScoreStream {
    const state = new Float64Array(this.#chosen.length)
    const shares = new Float64Array(this.sensors)
    let place = first % this.#seasons.length
    return {
      bytes: state.byteLength + shares.byteLength,
      push: (row, unheard) => {
        step(state, row, this.#chosen, this.#seasons[place]!, 0, this.#weight, unheard)
        place = (place + 1) % this.#seasons.length
        let most = 0
        for (const [i, sensor] of this.#chosen.entries()) {
          shares[sensor] = Math.abs(state[i]!) / this.#spread[i]!
          most = Math.max(most, shares[sensor]!)
        }
        return most
      },
      contributions: () => shares,
    }
  }
}
