import type { Fields, Kept } from '../base/fields.ts'
import { Autoencoder, Forecaster, Reconstructor } from '../nets/index.ts'

export const NET_KINDS = [
  'autoencoder',
  'gru forecaster',
  'lstm forecaster',
  'transformer forecaster',
  'gru reconstructor',
  'lstm reconstructor',
  'transformer reconstructor',
] as const

/** What a net is asked: to give a row back, to say the next row, or to give a window back. */
export type NetKind = (typeof NET_KINDS)[number]

export interface NetShape {
  readonly kind: NetKind
  readonly features: number
  /** Rows of a window, for all but the autoencoder. */
  readonly steps: number
  readonly units: number
  readonly seed: number
}

/** A net as a score sees it. */
export interface Net {
  readonly shape: NetShape
  readonly model: Autoencoder | Forecaster | Reconstructor
  /** Rows of a window. */
  readonly steps: number
  /** Rows that must come before the first score. */
  readonly warmUp: number
  /** Whether it gives the row behind the window; else the window's own rows. */
  readonly ahead: boolean
  given(window: Float32Array): Float32Array
}

/** Rows that must come before a net's first score. */
export function warmUpOf({ kind, steps }: Pick<NetShape, 'kind' | 'steps'>): number {
  if (kind === 'autoencoder') return 0
  return kind.endsWith('forecaster') ? steps : steps - 1
}

/** A net that has not learned yet. Error: `shape_wrong`. */
export function netOf(shape: NetShape): Net {
  const { kind, features, steps, units, seed } = shape
  const warmUp = warmUpOf(shape)
  if (kind === 'autoencoder') {
    const model = new Autoencoder({ inputs: features, hidden: [units, codeOf(shape), units], seed })
    return { shape, model, steps: 1, warmUp, ahead: false, given: window => model.runRow(window) }
  }
  const cell = kind.split(' ')[0] as 'gru' | 'lstm' | 'transformer'
  if (kind.endsWith('forecaster')) {
    const model = new Forecaster({ kind: cell, steps, features, units, seed })
    return { shape, model, steps, warmUp, ahead: true, given: window => model.forecastOf(window) }
  }
  const model = new Reconstructor({ kind: cell, steps, features, units, seed })
  return { shape, model, steps, warmUp, ahead: false, given: window => model.reconstructionOf(window) }
}

/** Numbers of an autoencoder's code: fewer than it is given, or it would have nothing to learn. */
const codeOf = ({ units, features }: NetShape): number => Math.max(1, Math.min(Math.ceil(units / 4), features - 1))

/** A net for a model file: its shape, and all its weights behind one another. */
export function keptNet({ shape, model }: Net): Kept {
  const tensors = model.weights
  const weights = new Float32Array(tensors.reduce((sum, { data }) => sum + data.length, 0))
  let at = 0
  for (const { data } of tensors) {
    weights.set(data, at)
    at += data.length
  }
  return { kind: shape.kind, steps: shape.steps, units: shape.units, weights }
}

const MOST_STEPS = 1_024
const MOST_UNITS = 65_536

/** Makes a net of what `keptNet` gave. Errors: `model_field`, `shape_wrong`. */
export function netFrom(fields: Fields, features: number): Net {
  const kind = fields.oneOf('kind', NET_KINDS)
  const steps = fields.whole('steps', { least: 1, most: MOST_STEPS })
  const units = fields.whole('units', { least: 1, most: MOST_UNITS })
  const shape = { kind, features, steps, units, seed: 1 }
  // No memory is taken for a net that is larger than its file.
  fields.numbers('weights', Float32Array, { least: leastWeights(shape) })
  const net = netOf(shape)
  const tensors = net.model.weights
  const count = tensors.reduce((sum, { data }) => sum + data.length, 0)
  const weights = fields.numbers('weights', Float32Array, count)
  let at = 0
  net.model.load(
    tensors.map(({ name, shape: size, data }) => {
      const from = at
      at += data.length
      return { name, shape: size, data: weights.slice(from, at) }
    }),
  )
  return net
}

/** Weights that a net of a shape has at least. */
function leastWeights(shape: NetShape): number {
  const { kind, features, units } = shape
  return kind === 'autoencoder' ? 2 * units * (features + codeOf(shape)) : units * (units + features)
}
