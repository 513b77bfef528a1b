import type { Baseline } from './baseline.ts'

/** The prior of a run's level is as good as so many values, and that of its variance as twice `SHAPE`. */
const WEIGHT = 0.05
const SHAPE = 1

/** A run of the series since `start`, what is known of its columns, and how probable it is that it is the current one. */
export class Run {
  readonly start: number
  probability: number
  readonly #baselines: readonly Baseline[]
  readonly #count: Float64Array
  readonly #mean: Float64Array
  readonly #square: Float64Array

  constructor(start: number, probability: number, baselines: readonly Baseline[]) {
    this.start = start
    this.probability = probability
    this.#baselines = baselines
    this.#count = new Float64Array(baselines.length)
    this.#mean = new Float64Array(baselines.length)
    this.#square = new Float64Array(baselines.length)
  }

  /** The logarithm of the predictive density of the present values (Student's t, from the normal-inverse-gamma prior). */
  density(values: Float64Array): number {
    let sum = 0
    for (const [column, value] of values.entries()) {
      if (Number.isNaN(value)) continue
      const count = this.#count[column]!
      const { shape, scale, level } = this.#posterior(column)
      const freedom = 2 * shape
      const spread = (scale / shape) * (1 + 1 / (WEIGHT + count))
      const tail = Math.log1p((value - level) ** 2 / (freedom * spread))
      sum += logGammaStep(count) - Math.log(freedom * Math.PI * spread) / 2 - (shape + 0.5) * tail
    }
    return sum
  }

  /** Takes the present values; beyond `longest` of them older ones are forgotten. */
  learn(values: Float64Array, longest: number): void {
    for (const [column, value] of values.entries()) {
      if (Number.isNaN(value)) continue
      if (this.#count[column]! >= longest) {
        this.#square[column]! *= (longest - 1) / longest
        this.#count[column] = longest - 1
      }
      const count = ++this.#count[column]!
      const off = value - this.#mean[column]!
      this.#mean[column]! += off / count
      this.#square[column]! += off * (value - this.#mean[column]!)
    }
  }

  /** Level and deviation of a column, as they are believed. */
  beliefOf(column: number): { readonly level: number; readonly deviation: number } {
    const { shape, scale, level } = this.#posterior(column)
    return { level, deviation: Math.sqrt(scale / shape) }
  }

  #posterior(column: number): { shape: number; scale: number; level: number } {
    const { mean, deviation } = this.#baselines[column]!
    const count = this.#count[column]!
    const off = this.#mean[column]! - mean
    const weight = WEIGHT + count
    return {
      shape: SHAPE + count / 2,
      scale: SHAPE * deviation ** 2 + this.#square[column]! / 2 + (WEIGHT * count * off * off) / (2 * weight),
      level: mean + (count * off) / weight,
    }
  }
}

/** ln gamma(a + 1/2) - ln gamma(a) for a = SHAPE + k / 2: from a = 1 and 3/2 on by gamma(a + 1) = a gamma(a). */
const steps = [Math.log(Math.sqrt(Math.PI) / 2), -Math.log(Math.sqrt(Math.PI) / 2)]

function logGammaStep(count: number): number {
  while (steps.length <= count) {
    const before = SHAPE + (steps.length - 2) / 2
    steps.push(steps[steps.length - 2]! + Math.log((before + 0.5) / before))
  }
  return steps[count]!
}
