import type { Fields } from '../base/fields.ts'
import { cholesky, choleskySolve, minimumCovariance } from '../linear/index.ts'
import { chosenColumns, chosenIn, heardOf } from './chosen.ts'
import type { KeptScorer, Recipe, Scorer, ScoreStream } from './scorer.ts'

/** Variance that is added in each direction, of the mean variance: sensors may hang together without noise. */
const RIDGE = 1e-6

/**
 * Squared distance from the rows that lie closest together (minimum covariance determinant): training rows that are wrong, up to half of them, do not hide themselves.
 * Sensors that are not heard are left out of the distance; where less than half are heard, there is none.
 * Error: `rows_too_few`.
 */
export function robustDistance(sensors: readonly number[], seed: number): Recipe {
  return {
    name: 'robust',
    warmUp: 0,
    fit(pieces) {
      const width = sensors.length
      const { data } = chosenColumns(pieces, sensors)
      const { mean, covariance } = minimumCovariance({ columns: width, data: Float64Array.from(data) }, seed)
      let trace = 0
      for (let i = 0; i < width; i++) trace += covariance[i * width + i]!
      const ridge = Math.max((RIDGE * trace) / width, Number.MIN_VALUE)
      const ridged = covariance.map((value, at) => value + (at % (width + 1) === 0 ? ridge : 0))
      return new Robust(pieces[0]?.columns ?? 0, sensors, mean, cholesky(ridged, width))
    },
  }
}

/** Makes a robust distance of what `keep` gave. Error: `model_field`. */
export function robustFrom(fields: Fields): Scorer {
  const { sensors, chosen } = chosenIn(fields)
  const width = chosen.length
  const mean = fields.numbers('mean', Float64Array, width)
  const lower = fields.numbers('lower', Float64Array, width * width)
  for (let i = 0; i < width; i++)
    if (!(lower[i * (width + 1)]! > 0)) throw fields.wrong('lower', `is not above 0 on its diagonal, in row ${i}`)
  return new Robust(sensors, chosen, mean, lower)
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

  keep(): KeptScorer {
    const chosen = Int32Array.from(this.#chosen)
    return { kind: 'robust', sensors: this.sensors, chosen, mean: this.#mean, lower: this.#lower }
  }

  stream(): ScoreStream {
    const width = this.#chosen.length
    const off = new Float64Array(width)
    const shares = new Float64Array(this.sensors)
    let heard: readonly number[] = this.#chosen.map((_, i) => i)
    let lower = this.#lower
    return {
      // With the factor of those that are heard, where not all are.
      bytes: off.byteLength + shares.byteLength + this.#lower.byteLength,
      push: (row, unheard) => {
        const count = heardOf(this.#chosen, unheard)
        if (count !== heard.length || heard.some(i => unheard?.[this.#chosen[i]!] === 1)) {
          heard = this.#chosen.flatMap((sensor, i) => (unheard?.[sensor] === 1 ? [] : [i]))
          lower = this.#factorOf(heard)
        }
        shares.fill(0)
        if (2 * count < width) return Number.NaN
        const own = off.subarray(0, count)
        for (const [at, i] of heard.entries()) own[at] = row[this.#chosen[i]!]! - this.#mean[i]!
        const solved = choleskySolve(lower, count, own)
        let score = 0
        for (const [at, i] of heard.entries()) {
          const share = own[at]! * solved[at]!
          shares[this.#chosen[i]!] = share
          score += share
        }
        return score
      },
      contributions: () => shares,
    }
  }

  /** The Cholesky factor of the covariance of some of the sensors: what they are like, whatever the others are. */
  #factorOf(places: readonly number[]): Float64Array {
    const width = this.#chosen.length
    const size = places.length
    if (size === width) return this.#lower
    const covariance = new Float64Array(size * size)
    for (const [a, i] of places.entries())
      for (const [b, j] of places.entries())
        for (let k = 0; k <= Math.min(i, j); k++)
          covariance[a * size + b]! += this.#lower[i * width + k]! * this.#lower[j * width + k]!
    return cholesky(covariance, size)
  }
}
