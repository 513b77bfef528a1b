import { cholesky, choleskySolve, minimumCovariance } from '../linear/index.ts'
import type { Recipe, Scorer, ScoreStream } from './scorer.ts'

/** Variance that is added in each direction, of the mean variance: sensors may hang together without noise. */
const RIDGE = 1e-6

/**
 * Squared distance from the rows that lie closest together (minimum covariance determinant): training rows that are wrong, up to half of them, do not hide themselves.
 * Error: `rows_too_few`.
 */
export function robustDistance(sensors: readonly number[], seed: number): Recipe {
  return {
    name: 'robust',
    warmUp: 0,
    fit(pieces) {
      const width = sensors.length
      const data: number[] = []
      for (const { rows, columns, data: values } of pieces)
        for (let row = 0; row < rows; row++) for (const sensor of sensors) data.push(values[row * columns + sensor]!)
      const { mean, covariance } = minimumCovariance({ columns: width, data: Float64Array.from(data) }, seed)
      let trace = 0
      for (let i = 0; i < width; i++) trace += covariance[i * width + i]!
      const ridge = Math.max((RIDGE * trace) / width, Number.MIN_VALUE)
      const ridged = covariance.map((value, at) => value + (at % (width + 1) === 0 ? ridge : 0))
      return new Robust(pieces[0]?.columns ?? 0, sensors, mean, cholesky(ridged, width))
    },
  }
}

class Robust implements Scorer {
  readonly name = 'robust'
  readonly sensors: number
  readonly warmUp = 0
  readonly #chosen: readonly number[]
  readonly #mean: Float64Array
  readonly #lower: Float64Array

  constructor(sensors: number, chosen: readonly number[], mean: Float64Array, lower: Float64Array) {
    this.sensors = sensors
    this.#chosen = chosen
    this.#mean = mean
    this.#lower = lower
  }

  stream(): ScoreStream {
    const width = this.#chosen.length
    const off = new Float64Array(width)
    const shares = new Float64Array(this.sensors)
    return {
      bytes: off.byteLength + shares.byteLength,
      push: row => {
        for (const [i, sensor] of this.#chosen.entries()) off[i] = row[sensor]! - this.#mean[i]!
        const solved = choleskySolve(this.#lower, width, off)
        let score = 0
        for (const [i, sensor] of this.#chosen.entries()) {
          shares[sensor] = off[i]! * solved[i]!
          score += shares[sensor]!
        }
        return score
      },
      contributions: () => shares,
    }
  }
}
