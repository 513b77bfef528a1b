import { LearnError } from '../base/error.ts'
import { momentsOf } from '../linear/index.ts'
import { chosenColumns } from './chosen.ts'
import type { Piece, Recipe } from './scorer.ts'
import { type Baseline, Weighted } from './weighted.ts'

/** A sensor's least spread, of its spread over all training rows: a place of a season may have few rows. */
const LEAST = 0.05

/**
 * The largest z-score of a sensor's exponentially weighted mean (EWMA, Roberts 1959): values are taken by mean and deviation in training, weighted by `weight` for the newest, and
 * divided by the deviation that such a mean has itself in training, so that rows that hang together do not alarm for it. A reading counts for all that it is in its own row; what the mean keeps of it
 * ends at three deviations (Huber's function, 1964; in exponential smoothing: Gelper, Fried and Croux 2010), so that a spike alarms once, and not for as long as a mean takes to forget it.
 * Error: `weight_wrong` unless 0 < weight <= 1.
 */
export function ewmaScore(sensors: readonly number[], weight: number): Recipe {
  if (!(weight > 0 && weight <= 1)) throw new LearnError('weight_wrong', `${weight} is no weight of the newest value`)
  return {
    name: 'EWMA',
    warmUp: 0,
    fit(pieces) {
      const baseline = seasonOf(pieces, sensors, 1)
      const given = { name: 'EWMA', sensors: pieces[0]?.columns ?? 0, chosen: sensors, baseline, weight }
      return new Weighted({ ...given, deviation: deviationsOf(new Weighted(given), pieces) })
    },
  }
}

/** How large the weighted means are in training, by their mean square. */
function deviationsOf(scorer: Weighted, pieces: readonly Piece[]): Float64Array {
  const width = scorer.chosen.length
  const squares = new Float64Array(width)
  let count = 0
  for (const piece of pieces) {
    const stream = scorer.stream()
    for (let row = 0; row < piece.rows; row++) {
      stream.push(piece.data.subarray(row * piece.columns, (row + 1) * piece.columns))
      for (let i = 0; i < width; i++) squares[i]! += stream.means[i]! ** 2
      count++
    }
  }
  return squares.map(sum => Math.sqrt(Math.max(sum / Math.max(1, count), LEAST ** 2)))
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
      const columns = pieces[0]?.columns ?? 0
      return new Weighted({ name: 'seasonal', sensors: columns, chosen: sensors, baseline, weight: 1 })
    },
  }
}

/** Means and deviations, place by place of a season, each place by the rows of all pieces that stand there. */
function seasonOf(pieces: readonly Piece[], sensors: readonly number[], period: number): Baseline {
  const width = sensors.length
  const whole = momentsOf({ columns: width, data: Float64Array.from(chosenColumns(pieces, sensors).data) })
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
