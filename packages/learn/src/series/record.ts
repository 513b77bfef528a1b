import { SeasonStep } from './season.ts'

/** A feature of the last rows of a sensor, and by how much of the range so far it must exceed the highest or lowest so far. */
interface Kind {
  /** Rows that it looks at. */
  readonly rows: number
  readonly margin: number
  /** @param ring the last values, of which the newest lies at that place; `before` is the weighted mean of the rows before */
  of(ring: Float64Array, newest: number, before: number): number
}

const SHORT = 20
const LONG = 100
const WEIGHT = 0.1
const SEASON_MARGIN = 0.05
/** Margins are twice as wide where training ends, and shrink by the fourth root of the rows since: the more rows records stand on, the less is due to chance. */
const WIDENING = { times: 2, power: 0.25 }

const KINDS: readonly Kind[] = [
  { rows: 1, margin: 0.01, of: (ring, newest) => ring[newest]! },
  { rows: SHORT, margin: 0.05, of: (ring, newest, before) => ring[newest]! - before },
  { rows: SHORT + 1, margin: 0.05, of: (ring, newest) => meanStep(ring, newest) },
  { rows: SHORT, margin: 0.05, of: (ring, newest) => momentOf(ring, newest, SHORT).mean },
  { rows: SHORT, margin: 0.05, of: (ring, newest) => momentOf(ring, newest, SHORT).deviation },
  { rows: SHORT, margin: 0.05, of: (ring, newest) => medianOfLast(ring, newest) },
  { rows: SHORT, margin: 0.1, of: (ring, newest) => medianDeviation(ring, newest) },
  { rows: LONG, margin: 0.1, of: (ring, newest) => momentOf(ring, newest, LONG).mean },
  { rows: LONG, margin: 0.1, of: (ring, newest) => momentOf(ring, newest, LONG).deviation },
]

/** How many records could be broken by a row of one sensor: each feature, and the step from the season before, upward and downward. */
export const RECORDS = 2 * (KINDS.length + 1)

/** The records of one sensor. */
export class SensorRecords {
  readonly #period: number
  readonly #high: Float64Array
  readonly #low: Float64Array
  readonly #ring = new Float64Array(LONG)
  readonly #season: SeasonStep | null
  readonly #trained: number
  #seen = 0
  #mean = 0

  /**
   * @param period rows of its season; 0 where it has none
   * @param trained rows that the records stand on
   */
  constructor(
    period: number,
    trained = 0,
    high = records(Number.NEGATIVE_INFINITY),
    low = records(Number.POSITIVE_INFINITY),
  ) {
    this.#period = period
    this.#trained = trained
    this.#high = high
    this.#low = low
    this.#season = period > 0 ? new SeasonStep(period) : null
  }

  get bytes(): number {
    return this.#high.byteLength + this.#low.byteLength + this.#ring.byteLength + 24 + (this.#season?.bytes ?? 0)
  }

  /** The same records, of a series that begins anew. */
  copy(): SensorRecords {
    const rows = Math.max(this.#trained, this.#seen)
    return new SensorRecords(this.#period, rows, this.#high.slice(), this.#low.slice())
  }

  /** Takes the next value; returns how it stands to the records before it: above 1 where it breaks one by its margin. */
  push(value: number): number {
    const at = this.#seen % LONG
    this.#ring[at] = value
    if (this.#seen === 0) this.#mean = value
    this.#seen++
    let most = 0
    const wide = this.#trained === 0 ? 1 : this.#widening()
    for (const [k, kind] of KINDS.entries()) {
      if (this.#seen < kind.rows) continue
      most = Math.max(most, this.#judge(k, kind.of(this.#ring, at, this.#mean), wide * kind.margin))
    }
    const step = this.#season?.push(value) ?? Number.NaN
    if (!Number.isNaN(step)) most = Math.max(most, this.#judge(KINDS.length, step, wide * SEASON_MARGIN))
    this.#mean += WEIGHT * (value - this.#mean)
    return most
  }

  /** Rows of training that the stream begins with count once. */
  #widening(): number {
    return WIDENING.times * (this.#trained / Math.max(this.#trained, this.#seen)) ** WIDENING.power
  }

  #judge(k: number, feature: number, margin: number): number {
    const high = this.#high[k]!
    const low = this.#low[k]!
    if (feature > high) this.#high[k] = feature
    if (feature < low) this.#low[k] = feature
    // A feature that has never moved has no range to measure by.
    return high > low ? (1 + Math.max(feature - high, low - feature) / (high - low)) / (1 + margin) : 0
  }
}

function records(worst: number): Float64Array {
  return new Float64Array(KINDS.length + 1).fill(worst)
}

function momentOf(ring: Float64Array, newest: number, rows: number): { mean: number; deviation: number } {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += ring[(newest - i + LONG) % LONG]!
  const mean = sum / rows
  let squares = 0
  for (let i = 0; i < rows; i++) squares += (ring[(newest - i + LONG) % LONG]! - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / (rows - 1)) }
}

const sorted = new Float64Array(SHORT)

function medianOfLast(ring: Float64Array, newest: number): number {
  for (let i = 0; i < SHORT; i++) sorted[i] = ring[(newest - i + LONG) % LONG]!
  sorted.sort()
  return (sorted[SHORT / 2 - 1]! + sorted[SHORT / 2]!) / 2
}

/** The median distance from the median. */
function medianDeviation(ring: Float64Array, newest: number): number {
  const middle = medianOfLast(ring, newest)
  for (let i = 0; i < SHORT; i++) sorted[i] = Math.abs(ring[(newest - i + LONG) % LONG]! - middle)
  sorted.sort()
  return (sorted[SHORT / 2 - 1]! + sorted[SHORT / 2]!) / 2
}

/** The mean size of a step from row to row. */
function meanStep(ring: Float64Array, newest: number): number {
  let sum = 0
  for (let i = 0; i < SHORT; i++)
    sum += Math.abs(ring[(newest - i + LONG) % LONG]! - ring[(newest - i - 1 + LONG) % LONG]!)
  return sum / SHORT
}
