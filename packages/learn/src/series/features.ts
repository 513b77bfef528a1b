/** Turns the rows of one device into features of its last rows. */
export interface Features {
  /** Features of a row. */
  readonly size: number
  /** The sensor that each feature is of. */
  readonly owner: Int32Array
  /** Rows that must come before the first features. */
  readonly warmUp: number
  stream(): FeatureStream
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

/** What a window tells of a sensor. */
export type WindowFeature = 'mean' | 'deviation' | 'slope' | 'range' | 'minimum' | 'maximum'

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

function heard(values: Float64Array): number {
  let count = 0
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) count++
  return count
}

/** @param oldest where in the ring the oldest value lies */
function featureOf(kind: WindowFeature, ring: Float64Array, oldest: number): number {
  switch (kind) {
    case 'mean':
      return mean(ring)
    case 'deviation':
      return deviation(ring)
    case 'slope':
      return slope(ring, oldest)
    case 'minimum':
      return minimum(ring)
    case 'maximum':
      return maximum(ring)
    case 'range':
      return maximum(ring) - minimum(ring)
  }
}

function mean(values: Float64Array): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue
    sum += values[i]!
    count++
  }
  return sum / count
}

function deviation(values: Float64Array): number {
  const middle = mean(values)
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue
    sum += (values[i]! - middle) ** 2
    count++
  }
  return Math.sqrt(sum / Math.max(1, count - 1))
}

function slope(ring: Float64Array, oldest: number): number {
  const rows = ring.length
  let places = 0
  for (let i = 0; i < rows; i++) if (!Number.isNaN(ring[(oldest + i) % rows]!)) places += i
  const middle = places / heard(ring)
  let sum = 0
  let squares = 0
  for (let i = 0; i < rows; i++) {
    const value = ring[(oldest + i) % rows]!
    if (Number.isNaN(value)) continue
    sum += (i - middle) * value
    squares += (i - middle) ** 2
  }
  return sum / squares
}

function minimum(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < values.length; i++) if (values[i]! < least) least = values[i]!
  return least
}

function maximum(values: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!
  return most
}
