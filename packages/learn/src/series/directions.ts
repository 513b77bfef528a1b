import { LearnError } from '../base/error.ts'
import { momentsOf, type Rows, symmetricEigen } from '../linear/index.ts'

/** A score of features: a weighted sum of squares along the principal directions of what was learned. */
export interface Directions {
  readonly size: number
  /** Variances along the directions, from the smallest up, of features scaled to a variance of 1. */
  readonly variances: Float64Array
  readonly weights: Float64Array
  /**
   * A feature that is NaN is taken as what the others lead to expect of it: it adds nothing.
   * @param work what it leaves for `contributions`, of `workOf`
   */
  score(features: Float64Array, work: Work): number
  /** What each feature has in the score that left this; adds up to it. */
  contributions(work: Work, out: Float64Array): void
}

/** Where a score is reckoned: of one stream, so that many may use the same directions. */
export interface Work {
  readonly scaled: Float64Array
  readonly along: Float64Array
}

export function workOf(size: number): Work {
  return { scaled: new Float64Array(size), along: new Float64Array(size) }
}

/** From the variances along the directions, smallest first, to how much a square along each counts. */
export type Weigh = (variances: Float64Array) => Float64Array

/** A feature that moves by less than this share of its size does not move. */
const STILL = 1e-9
/** Turns in which missing features settle. */
const TURNS = 20

/**
 * Learns the directions of rows of features.
 * @param cap the most that one direction may add: 16 is four standard deviations; keeps a direction that hardly ever moves from deciding alone
 * Error: `rows_too_few` under three rows.
 */
export function learnDirections(rows: Rows, weigh: Weigh, cap = Number.POSITIVE_INFINITY): Directions {
  const size = rows.columns
  const count = rows.data.length / Math.max(1, size)
  if (count < 3) throw new LearnError('rows_too_few', `${count} rows of features: at least 3 are needed`)
  const { mean, covariance } = momentsOf(rows)
  const scale = Float64Array.from({ length: size }, (_, i) => {
    const deviation = Math.sqrt(covariance[i * size + i]!)
    return deviation > STILL * Math.max(STILL, Math.abs(mean[i]!)) ? 1 / deviation : 0
  })
  const correlation = covariance.map((value, at) => value * scale[Math.floor(at / size)]! * scale[at % size]!)
  const { values, vectors } = symmetricEigen(correlation, size)
  const variances = values.map(value => Math.max(0, value))
  return new Scored(size, mean, scale, variances, vectors, weigh(variances), cap)
}

class Scored implements Directions {
  readonly size: number
  readonly variances: Float64Array
  readonly weights: Float64Array
  readonly #mean: Float64Array
  readonly #scale: Float64Array
  /** A direction a row. */
  readonly #directions: Float64Array
  readonly #cap: number

  constructor(
    size: number,
    mean: Float64Array,
    scale: Float64Array,
    variances: Float64Array,
    vectors: Float64Array,
    weights: Float64Array,
    cap: number,
  ) {
    this.size = size
    this.variances = variances
    this.weights = weights
    this.#mean = mean
    this.#scale = scale
    this.#directions = vectors.map((_, at) => vectors[(at % size) * size + Math.floor(at / size)]!)
    this.#cap = cap
  }

  score(features: Float64Array, { scaled, along: kept }: Work): number {
    const { size } = this
    for (let i = 0; i < size; i++) scaled[i] = (features[i]! - this.#mean[i]!) * this.#scale[i]!
    this.#expect(scaled)
    let score = 0
    for (let c = 0; c < size; c++) {
      const weight = this.weights[c]!
      kept[c] = 0
      if (weight === 0) continue
      let along = 0
      const from = c * size
      for (let i = 0; i < size; i++) along += this.#directions[from + i]! * scaled[i]!
      const square = along * along * weight
      const counted = Math.min(square, this.#cap)
      score += counted
      kept[c] = along * weight * (square > this.#cap ? this.#cap / square : 1)
    }
    return score
  }

  /** Puts for each missing feature what makes the distance least, as the others are: by turns (Gauss and Seidel), from its mean on. */
  #expect(scaled: Float64Array): void {
    const missing: number[] = []
    for (let i = 0; i < this.size; i++) if (Number.isNaN(scaled[i]!)) missing.push(i)
    if (missing.length === 0) return
    for (const i of missing) scaled[i] = 0
    // None is left to expect anything by.
    if (missing.length === this.size) return
    const along = new Float64Array(this.size)
    for (let at = 0; at < this.#directions.length; at++)
      along[Math.floor(at / this.size)]! += this.#directions[at]! * scaled[at % this.size]!
    for (let turn = 0; turn < TURNS; turn++) for (const i of missing) scaled[i]! += this.#towards(i, along)
  }

  /** By how much a feature must move for the least distance; moves what lies along the directions with it. */
  #towards(feature: number, along: Float64Array): number {
    let slope = 0
    let curve = 0
    for (let c = 0; c < this.size; c++) {
      const part = this.#directions[c * this.size + feature]!
      slope += this.weights[c]! * part * along[c]!
      curve += this.weights[c]! * part * part
    }
    const step = curve > 0 ? -slope / curve : 0
    for (let c = 0; c < this.size; c++) along[c]! += this.#directions[c * this.size + feature]! * step
    return step
  }

  contributions({ scaled, along: kept }: Work, out: Float64Array): void {
    out.fill(0)
    for (let c = 0; c < this.size; c++) {
      const along = kept[c]!
      if (along === 0) continue
      const from = c * this.size
      for (let i = 0; i < this.size; i++) out[i]! += this.#directions[from + i]! * along
    }
    for (let i = 0; i < this.size; i++) out[i]! *= scaled[i]!
  }
}
