/** The last rows of a sensor. */
interface Last {
  /** The last hundred values. */
  readonly ring: Float64Array
  /** Where in it the newest lies. */
  readonly newest: number
  /** The weighted mean of the rows before it. */
  readonly before: number
  /** The median of twenty rows. */
  readonly median: number
  /** How far each of twenty rows was from that median at its time. */
  readonly distances: Float64Array
}

/** A feature of the last rows of a sensor, and by how much of the range so far it must exceed the highest or lowest so far. */
interface Kind {
  /** Rows that it looks at. */
  readonly rows: number
  readonly margin: number
  of(last: Last): number
}

/** Rows of a median, and of a deviation. */
export const SHORT = 20
export const LONG = 100

export const KINDS: readonly Kind[] = [
  { rows: 1, margin: 0.01, of: ({ ring, newest }) => ring[newest]! },
  { rows: SHORT, margin: 0.05, of: ({ ring, newest, before }) => ring[newest]! - before },
  { rows: SHORT, margin: 0.05, of: ({ median }) => median },
  { rows: 2 * SHORT - 1, margin: 0.1, of: ({ distances }) => medianOf(distances) },
  { rows: LONG, margin: 0.1, of: ({ ring }) => deviation(ring) },
]

function deviation(ring: Float64Array): number {
  let sum = 0
  for (let i = 0; i < LONG; i++) sum += ring[i]!
  const mean = sum / LONG
  let squares = 0
  for (let i = 0; i < LONG; i++) squares += (ring[i]! - mean) ** 2
  return Math.sqrt(squares / (LONG - 1))
}

const sorted = new Float64Array(SHORT)

/** The median of twenty values. */
export function medianOf(values: Float64Array): number {
  sorted.set(values)
  sorted.sort()
  return (sorted[SHORT / 2 - 1]! + sorted[SHORT / 2]!) / 2
}
