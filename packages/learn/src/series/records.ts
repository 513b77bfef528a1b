import type { Fields } from '../base/fields.ts'
import { chosenIn, heardOf } from './chosen.ts'
import { SensorRecords } from './record.ts'
import type { KeptScorer, Piece, Recipe, Scorer, ScoreStream } from './scorer.ts'
import { seasonIn } from './season.ts'

/**
 * Scores a row by the records that it breaks: its value, its step from the weighted mean of the rows before, the median of twenty rows, their median distance from it, the deviation of a
 * hundred, and the step from the rows a season before if training shows one: each against the highest and lowest so far. Above 1 where one goes beyond by its margin. Of n
 * independent rows one is a record once in n, so false alarms grow rarer by themselves, and a series that settles at another level alarms once. For a single sensor, of
 * which no relation to others can be learned. A sensor that is not heard breaks no record; where none is heard, there is no score.
 */
export function recordScore(sensors: readonly number[]): Recipe {
  return { name: 'records', warmUp: 0, fit: pieces => learned(sensors, pieces) }
}

function learned(chosen: readonly number[], pieces: readonly Piece[]): Records {
  const records = chosen.map(sensor => {
    const values = pieces.map(piece => valuesOf(piece, sensor))
    let own = new SensorRecords(seasonIn(values[0] ?? new Float64Array(0)))
    for (const piece of values) {
      own = own.copy(true)
      for (const value of piece) own.push(value)
    }
    return own
  })
  return new Records(pieces[0]?.columns ?? 0, chosen, records)
}

/** Makes a score by records of what `keep` gave. Error: `model_field`. */
export function recordsFrom(fields: Fields): Scorer {
  const { sensors, chosen } = chosenIn(fields)
  const size = { least: chosen.length, most: chosen.length }
  const records = fields.list('records', size).map(SensorRecords.from)
  return new Records(sensors, chosen, records)
}

class Records implements Scorer {
  readonly name = 'records'
  readonly sensors: number
  readonly warmUp = 0
  readonly #chosen: readonly number[]
  readonly #records: readonly SensorRecords[]

  constructor(sensors: number, chosen: readonly number[], records: readonly SensorRecords[]) {
    this.sensors = sensors
    this.#chosen = chosen
    this.#records = records
  }

  keep(): KeptScorer {
    const records = this.#records.map(each => each.keep())
    return { kind: 'records', sensors: this.sensors, chosen: Int32Array.from(this.#chosen), records }
  }

  stream(): ScoreStream {
    const records = this.#records.map(each => each.copy())
    const shares = new Float64Array(this.sensors)
    return {
      bytes: records.reduce((sum, each) => sum + each.bytes, shares.byteLength),
      push: (row, unheard) => {
        let most = 0
        for (const [i, sensor] of this.#chosen.entries()) {
          shares[sensor] = 0
          if (unheard?.[sensor] === 1) records[i]!.skip()
          else shares[sensor] = records[i]!.push(row[sensor]!)
          most = Math.max(most, shares[sensor]!)
        }
        return heardOf(this.#chosen, unheard) === 0 ? Number.NaN : most
      },
      contributions: () => shares,
    }
  }
}

function valuesOf({ rows, columns, data }: Piece, sensor: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + sensor]!)
}
