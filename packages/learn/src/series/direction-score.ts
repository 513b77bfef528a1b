import type { Kept } from '../base/fields.ts'

/** A score of features: a weighted sum of squares along the principal directions of what was learned. */
export interface Directions {
  readonly size: number
  /** Variances along the directions, from the smallest up, of features scaled to a variance of 1. */
  readonly variances: Float64Array
  readonly weights: Float64Array
  /**
   * A feature that is NaN is taken as what the others lead to expect of it: it adds nothing. NaN where less than half of the features are evidence: so few lead to expect nothing.
   * @param work what it leaves for `contributions`, of `workOf`
   */
  score(features: Float64Array, work: Work): number
  /** What each feature has in the score that left this; adds up to it. */
  contributions(work: Work, out: Float64Array): void
  /** For a model file: `directionsFrom` makes the same of it. */
  keep(): Kept
}

/** Where a score is reckoned: of one stream, so that many may use the same directions. */
export interface Work {
  readonly scaled: Float64Array
  readonly along: Float64Array
}

export function workOf(size: number): Work {
  return { scaled: new Float64Array(size), along: new Float64Array(size) }
}

/** What directions are made of. */
export interface LearnedDirections {
  readonly mean: Float64Array
  /** Reciprocal deviations; 0 of a feature that does not move. */
  readonly scale: Float64Array
  readonly variances: Float64Array
  readonly weights: Float64Array
  /** A direction a row. */
  readonly directions: Float64Array
  readonly cap: number
}

/** Turns in which missing features settle. */
const TURNS = 20

export class DirectionScore implements Directions {
  readonly size: number
  readonly variances: Float64Array
  readonly weights: Float64Array
  readonly #mean: Float64Array
  readonly #scale: Float64Array
  readonly #directions: Float64Array
  readonly #cap: number

  constructor({ mean, scale, variances, weights, directions, cap }: LearnedDirections) {
    this.size = mean.length
    this.variances = variances
    this.weights = weights
    this.#mean = mean
    this.#scale = scale
    this.#directions = directions
    this.#cap = cap
  }

  keep(): Kept {
    return {
      mean: this.#mean,
      scale: this.#scale,
      variances: this.variances,
      weights: this.weights,
      directions: this.#directions,
      cap: this.#cap === Number.POSITIVE_INFINITY ? null : this.#cap,
    }
  }

  score(features: Float64Array, { scaled, along: kept }: Work): number {
    const { size } = this
    for (let i = 0; i < size; i++) scaled[i] = (features[i]! - this.#mean[i]!) * this.#scale[i]!
    if (!this.#expect(scaled)) {
      kept.fill(0)
      return Number.NaN
    }
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

  /**
   * Puts for each missing feature what makes the distance least, as the others are: by turns (Gauss and Seidel), from its mean on. False where those are fewer than half: nothing can be
   * expected by them.
   */
  #expect(scaled: Float64Array): boolean {
    const missing: number[] = []
    for (let i = 0; i < this.size; i++) if (Number.isNaN(scaled[i]!)) missing.push(i)
    for (const i of missing) scaled[i] = 0
    if (2 * missing.length > this.size) return false
    if (missing.length === 0) return true
    const along = new Float64Array(this.size)
    for (let at = 0; at < this.#directions.length; at++)
      along[Math.floor(at / this.size)]! += this.#directions[at]! * scaled[at % this.size]!
    for (let turn = 0; turn < TURNS; turn++) for (const i of missing) scaled[i]! += this.#towards(i, along)
    return true
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
