import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { momentsOf } from '../linear/index.ts'
import { Autoencoder, type FitOptions, Forecaster, Reconstructor, type Samples } from '../nets/index.ts'
import { chosenColumns } from './forest-score.ts'
import { type Errors, NetScorer, type Scale } from './net-scorer.ts'
import type { Piece, TrainedRecipe } from './scorer.ts'

/** What a net is asked: to give a row back, to say the next row, or to give a window back. */
export type NetKind =
  | 'autoencoder'
  | 'gru forecaster'
  | 'lstm forecaster'
  | 'transformer forecaster'
  | 'gru reconstructor'
  | 'lstm reconstructor'
  | 'transformer reconstructor'

export interface NetOptions {
  readonly kind: NetKind
  readonly sensors: readonly number[]
  /** Rows of a window, for all but the autoencoder. */
  readonly steps?: number
  /** Numbers of a state; for the autoencoder, those of its first and last layer, of which the code has a quarter. */
  readonly units?: number
  readonly seed?: number
  readonly fit?: FitOptions
}

const DEFAULTS = { steps: 16, units: 32, seed: 1 }
const FIT: FitOptions = { epochs: 40, validation: 0.1, patience: 6 }
const STILL = 1e-9

/**
 * The mean squared error of a net, over sensors scaled to mean 0 and deviation 1 in training; what each sensor has of it is its squared error. Training takes its time and gives way
 * to other work. Errors: `rows_too_few`, and those of the nets.
 */
export function netScore(options: NetOptions): TrainedRecipe {
  const { kind, sensors, steps, units, seed, fit } = { ...DEFAULTS, ...options }
  const warmUp = kind === 'autoencoder' ? 0 : kind.endsWith('forecaster') ? steps : steps - 1
  return {
    name: kind,
    warmUp,
    async fit(pieces) {
      const scale = scaleOf(pieces, sensors)
      const scaled = pieces.map(piece => scaledRows(chosenColumns([piece], sensors), scale))
      const errors = await learn({ kind, features: sensors.length, steps, units, seed }, scaled, {
        ...FIT,
        seed,
        ...fit,
      })
      return new NetScorer({ name: kind, sensors: pieces[0]?.columns ?? 0, warmUp, chosen: sensors, scale, errors })
    },
  }
}

interface Shape {
  readonly kind: NetKind
  readonly features: number
  readonly steps: number
  readonly units: number
  readonly seed: number
}

/** Trains the net over the windows of all pieces, none of which spans two. */
async function learn(shape: Shape, pieces: readonly Matrix[], fit: FitOptions): Promise<Errors> {
  const { kind, features, steps, units, seed } = shape
  if (kind === 'autoencoder') {
    const hidden = [units, Math.max(1, Math.min(Math.ceil(units / 4), features - 1)), units]
    const net = new Autoencoder({ inputs: features, hidden, seed })
    await net.fit(joined(pieces), fit)
    return { steps: 1, ahead: false, given: window => net.runRow(window) }
  }
  const cell = kind.split(' ')[0] as 'gru' | 'lstm' | 'transformer'
  const net = kind.endsWith('forecaster')
    ? new Forecaster({ kind: cell, steps, features, units, seed })
    : new Reconstructor({ kind: cell, steps, features, units, seed })
  await net.fit(
    windowsOf(pieces, rows => net.windows(rows), steps + 1),
    fit,
  )
  return net instanceof Forecaster
    ? { steps, ahead: true, given: window => net.forecastOf(window) }
    : { steps, ahead: false, given: window => net.reconstructionOf(window) }
}

function windowsOf(pieces: readonly Matrix[], cut: (rows: Matrix) => Samples, least: number): Samples {
  const whole = joined(pieces)
  const starts: number[] = []
  let from = 0
  for (const piece of pieces) {
    if (piece.rows >= least) for (const start of cut(piece).starts) starts.push(from + start)
    from += piece.data.length
  }
  const first = pieces.find(piece => piece.rows >= least)
  if (first === undefined) throw new LearnError('rows_too_few', `no stretch of rows is as long as ${least}`)
  return { ...cut(first), data: whole.data, starts: Uint32Array.from(starts) }
}

function joined(pieces: readonly Matrix[]): Matrix {
  const columns = pieces[0]?.columns ?? 0
  return chosenColumns(
    pieces,
    Array.from({ length: columns }, (_, i) => i),
  )
}

/** Means and reciprocal deviations of chosen columns. */
export function scaleOf(pieces: readonly Piece[], sensors: readonly number[]): Scale {
  const { columns, data } = chosenColumns(pieces, sensors)
  const { mean, covariance } = momentsOf({ columns, data: Float64Array.from(data) })
  const factor = mean.map((middle, i) => {
    const deviation = Math.sqrt(covariance[i * columns + i]!)
    return deviation > STILL * Math.max(1, Math.abs(middle)) ? 1 / deviation : 0
  })
  return { mean, factor }
}

/** Rows with mean 0 and deviation 1. */
export function scaledRows({ rows, columns, data }: Matrix, { mean, factor }: Scale): Matrix {
  return {
    rows,
    columns,
    data: data.map((value, at) => (value - mean[at % columns]!) * factor[at % columns]!),
  }
}
