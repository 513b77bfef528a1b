import { SensorRecords } from './record.ts'
import type { Piece, Recipe, Scorer, ScoreStream } from './scorer.ts'
import { seasonIn } from './season.ts'

/**
 * Scores a row by the records that it breaks: its value, its step from the weighted mean of the rows before, the median of twenty rows, their median distance from it, the deviation of a
 * hundred, and the step from the rows a season before if training shows one: each against the highest and lowest so far. Above 1 where one goes beyond by its margin. Of n
 * independent rows one is a record once in n, so false alarms grow rarer by themselves, and a series that settles at another level alarms once. For a single sensor, of
 * which no relation to others can be learned.
 */
export function recordScore(sensors: readonly number[]): Recipe {
  return { name: 'records', warmUp: 0, fit: pieces => new Records(sensors, pieces) }
}

class Records implements Scorer {
  readonly name = 'records'
  readonly sensors: number
  readonly warmUp = 0
  readonly #chosen: readonly number[]
  readonly #records: readonly SensorRecords[]

  constructor(chosen: readonly number[], pieces: readonly Piece[]) {
    this.sensors = pieces[0]?.columns ?? 0
    this.#chosen = chosen
    this.#records = chosen.map(sensor => {
      const values = pieces.map(piece => valuesOf(piece, sensor))
      let records = new SensorRecords(seasonIn(values[0] ?? new Float64Array(0)))
      for (const piece of values) {
        records = records.copy(true)
        for (const value of piece) records.push(value)
      }
      return records
    })
  }

  stream(): ScoreStream {
    const records = this.#records.map(each => each.copy())
    const shares = new Float64Array(this.sensors)
    return {
      bytes: records.reduce((sum, each) => sum + each.bytes, shares.byteLength),
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

function valuesOf({ rows, columns, data }: Piece, sensor: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + sensor]!)
}
