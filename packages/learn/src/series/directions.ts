import { LearnError } from '../base/error.ts'
import type { Fields } from '../base/fields.ts'
import { momentsOf, type Rows, symmetricEigen } from '../linear/index.ts'
import { DirectionScore, type Directions } from './direction-score.ts'

/** From the variances along the directions, smallest first, to how much a square along each counts. */
export type Weigh = (variances: Float64Array) => Float64Array

/** A feature that moves by less than this share of its size does not move. */
const STILL = 1e-9

/**
 * Learns the directions of rows of features.
 * @param cap the most that one direction may add: 16 is four standard deviations; keeps a direction that hardly ever moves from deciding alone
 * Error: `rows_too_few` under three rows.
 */
export function learnDirections(rows: Rows, weigh: Weigh, cap = Number.POSITIVE_INFINITY): Directions {
  const size = rows.columns
  const count = rows.data.length / Math.max(1, size)
  if (count < 3) throw new LearnError('rows_too_few', `${count} rows of features: at least 3 are needed`)
  const { mean, covariance } = momentsOf(rows)
  const scale = Float64Array.from({ length: size }, (_, i) => {
    const deviation = Math.sqrt(covariance[i * size + i]!)
    return deviation > STILL * Math.max(STILL, Math.abs(mean[i]!)) ? 1 / deviation : 0
  })
  const correlation = covariance.map((value, at) => value * scale[Math.floor(at / size)]! * scale[at % size]!)
  const { values, vectors } = symmetricEigen(correlation, size)
  const variances = values.map(value => Math.max(0, value))
  const directions = vectors.map((_, at) => vectors[(at % size) * size + Math.floor(at / size)]!)
  return new DirectionScore({ mean, scale, variances, weights: weigh(variances), directions, cap })
}

/** Makes directions of so many features of what `keep` gave. Error: `model_field`. */
export function directionsFrom(fields: Fields, size: number): Directions {
  const notNegative = { least: 0 }
  return new DirectionScore({
    mean: fields.numbers('mean', Float64Array, size),
    scale: fields.numbers('scale', Float64Array, size, notNegative),
    variances: fields.numbers('variances', Float64Array, size, notNegative),
    weights: fields.numbers('weights', Float64Array, size, notNegative),
    directions: fields.numbers('directions', Float64Array, size * size, { least: -UNIT, most: UNIT }),
    cap: fields.has('cap') ? fields.number('cap', notNegative) : Number.POSITIVE_INFINITY,
  })
}

/** No component of a direction is larger, but for rounding. */
const UNIT = 1 + 1e-9
