import { type Fields, type Kept, LARGEST } from '../base/fields.ts'
import { KINDS, LONG, medianOf, SHORT } from './record-feature.ts'
import { MOST_ROWS } from './scorer.ts'
import { SeasonStep } from './season.ts'

const WEIGHT = 0.1
/** The score of a value that moves for the first time. */
const MOVED = 2
const SEASON_MARGIN = 0.05
/** Margins are twice as wide where training ends, and shrink by the fourth root of the rows since: the more rows records stand on, the less is due to chance. */
const WIDENING = { times: 2, power: 0.25 }

/** How many records could be broken by a row of one sensor: each feature, and the step from the season before, upward and downward. */
export const RECORDS = 2 * (KINDS.length + 1)

/** The records of one sensor. */
export class SensorRecords {
  readonly #period: number
  readonly #high: Float64Array
  readonly #low: Float64Array
  readonly #ring = new Float64Array(LONG)
  readonly #short = new Float64Array(SHORT)
  readonly #distances = new Float64Array(SHORT)
  readonly #season: SeasonStep | null
  readonly #trained: number
  readonly #learning: boolean
  #seen = 0
  #mean = 0

  /**
   * @param period rows of its season; 0 where it has none
   * @param trained rows that the records stand on
   * @param learning whether the rows to come are training rows, all of which are the norm
   */
  constructor(
    period: number,
    trained = 0,
    high = records(Number.NEGATIVE_INFINITY),
    low = records(Number.POSITIVE_INFINITY),
    learning = true,
  ) {
    this.#period = period
    this.#trained = trained
    this.#learning = learning
    this.#high = high
    this.#low = low
    this.#season = period > 0 ? new SeasonStep(period) : null
  }

  /** Makes records of what `keep` gave. Error: `model_field`. */
  static from(fields: Fields): SensorRecords {
    const everything = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }
    const high = fields.numbers('high', Float64Array, KINDS.length + 1, everything)
    const low = fields.numbers('low', Float64Array, KINDS.length + 1, everything)
    const wrong = high.findIndex((value, k) => !isRange(low[k]!, value, k > 0))
    if (wrong >= 0) throw fields.wrong(`high[${wrong}]`, `is ${high[wrong]}, with ${low[wrong]} as the lowest`)
    const period = fields.whole('period', { least: 0, most: MOST_ROWS })
    return new SensorRecords(period, fields.whole('trained', { least: 1, most: MOST_TRAINED }), high, low, false)
  }

  keep(): Kept {
    return { period: this.#period, trained: this.#rows, high: this.#high, low: this.#low }
  }

  get bytes(): number {
    return (
      this.#high.byteLength +
      this.#low.byteLength +
      this.#ring.byteLength +
      2 * this.#short.byteLength +
      24 +
      (this.#season?.bytes ?? 0)
    )
  }

  /** The same records, of a series that begins anew. */
  copy(learning = false): SensorRecords {
    return new SensorRecords(this.#period, this.#rows, this.#high.slice(), this.#low.slice(), learning)
  }

  /**
   * Takes the next value; returns how it stands to the records before it: above 1 where it breaks one by its margin. What is kept of it lies within twice the range so far: one absurd value
   * alarms, and neither it nor what is reckoned from it hides what comes after. A level that stays is the norm a few rows later.
   */
  push(raw: number): number {
    const place = this.#seen++
    const newest = place % LONG
    const wide = this.#trained === 0 ? 1 : this.#widening()
    let most = this.#judge(0, raw, wide * KINDS[0]!.margin)
    const value = Math.min(this.#high[0]!, Math.max(this.#low[0]!, raw))
    this.#ring[newest] = value
    this.#short[place % SHORT] = value
    const median = medianOf(this.#short)
    this.#distances[place % SHORT] = Math.abs(value - median)
    if (place === 0) this.#mean = value
    const last = { ring: this.#ring, newest, before: this.#mean, median, distances: this.#distances }
    for (let k = 1; k < KINDS.length; k++) {
      const { rows, margin, of } = KINDS[k]!
      if (this.#seen >= rows) most = Math.max(most, this.#judge(k, of(last), wide * margin))
    }
    const step = this.#season?.push(value) ?? Number.NaN
    if (!Number.isNaN(step)) most = Math.max(most, this.#judge(KINDS.length, step, wide * SEASON_MARGIN))
    this.#mean += WEIGHT * (value - this.#mean)
    return most
  }

  /** A row in which nothing was heard: it breaks no record and is none. The clock of a season goes on. */
  skip(): void {
    this.#season?.push(Number.NaN)
  }

  /** Rows that the records stand on. */
  get #rows(): number {
    return Math.max(this.#trained, this.#seen)
  }

  /** Rows of training that the stream begins with count once. */
  #widening(): number {
    return WIDENING.times * (this.#trained / Math.max(this.#trained, this.#seen)) ** WIDENING.power
  }

  /** Where a row may move a record to: by the range so far, of a value that has stood still by its size. Other features need no bound: they follow from values that are kept. */
  #within(k: number, high: number, low: number): readonly [number, number] {
    if (k > 0 || this.#learning) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const step = high > low ? high - low : Math.abs(high) || 1
    return [low - step, high + step]
  }

  #judge(k: number, feature: number, margin: number): number {
    const high = this.#high[k]!
    const low = this.#low[k]!
    const [least, most] = this.#within(k, high, low)
    if (feature > high) this.#high[k] = Math.min(feature, most)
    if (feature < low) this.#low[k] = Math.max(feature, least)
    if (high > low) return (1 + Math.max(feature - high, low - feature) / (high - low)) / (1 + margin)
    // A value that has stood still for all of training and moves is a record of its own kind; other features have no range to measure by then.
    return k === 0 && this.#trained > 0 && feature !== high ? MOVED : 0
  }
}

function records(worst: number): Float64Array {
  return new Float64Array(KINDS.length + 1).fill(worst)
}

/** A highest and a lowest value; of features that were never told, the bounds that any value breaks. */
function isRange(low: number, high: number, mayBeUntold: boolean): boolean {
  const untold = high === Number.NEGATIVE_INFINITY && low === Number.POSITIVE_INFINITY
  return (untold && mayBeUntold) || (low >= -LARGEST && low <= high && high <= LARGEST)
}

const MOST_TRAINED = 2 ** 40
