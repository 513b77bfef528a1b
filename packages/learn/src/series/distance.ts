import { LearnError } from '../base/error.ts'
import type { Fields } from '../base/fields.ts'
import type { Matrix } from '../base/matrix.ts'
import type { Rows } from '../linear/index.ts'
import { MOST_SENSORS } from './chosen.ts'
import { type Directions, workOf } from './direction-score.ts'
import { directionsFrom, learnDirections, type Weigh } from './directions.ts'
import { type Features, featuresFrom, laggedFeatures, windowFeatures } from './features.ts'
import type { KeptScorer, Recipe, Scorer, ScoreStream } from './scorer.ts'
import { hotelling, residual, ridged } from './weights.ts'
import type { WindowFeature } from './window-feature.ts'

/** Of what a distance is taken. */
export interface DistanceOptions {
  readonly features: Features
  readonly weigh: Weigh
  readonly cap?: number | undefined
}

/** A recipe that scores features by a weighted distance from their mean. Error: `rows_too_few`, where no piece is as long as the features need. */
export function distanceRecipe(name: string, { features, weigh, cap }: DistanceOptions): Recipe {
  return {
    name,
    warmUp: features.warmUp,
    fit(pieces) {
      const columns = pieces[0]?.columns ?? 0
      return new Distance(name, columns, features, learnDirections(featureRows(features, pieces), weigh, cap))
    },
  }
}

/** Distance of the row with the rows before it; `lags` 0 for the row alone. */
export function rowDistance(sensors: readonly number[], lags: number, ridge: number, cap?: number): Recipe {
  const features = laggedFeatures(sensors, lags)
  return distanceRecipe('row', { features, weigh: ridged(ridge), cap })
}

/** Distance of features of the last rows. */
export function windowDistance(
  sensors: readonly number[],
  rows: number,
  ridge: number,
  kinds: readonly WindowFeature[] = ['mean', 'deviation'],
): Recipe {
  return distanceRecipe('window', { features: windowFeatures(sensors, rows, kinds), weigh: ridged(ridge) })
}

/** Hotelling's T2 of principal components that hold a share of the variance; with `lags` over the rows before as well (dynamic PCA, Ku 1995). */
export function pcaT2(sensors: readonly number[], share = 0.9, lags = 0): Recipe {
  return distanceRecipe('T2', { features: laggedFeatures(sensors, lags), weigh: hotelling(share) })
}

/** Q (SPE): what the same components leave over. */
export function pcaQ(sensors: readonly number[], share = 0.9, lags = 0): Recipe {
  return distanceRecipe('Q', { features: laggedFeatures(sensors, lags), weigh: residual(share) })
}

/** The features of all rows of the pieces, each piece from its own beginning. Errors: `rows_too_few`, `value_missing`. */
export function featureRows(features: Features, pieces: readonly Matrix[]): Rows {
  const most = pieces.reduce((sum, piece) => sum + Math.max(0, piece.rows - features.warmUp), 0)
  if (most === 0)
    throw new LearnError('rows_too_few', `no stretch of rows is longer than the ${features.warmUp} that features need`)
  const data = new Float64Array(most * features.size)
  let at = 0
  for (const { rows, columns, data: values } of pieces) {
    if (values.some(Number.isNaN))
      throw new LearnError('value_missing', 'rows that are learned from have missing values')
    const stream = features.stream()
    for (let row = 0; row < rows; row++) {
      const made = stream.push(values.subarray(row * columns, (row + 1) * columns))
      if (made === null) continue
      data.set(made, at)
      at += features.size
    }
  }
  return { columns: features.size, data }
}

/** Makes a distance of what `keep` gave. Error: `model_field`. */
export function distanceFrom(fields: Fields): Scorer {
  const sensors = fields.whole('sensors', { least: 1, most: MOST_SENSORS })
  const features = featuresFrom(fields.of('features'), sensors)
  const directions = directionsFrom(fields.of('directions'), features.size)
  return new Distance(fields.text('name'), sensors, features, directions)
}

class Distance implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly #features: Features
  readonly #directions: Directions

  constructor(name: string, sensors: number, features: Features, directions: Directions) {
    this.name = name
    this.sensors = sensors
    this.warmUp = features.warmUp
    this.#features = features
    this.#directions = directions
  }

  keep(): KeptScorer {
    const { name, sensors } = this
    return { kind: 'distance', name, sensors, features: this.#features.keep(), directions: this.#directions.keep() }
  }

  stream(): ScoreStream {
    const features = this.#features.stream()
    const directions = this.#directions
    const { owner, size } = this.#features
    const shares = new Float64Array(this.sensors)
    const byFeature = new Float64Array(size)
    const work = workOf(size)
    return {
      bytes: features.bytes + shares.byteLength + 3 * byFeature.byteLength,
      push(row, unheard) {
        const made = features.push(row, unheard)
        return made === null ? Number.NaN : directions.score(made, work)
      },
      contributions() {
        shares.fill(0)
        directions.contributions(work, byFeature)
        for (let i = 0; i < size; i++) shares[owner[i]!]! += byFeature[i]!
        return shares
      },
    }
  }
}
