import type { Fields, Kept } from '../base/fields.ts'
import { featureOf, heard, WINDOW_FEATURES, type WindowFeature } from './window-feature.ts'

/** Turns the rows of one device into features of its last rows. */
export interface Features {
  /** Features of a row. */
  readonly size: number
  /** The sensor that each feature is of. */
  readonly owner: Int32Array
  /** Rows that must come before the first features. */
  readonly warmUp: number
  stream(): FeatureStream
  /** For a model file: `featuresFrom` makes the same of it. */
  keep(): Kept
}

export interface FeatureStream {
  /**
   * Takes a row and gives its features, in an array that the next row overwrites; null in the first rows.
   * @param unheard 1 where a value is no evidence: a feature that rests on too little is NaN
   */
  push(row: ArrayLike<number>, unheard?: ArrayLike<number>): Float64Array | null
  readonly bytes: number
}

/** The values of some sensors, now and in the rows before: `lags` 0 is the row alone. */
export function laggedFeatures(sensors: readonly number[], lags: number): Features {
  const width = sensors.length
  const size = width * (lags + 1)
  return {
    size,
    owner: Int32Array.from({ length: size }, (_, at) => sensors[at % width]!),
    warmUp: lags,
    keep: () => ({ kind: 'lagged', chosen: Int32Array.from(sensors), rows: lags + 1 }),
    stream() {
      const features = new Float64Array(size)
      let seen = 0
      return {
        bytes: features.byteLength,
        push(row, unheard) {
          features.copyWithin(width, 0, size - width)
          for (let i = 0; i < width; i++) features[i] = evidenceOf(row, sensors[i]!, unheard)
          seen = Math.min(seen + 1, lags + 1)
          return seen > lags ? features : null
        },
      }
    },
  }
}

/**
 * Features of the last `rows` values of some sensors: mean, standard deviation (by rows - 1), slope (per row, by least squares), range, minimum and maximum. Each is reckoned
 * anew from the window, so nothing drifts however long the stream is. They are of the values that are evidence; where those are less than half of a window, they are NaN.
 */
export function windowFeatures(sensors: readonly number[], rows: number, kinds: readonly WindowFeature[]): Features {
  const width = sensors.length
  const size = width * kinds.length
  return {
    size,
    owner: Int32Array.from({ length: size }, (_, at) => sensors[at % width]!),
    warmUp: rows - 1,
    keep: () => ({ kind: 'window', chosen: Int32Array.from(sensors), rows, features: kinds }),
    stream() {
      // One ring a sensor, so that a window lies in one place.
      const ring = new Float64Array(width * rows)
      const features = new Float64Array(size)
      let at = 0
      let seen = 0
      return {
        bytes: ring.byteLength + features.byteLength,
        push(row, unheard) {
          for (let i = 0; i < width; i++) ring[i * rows + at] = evidenceOf(row, sensors[i]!, unheard)
          at = (at + 1) % rows
          seen = Math.min(seen + 1, rows)
          if (seen < rows) return null
          for (let i = 0; i < width; i++) {
            const window = ring.subarray(i * rows, (i + 1) * rows)
            const enough = 2 * heard(window) >= rows
            for (const [k, kind] of kinds.entries())
              features[k * width + i] = enough ? featureOf(kind, window, at) : Number.NaN
          }
          return features
        },
      }
    },
  }
}

function evidenceOf(row: ArrayLike<number>, sensor: number, unheard?: ArrayLike<number>): number {
  return unheard?.[sensor] === 1 ? Number.NaN : row[sensor]!
}

/** Most numbers of a window, so that what a file says does not take memory without end for each device. */
const MOST_HELD = 2 ** 20

/** Makes features of what `keep` gave, of rows of so many sensors. Error: `model_field`. */
export function featuresFrom(fields: Fields, sensors: number): Features {
  const kind = fields.oneOf('kind', ['lagged', 'window'])
  const chosen = Array.from(
    fields.numbers('chosen', Int32Array, { least: 1, most: sensors }, { least: 0, most: sensors - 1 }),
  )
  const rows = fields.whole('rows', { least: 1, most: MOST_HELD / chosen.length })
  if (kind === 'lagged') return laggedFeatures(chosen, rows - 1)
  return windowFeatures(chosen, rows, fields.words('features', WINDOW_FEATURES))
}
