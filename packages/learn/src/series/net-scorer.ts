import type { Scorer, ScoreStream } from './scorer.ts'

/** Means and reciprocal deviations of the chosen sensors; 0 for one that is constant. */
export interface Scale {
  readonly mean: Float64Array
  readonly factor: Float64Array
}

/** What a trained net gives for a window. */
export interface Errors {
  readonly steps: number
  /** Whether it gives the row behind the window; else the window's own rows. */
  readonly ahead: boolean
  given(window: Float32Array): Float32Array
}

export interface NetScorerOptions {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly chosen: readonly number[]
  readonly scale: Scale
  readonly errors: Errors
}

/** Scores rows by the squared error of a net, sensor by sensor. */
export class NetScorer implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly #options: NetScorerOptions

  constructor(options: NetScorerOptions) {
    this.name = options.name
    this.sensors = options.sensors
    this.warmUp = options.warmUp
    this.#options = options
  }

  stream(): ScoreStream {
    const { chosen, scale, errors } = this.#options
    const width = chosen.length
    const window = new Float32Array(errors.steps * width)
    const row = new Float32Array(width)
    const shares = new Float64Array(this.sensors)
    let seen = 0
    const push = (values: ArrayLike<number>): number => {
      for (const [i, sensor] of chosen.entries()) row[i] = (values[sensor]! - scale.mean[i]!) * scale.factor[i]!
      const ready = seen >= this.warmUp
      seen++
      if (errors.ahead) {
        const score = ready ? difference(errors.given(window), row, chosen, shares) : Number.NaN
        slide(window, row)
        return score
      }
      slide(window, row)
      return ready ? difference(errors.given(window), window, chosen, shares) : Number.NaN
    }
    return { bytes: window.byteLength + row.byteLength + shares.byteLength, push, contributions: () => shares }
  }
}

function slide(window: Float32Array, row: Float32Array): void {
  window.copyWithin(0, row.length)
  window.set(row, window.length - row.length)
}

/** The mean squared difference; what each sensor has of it goes into `shares`. */
function difference(
  given: Float32Array,
  wanted: Float32Array,
  chosen: readonly number[],
  shares: Float64Array,
): number {
  shares.fill(0)
  let sum = 0
  for (let at = 0; at < wanted.length; at++) {
    const share = (given[at]! - wanted[at]!) ** 2 / wanted.length
    shares[chosen[at % chosen.length]!]! += share
    sum += share
  }
  return sum
}
