import { LearnError } from '../../base/error.ts'
import { randomOf } from '../../base/random.ts'
import { Forecaster, MlpRegressor } from '../../nets/index.ts'
import { chosenColumns } from '../../series/chosen.ts'
import { scaledRows, scaleOf } from '../../series/net-score.ts'
import type { Scale } from '../../series/net-scorer.ts'
import type { Piece, TrainedRecipe } from '../../series/scorer.ts'
import { Adversary } from './adversary.ts'
import { type MemoryOptions, SHORT_MEMORY } from './long-memory.ts'
import { ErrorScorer, type GivingNet, netResidual } from './net-residual.ts'
import { ResidualScorer } from './residual-score.ts'
import { cutWindows, withHidden } from './training-windows.ts'

export type HardenedKind = 'autoencoder' | 'gru forecaster' | 'lstm forecaster' | 'transformer forecaster'

/** How a net is hardened against spoofed sensors. */
export interface HardenOptions {
  /** `autoencoder` gives a row back, a forecaster says the next row. */
  readonly kind: HardenedKind
  /** The columns that it sees. */
  readonly sensors: readonly number[]
  /** Those that an attacker may speak for. */
  readonly spoofed: readonly number[]
  /** How far a reading is moved in training, in its deviations; 0 trains without an adversary. */
  readonly radius: number
  /**
   * Whether a sensor is hidden from the net that tells it (leave one out): in training one of those spoofed in each window, and at work the one whose residual it is. A residual of the
   * sensor only. False if absent.
   */
  readonly hides?: boolean
  /** What is scored: the mean squared error over all sensors, or the spoofed sensors' residuals (`ResidualScorer`). */
  readonly score: 'error' | 'residual'
  /** How residuals are added up; `SHORT_MEMORY`. */
  readonly memory?: MemoryOptions
  /** Rows of the forecaster's windows; 16. */
  readonly steps?: number
  /** Numbers of a layer or state; 32. */
  readonly units?: number
  /** Times that spoofed windows are made anew for the net as it is then; 4. */
  readonly rounds?: number
  /** Epochs of a round; 6. */
  readonly epochs?: number
  /** Only each so many-th window is learned from, or fewer where they would be more than 2^23 numbers; 1. */
  readonly stride?: number
  /** Of its weights: without it a net makes much of what rarely moves, and thresholds follow its rare mistakes; .001. */
  readonly l2?: number
  readonly seed?: number
}

const DEFAULTS = {
  steps: 16,
  units: 32,
  rounds: 4,
  epochs: 6,
  stride: 1,
  seed: 1,
  hides: false,
  l2: 1e-3,
  memory: SHORT_MEMORY,
}

/**
 * Trains a net on spoofed windows (adversarial training, Madry et al. 2018): in half of the windows one of the sensors is moved by up to the radius, along the net's own gradient to
 * where the error would be seen least, and what is to come out is the truth. A net that learns rows to give them back learns to copy a lie; this one learns to tell the
 * sensor from the others. Errors: `radius_wrong`, `sensors_wrong`, `score_wrong`, `rows_too_few`, and those of the nets.
 */
export function hardenedNetScore(options: HardenOptions): TrainedRecipe {
  const all = { ...DEFAULTS, ...options }
  const { kind, sensors, spoofed, radius, score } = all
  if (!(radius >= 0 && Number.isFinite(radius)))
    throw new LearnError('radius_wrong', `a radius is a number of deviations from 0, not ${radius}`)
  if (spoofed.length === 0 || !spoofed.every(column => sensors.includes(column)))
    throw new LearnError(
      'sensors_wrong',
      `spoofed are ${spoofed.join(', ') || '(none)'}: name columns that the net sees`,
    )
  if (all.hides && score === 'error')
    throw new LearnError('score_wrong', 'a net that hides a sensor tells that one only: score its own residual')
  const ahead = kind !== 'autoencoder'
  const warmUp = ahead ? all.steps : 0
  const name = radius > 0 || all.hides ? `hardened ${kind}` : kind
  return {
    name,
    warmUp,
    async fit(pieces) {
      const own = chosenColumns(pieces, sensors)
      const scale = scaleOf(own, own.rows)
      const scaled = { net: await train(all, pieces, scale), chosen: sensors, scale }
      if (score === 'error') return new ErrorScorer(name, pieces[0]?.columns ?? 0, scaled)
      const models = spoofed.map(sensor => netResidual(name, sensor, scaled, all.hides))
      return ResidualScorer.fit(name, models, pieces, all.memory)
    },
  }
}

async function train(
  options: HardenOptions & typeof DEFAULTS,
  pieces: readonly Piece[],
  scale: Scale,
): Promise<GivingNet> {
  const { kind, sensors, spoofed, radius, units, rounds, epochs, seed, hides, l2 } = options
  const features = sensors.length
  const ahead = kind !== 'autoencoder'
  const steps = ahead ? options.steps : 1
  const windows = cutWindows(
    pieces.map(piece => scaledRows(chosenColumns([piece], sensors), scale)),
    steps,
    ahead,
    options.stride,
  )
  const net = ahead
    ? new Forecaster({ kind: cellOf(kind), steps, features, units, seed })
    : rowNet(features, units, seed)
  const places = spoofed.map(column => sensors.indexOf(column))
  const random = randomOf(seed)
  const adversary = new Adversary(net, windows, places, radius, random)
  for (let round = 0; round < rounds; round++) {
    const { inputs, targets } = radius > 0 ? adversary.half(round > 0) : windows
    await net.train(hides ? withHidden(inputs, places, random) : inputs, targets, { epochs, l2, seed: seed + round })
  }
  if (net instanceof Forecaster) return { model: net, steps, ahead, given: window => net.forecastOf(window) }
  return givingRows(net)
}

const cellOf = (kind: HardenedKind) => kind.split(' ')[0] as 'gru' | 'lstm' | 'transformer'

/** An autoencoder with a wider code than a plain one's: what keeps this one from copying is its adversary, or that it does not see. */
export function rowNet(features: number, units: number, seed: number): MlpRegressor {
  return new MlpRegressor({
    inputs: features,
    outputs: features,
    hidden: [units, Math.max(1, units >> 1), units],
    seed,
  })
}

/** A net that gives a row back. */
export function givingRows(model: MlpRegressor): GivingNet {
  return { model, steps: 1, ahead: false, given: row => model.runRow(row) }
}
