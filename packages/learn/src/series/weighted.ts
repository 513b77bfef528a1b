import type { Fields } from '../base/fields.ts'
import { chosenIn } from './chosen.ts'
import { readingOf } from './last-values.ts'
import type { KeptScorer, Scorer, ScoreStream } from './scorer.ts'

/** A level and spread of each sensor, for each place in a season: place after place. */
export interface Baseline {
  readonly mean: Float64Array
  readonly spread: Float64Array
}

export interface WeightedOptions {
  readonly name: string
  readonly sensors: number
  readonly chosen: readonly number[]
  readonly baseline: Baseline
  /** Of the newest value. */
  readonly weight: number
  /** What the weighted mean of each sensor is divided by; 1 unless said. */
  readonly deviation?: Float64Array
}

/** What a mean keeps of one reading, in deviations: as good as all readings of normal rows lie within. */
const KEPT = 3
/** Most places of a season, over all sensors. */
const MOST_PLACES = 2 ** 20

/** The stream of weighted means, which training looks into. */
interface WeightedStream extends ScoreStream {
  /** The weighted mean of each chosen sensor's z-scores, each bounded. */
  readonly means: Float64Array
}

/**
 * Scores rows by the weighted means of z-scores. A sensor that is not heard, or gives what is no reading, has no part in the score, and its mean falls back to 0; where none is heard there is no score.
 */
export class Weighted implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly chosen: readonly number[]
  readonly warmUp = 0
  readonly #baseline: Baseline
  readonly #weight: number
  readonly #deviation: Float64Array

  constructor({ name, sensors, chosen, baseline, weight, deviation }: WeightedOptions) {
    this.name = name
    this.sensors = sensors
    this.chosen = chosen
    this.#baseline = baseline
    this.#weight = weight
    this.#deviation = deviation ?? new Float64Array(chosen.length).fill(1)
  }

  keep(): KeptScorer {
    return {
      kind: 'weighted',
      name: this.name,
      sensors: this.sensors,
      chosen: Int32Array.from(this.chosen),
      mean: this.#baseline.mean,
      spread: this.#baseline.spread,
      weight: this.#weight,
      deviation: this.#deviation,
    }
  }

  stream(first = 0): WeightedStream {
    const width = this.chosen.length
    const means = new Float64Array(width)
    const shares = new Float64Array(this.sensors)
    const places = this.#baseline.mean.length / width
    let place = first % places
    return {
      means,
      bytes: means.byteLength + shares.byteLength,
      push: (row, unheard) => {
        const from = place * width
        place = (place + 1) % places
        let most = -1
        for (const [i, sensor] of this.chosen.entries()) {
          const value = unheard?.[sensor] === 1 ? Number.NaN : readingOf(row[sensor]!)
          const left = (1 - this.#weight) * means[i]!
          means[i] = left
          shares[sensor] = 0
          if (Number.isNaN(value)) continue
          const z = this.#standard(value, from + i)
          means[i] = left + this.#weight * Math.min(KEPT, Math.max(-KEPT, z))
          const share = Math.abs(left + this.#weight * z) / this.#deviation[i]!
          shares[sensor] = share
          most = Math.max(most, share)
        }
        return most < 0 ? Number.NaN : most
      },
      contributions: () => shares,
    }
  }

  /** The z-score of a value; 0 where the sensor never moved. */
  #standard(value: number, at: number): number {
    const spread = this.#baseline.spread[at]!
    return spread === 0 ? 0 : (value - this.#baseline.mean[at]!) / spread
  }
}

/** Makes weighted means of what `keep` gave. Error: `model_field`. */
export function weightedFrom(fields: Fields): Scorer {
  const { sensors, chosen } = chosenIn(fields)
  const width = chosen.length
  const mean = fields.numbers('mean', Float64Array, { least: width, most: MOST_PLACES })
  if (mean.length % width !== 0) throw fields.wrong('mean', `has ${mean.length} numbers for ${width} sensors`)
  const positive = { least: Number.MIN_VALUE }
  return new Weighted({
    name: fields.text('name'),
    sensors,
    chosen,
    baseline: { mean, spread: fields.numbers('spread', Float64Array, mean.length, { least: 0 }) },
    weight: fields.number('weight', { ...positive, most: 1 }),
    deviation: fields.numbers('deviation', Float64Array, width, positive),
  })
}
