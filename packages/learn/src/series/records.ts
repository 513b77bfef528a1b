import type { Piece, Recipe, Scorer, ScoreStream } from './scorer.ts'

/** A feature of the last rows of a sensor, and by how much of the range so far it must exceed the highest or lowest so far. */
interface Kind {
  /** Rows that it looks at. */
  readonly rows: number
  readonly margin: number
  /** @param ring the last values, of which `newest` lies at that place; `before` is the weighted mean of the rows before */
  of(ring: Float64Array, newest: number, before: number): number
}

const SHORT = 20
const LONG = 100
const WEIGHT = 0.1

const KINDS: readonly Kind[] = [
  { rows: 1, margin: 0.01, of: (ring, newest) => ring[newest]! },
  { rows: SHORT, margin: 0.05, of: (ring, newest, before) => ring[newest]! - before },
  { rows: SHORT + 1, margin: 0.05, of: (ring, newest) => roughness(ring, newest) },
  { rows: SHORT, margin: 0.05, of: (ring, newest) => momentOf(ring, newest, SHORT).mean },
  { rows: SHORT, margin: 0.05, of: (ring, newest) => momentOf(ring, newest, SHORT).deviation },
  { rows: LONG, margin: 0.1, of: (ring, newest) => momentOf(ring, newest, LONG).mean },
  { rows: LONG, margin: 0.1, of: (ring, newest) => momentOf(ring, newest, LONG).deviation },
]

/** How many records could be broken in a row of one sensor: each feature upward and downward. */
export const RECORDS = 2 * KINDS.length

/**
 * Scores a row by the records that it breaks: its value, its step from the weighted mean of the rows before, the mean step of twenty rows, means and deviations of twenty and of a
 * hundred rows, each against the highest and lowest so far. Above 1 where one goes beyond by its margin. Of n independent rows one is a record once in n, so false alarms grow
 * rarer by themselves, and a series that settles at another level alarms once. For a single sensor, of which no relation to others can be learned.
 */
export function recordScore(sensors: readonly number[]): Recipe {
  return { name: 'records', warmUp: 0, fit: pieces => new Records(sensors, pieces) }
}

class Records implements Scorer {
  readonly name = 'records'
  readonly sensors: number
  readonly warmUp = 0
  readonly #chosen: readonly number[]
  readonly #records: readonly Record[]

  constructor(chosen: readonly number[], pieces: readonly Piece[]) {
    this.sensors = pieces[0]?.columns ?? 0
    this.#chosen = chosen
    const records = chosen.map(() => new Record())
    for (const { rows, columns, data } of pieces) {
      for (const record of records) record.restart()
      for (let row = 0; row < rows; row++)
        for (const [i, record] of records.entries()) record.push(data[row * columns + chosen[i]!]!)
    }
    this.#records = records
  }

  stream(): ScoreStream {
    const records = this.#records.map(record => record.copy())
    const shares = new Float64Array(this.sensors)
    return {
      bytes: records.length * Record.bytes + shares.byteLength,
      push: row => {
        let most = 0
        for (const [i, sensor] of this.#chosen.entries()) {
          shares[sensor] = records[i]!.push(row[sensor]!)
          most = Math.max(most, shares[sensor]!)
        }
        return most
      },
      contributions: () => shares,
    }
  }
}

/** The records of one sensor. */
class Record {
  static readonly bytes = 8 * (LONG + 2 * KINDS.length) + 24
  readonly #high: Float64Array
  readonly #low: Float64Array
  readonly #ring = new Float64Array(LONG)
  #seen = 0
  #mean = 0

  constructor(
    high = new Float64Array(KINDS.length).fill(Number.NEGATIVE_INFINITY),
    low = new Float64Array(KINDS.length).fill(Number.POSITIVE_INFINITY),
  ) {
    this.#high = high
    this.#low = low
  }

  /** The same records, of a series that begins anew. */
  copy(): Record {
    return new Record(this.#high.slice(), this.#low.slice())
  }

  /** Begins a series anew, and keeps the records. */
  restart(): void {
    this.#seen = 0
  }

  push(value: number): number {
    const at = this.#seen % LONG
    this.#ring[at] = value
    if (this.#seen === 0) this.#mean = value
    this.#seen++
    let most = 0
    for (const [k, kind] of KINDS.entries()) {
      if (this.#seen < kind.rows) continue
      const feature = kind.of(this.#ring, at, this.#mean)
      const high = this.#high[k]!
      const low = this.#low[k]!
      // A feature that has never moved has no range to measure by.
      if (high > low) {
        const beyond = Math.max(feature - high, low - feature) / (high - low)
        most = Math.max(most, (1 + beyond) / (1 + kind.margin))
      }
      if (feature > high) this.#high[k] = feature
      if (feature < low) this.#low[k] = feature
    }
    this.#mean += WEIGHT * (value - this.#mean)
    return most
  }
}

function momentOf(ring: Float64Array, newest: number, rows: number): { mean: number; deviation: number } {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += ring[(newest - i + LONG) % LONG]!
  const mean = sum / rows
  let squares = 0
  for (let i = 0; i < rows; i++) squares += (ring[(newest - i + LONG) % LONG]! - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / (rows - 1)) }
}

/** The mean step from row to row. */
function roughness(ring: Float64Array, newest: number): number {
  let sum = 0
  for (let i = 0; i < SHORT; i++) {
    const before = ring[(newest - i - 1 + LONG) % LONG]!
    sum += Math.abs(ring[(newest - i + LONG) % LONG]! - before)
  }
  return sum / SHORT
}
