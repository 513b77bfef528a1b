import type { Fields } from '../base/fields.ts'
import { chosenIn } from './chosen.ts'
import { keptNet, type Net, netFrom } from './net.ts'
import type { KeptScorer, Scorer, ScoreStream } from './scorer.ts'

/** Means and reciprocal deviations of the chosen sensors; 0 for one that is constant. */
export interface Scale {
  readonly mean: Float64Array
  readonly factor: Float64Array
}

export interface NetScorerOptions {
  readonly sensors: number
  readonly chosen: readonly number[]
  readonly scale: Scale
  readonly net: Net
}

/**
 * Scores rows by the squared error of a net, sensor by sensor. A value that was not heard goes into the net as its sensor's mean, for a net must be given something; its own error does not count. Where less than
 * half of what a net is given or judged by was heard, there is no score.
 */
export class NetScorer implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly #options: NetScorerOptions

  constructor(options: NetScorerOptions) {
    this.name = options.net.shape.kind
    this.sensors = options.sensors
    this.warmUp = options.net.warmUp
    this.#options = options
  }

  keep(): KeptScorer {
    const { sensors, chosen, scale, net } = this.#options
    return { kind: 'net', sensors, chosen: Int32Array.from(chosen), ...scale, net: keptNet(net) }
  }

  stream(): ScoreStream {
    const { chosen, scale, net } = this.#options
    const width = chosen.length
    const window = new Float32Array(net.steps * width)
    const known = new Uint8Array(net.steps * width)
    const row = new Float32Array(width)
    const heard = new Uint8Array(width)
    const shares = new Float64Array(this.sensors)
    let seen = 0
    const push = (values: ArrayLike<number>, unheard?: ArrayLike<number>): number => {
      for (const [i, sensor] of chosen.entries()) {
        heard[i] = unheard?.[sensor] === 1 ? 0 : 1
        row[i] = heard[i] === 1 ? (values[sensor]! - scale.mean[i]!) * scale.factor[i]! : 0
      }
      const ready = seen >= this.warmUp
      seen++
      let score = Number.NaN
      if (net.ahead && ready && enough(known)) score = difference(net.given(window), row, heard, chosen, shares)
      slide(window, row)
      slide(known, heard)
      if (!net.ahead && ready) score = difference(net.given(window), window, known, chosen, shares)
      return score
    }
    const arrays = [window, known, row, heard, shares]
    return {
      bytes: arrays.reduce((sum, { byteLength }) => sum + byteLength, 0),
      push,
      contributions: () => shares,
    }
  }
}

/** Makes a net's score of what `keep` gave. Errors: `model_field`, `shape_wrong`. */
export function netScorerFrom(fields: Fields): Scorer {
  const { sensors, chosen } = chosenIn(fields)
  const mean = fields.numbers('mean', Float64Array, chosen.length)
  const factor = fields.numbers('factor', Float64Array, chosen.length, { least: 0 })
  return new NetScorer({ sensors, chosen, scale: { mean, factor }, net: netFrom(fields.of('net'), chosen.length) })
}

function slide<Kind extends Float32Array | Uint8Array>(window: Kind, row: Kind): void {
  window.copyWithin(0, row.length)
  window.set(row, window.length - row.length)
}

function enough(known: Uint8Array): boolean {
  return 2 * countOf(known) >= known.length
}

function countOf(known: Uint8Array): number {
  let count = 0
  for (let i = 0; i < known.length; i++) count += known[i]!
  return count
}

/** The mean squared difference of what is known, or NaN where that is less than half; what each sensor has of it goes into `shares`. */
function difference(
  given: Float32Array,
  wanted: Float32Array,
  known: Uint8Array,
  chosen: readonly number[],
  shares: Float64Array,
): number {
  shares.fill(0)
  if (!enough(known)) return Number.NaN
  const count = countOf(known)
  let sum = 0
  for (let at = 0; at < wanted.length; at++) {
    if (known[at] === 0) continue
    const share = (given[at]! - wanted[at]!) ** 2 / count
    shares[chosen[at % chosen.length]!]! += share
    sum += share
  }
  return sum
}
