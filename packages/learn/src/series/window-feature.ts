/** What a window can tell of a sensor. */
export const WINDOW_FEATURES = ['mean', 'deviation', 'slope', 'range', 'minimum', 'maximum'] as const

export type WindowFeature = (typeof WINDOW_FEATURES)[number]

/** How many values of a window are evidence. */
export function heard(values: Float64Array): number {
  let count = 0
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) count++
  return count
}

/**
 * A feature of a window that lies in a ring, of the values that are not NaN.
 * @param oldest where in the ring the oldest value lies
 */
export function featureOf(kind: WindowFeature, ring: Float64Array, oldest: number): number {
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
