import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { momentsOf } from '../linear/index.ts'
import { Autoencoder, type FitOptions, Forecaster, type Samples } from '../nets/index.ts'
import { chosenColumns } from './chosen.ts'
import { type Net, type NetKind, netOf, warmUpOf } from './net.ts'
import { NetScorer, type Scale } from './net-scorer.ts'
import type { TrainedRecipe } from './scorer.ts'

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
const VALIDATION = 0.1
const FIT: FitOptions = { epochs: 40, validation: VALIDATION, patience: 6 }
const STILL = 1e-9

/**
 * The mean squared error of a net, over sensors scaled to mean 0 and deviation 1 in the rows that it learns from; what each sensor has of it is its squared error. The rows by which it is judged when to end (the last
 * tenth, unless `fit.validation` says otherwise) have no part in the scale. Training takes its time and gives way to other work. Errors: `rows_too_few`, and those of the nets.
 */
export function netScore(options: NetOptions): TrainedRecipe {
  const { kind, sensors, steps, units, seed, fit } = { ...DEFAULTS, ...options }
  const shape = { kind, features: sensors.length, steps, units, seed }
  return {
    name: kind,
    warmUp: warmUpOf(shape),
    async fit(pieces) {
      const net = netOf(shape)
      const own = pieces.map(piece => chosenColumns([piece], sensors))
      const scale = await learn(net, own, { ...FIT, seed, ...fit })
      return new NetScorer({ sensors: pieces[0]?.columns ?? 0, chosen: sensors, scale, net })
    },
  }
}

/** Trains the net over the windows of all pieces, none of which spans two; gives the scale of what it takes. */
async function learn({ model, steps }: Net, pieces: readonly Matrix[], fit: FitOptions): Promise<Scale> {
  const whole = joined(pieces)
  const { validation = VALIDATION } = fit
  if (model instanceof Autoencoder) {
    const scale = scaleOf(whole, firstShare(whole.rows, validation))
    await model.fit(scaledRows(whole, scale), fit)
    return scale
  }
  const least = model instanceof Forecaster ? steps + model.horizon : steps
  const windows = windowsOf(pieces, rows => model.windows(rows), least)
  // Windows are judged from this one on, and none that is learned from reaches into its rows.
  const judged = windows.starts[firstShare(windows.starts.length, validation)] ?? whole.data.length
  const scale = scaleOf(whole, judged / whole.columns)
  await model.fit({ ...windows, data: scaledRows(whole, scale).data }, fit)
  return scale
}

/** Of so many samples, those before the validation share. */
const firstShare = (count: number, validation: number): number => count - Math.floor(count * validation)

function windowsOf(pieces: readonly Matrix[], cut: (rows: Matrix) => Samples, least: number): Samples {
  const starts: number[] = []
  let from = 0
  for (const piece of pieces) {
    if (piece.rows >= least) for (const start of cut(piece).starts) starts.push(from + start)
    from += piece.data.length
  }
  const first = pieces.find(piece => piece.rows >= least)
  if (first === undefined) throw new LearnError('rows_too_few', `no stretch of rows is as long as ${least}`)
  return { ...cut(first), starts: Uint32Array.from(starts) }
}

function joined(pieces: readonly Matrix[]): Matrix {
  const columns = pieces[0]?.columns ?? 0
  const all = Array.from({ length: columns }, (_, i) => i)
  return chosenColumns(pieces, all)
}

/** By the first rows of a table. */
export function scaleOf({ columns, data }: Matrix, rows: number): Scale {
  const { mean, covariance } = momentsOf({ columns, data: Float64Array.from(data.subarray(0, rows * columns)) })
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
