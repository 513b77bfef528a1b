import { LearnError } from '../../base/error.ts'
import { type Matrix, rowsOf } from '../../base/matrix.ts'
import { type Random, randomOf } from '../../base/random.ts'
import { Forecaster, MlpRegressor, type NetModel, type Samples } from '../../nets/index.ts'
import { chosenColumns } from '../../series/chosen.ts'
import { scaledRows, scaleOf } from '../../series/net-score.ts'
import type { Scale } from '../../series/net-scorer.ts'
import type { Piece, TrainedRecipe } from '../../series/scorer.ts'
import { ErrorScorer, type GivingNet, netResidual } from './net-residual.ts'
import { ResidualScorer } from './residual-score.ts'

/** How a net is hardened against spoofed sensors. */
export interface HardenOptions {
  /** `autoencoder` gives a row back, `gru forecaster` says the next row. */
  readonly kind: 'autoencoder' | 'gru forecaster'
  /** The columns that it sees. */
  readonly sensors: readonly number[]
  /** Those that an attacker may speak for. */
  readonly spoofed: readonly number[]
  /** How far a reading is moved in training, in its deviations; 0 trains without an adversary. */
  readonly radius: number
  /** What is scored: the mean squared error over all sensors, or the spoofed sensors' residuals added up (`ResidualScorer`). */
  readonly score: 'error' | 'residual'
  /** Rows of the forecaster's windows; 16. */
  readonly steps?: number
  /** Numbers of a layer or state; 32. */
  readonly units?: number
  /** Times that spoofed windows are made anew for the net as it is then; 4. */
  readonly rounds?: number
  /** Epochs of a round; 6. */
  readonly epochs?: number
  /** Only each so many-th window is learned from; 1. */
  readonly stride?: number
  readonly seed?: number
}

const DEFAULTS = { steps: 16, units: 32, rounds: 4, epochs: 6, stride: 1, seed: 1 }
/** Steps of the adversary, and the share of the radius that they go together: twice as far as it is wide, so that any place can be reached. */
const PGD_STEPS = 4
const REACH = 2

/**
 * Trains a net on spoofed windows (adversarial training, Madry et al. 2018): in half of the windows one of the sensors is moved by up to the radius, along the net's own gradient to
 * where the error would be seen least, and what is to come out is the truth. A net that learns rows to give them back learns to copy a lie; this one learns to tell the
 * sensor from the others. Errors: `radius_wrong`, `sensors_wrong`, `rows_too_few`, and those of the nets.
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
  const ahead = kind === 'gru forecaster'
  const warmUp = ahead ? all.steps : 0
  const name = radius > 0 ? `hardened ${kind}` : kind
  return {
    name,
    warmUp,
    async fit(pieces) {
      const own = chosenColumns(pieces, sensors)
      const scale = scaleOf(own, own.rows)
      const scaled = { net: await train(all, pieces, scale), chosen: sensors, scale }
      if (score === 'error') return new ErrorScorer(name, pieces[0]?.columns ?? 0, scaled)
      const models = spoofed.map(sensor => netResidual(name, sensor, scaled))
      return new ResidualScorer(name, models, pieces)
    },
  }
}

async function train(
  options: HardenOptions & typeof DEFAULTS,
  pieces: readonly Piece[],
  scale: Scale,
): Promise<GivingNet> {
  const { kind, sensors, spoofed, radius, units, rounds, epochs, seed } = options
  const features = sensors.length
  const ahead = kind === 'gru forecaster'
  const steps = ahead ? options.steps : 1
  const windows = cut(
    pieces.map(piece => scaledRows(chosenColumns([piece], sensors), scale)),
    steps,
    ahead,
    options.stride,
  )
  const net = ahead
    ? new Forecaster({ kind: 'gru', steps, features, units, seed })
    : new MlpRegressor({ inputs: features, outputs: features, hidden: hiddenOf(units), seed })
  const adversary = new Adversary(
    net,
    windows,
    spoofed.map(column => sensors.indexOf(column)),
    radius,
    randomOf(seed),
  )
  for (let round = 0; round < rounds; round++) {
    const { inputs, targets } = radius > 0 ? adversary.half(round > 0) : windows
    await net.train(inputs, targets, { epochs, seed: seed + round })
  }
  if (net instanceof Forecaster) return { steps, ahead, given: window => net.forecastOf(window) }
  return { steps, ahead, given: window => net.runRow(window) }
}

/** A wider code than a plain autoencoder's: what keeps this one from copying is its adversary. */
function hiddenOf(units: number): number[] {
  return [units, Math.max(1, units >> 1), units]
}

/** Windows, each in a place of its own, and what should come out: the row itself, or the row behind. */
interface Windows {
  readonly inputs: Samples
  readonly targets: Samples
}

function cut(pieces: readonly Matrix[], steps: number, ahead: boolean, stride: number): Windows {
  const columns = pieces[0]?.columns ?? 0
  const inputs: number[] = []
  const targets: number[] = []
  for (const piece of pieces) {
    for (let row = 0; row + steps + Number(ahead) <= piece.rows; row += stride) {
      for (const value of rowsOf(piece, row, row + steps).data) inputs.push(value)
      const last = row + steps - 1 + Number(ahead)
      for (const value of rowsOf(piece, last, last + 1).data) targets.push(value)
    }
  }
  if (targets.length === 0) throw new LearnError('rows_too_few', `no stretch of rows is as long as ${steps}`)
  return { inputs: samplesOf(inputs, steps, columns), targets: samplesOf(targets, 1, columns) }
}

function samplesOf(values: readonly number[], steps: number, columns: number): Samples {
  const size = steps * columns
  const starts = Uint32Array.from({ length: values.length / size }, (_, i) => i * size)
  return { data: Float32Array.from(values), starts, steps, columns }
}

/** Moves sensors in windows so that the net shows it least. */
class Adversary {
  readonly #net: NetModel
  readonly #windows: Windows
  readonly #places: readonly number[]
  readonly #radius: number
  readonly #random: Random

  constructor(net: NetModel, windows: Windows, places: readonly number[], radius: number, random: Random) {
    this.#net = net
    this.#windows = windows
    this.#places = places
    this.#radius = radius
    this.#random = random
  }

  /** The windows, half of them spoofed; what should come out stays true. @param climbs whether the gradient is followed, or a lie drawn by chance is enough */
  half(climbs: boolean): Windows {
    const own = !(this.#net instanceof Forecaster)
    const { inputs, targets } = this.#windows
    const { steps, columns } = inputs
    const data = inputs.data.slice()
    const said = targets.data.slice()
    const spoofed = inputs.starts.filter((_, i) => i % 2 === 1)
    const lies = Array.from(spoofed, () => {
      const place = this.#places[this.#random.below(this.#places.length)]
      const sign = this.#random.next() < 0.5 ? -1 : 1
      return { place, sign, size: this.#radius * this.#random.next() }
    })
    for (const [i, start] of spoofed.entries()) {
      const { place, sign, size } = lies[i]
      for (let step = 0; step < steps; step++) data[start + step * columns + place] += sign * size
      said[(start / (steps * columns)) * columns + place] += sign * size
    }
    const moved: Samples = { data, starts: spoofed, steps, columns }
    const wanted: Samples = { ...targets, data: said, starts: spoofed.map(start => start / steps) }
    for (let step = 0; climbs && step < PGD_STEPS; step++) {
      // Toward where what comes out is what was said.
      const { gradient } = this.#net.inputGradient(moved, wanted)
      const far = (REACH * this.#radius) / PGD_STEPS
      for (const [i, start] of spoofed.entries()) {
        const { place, sign, size } = lies[i]
        for (let row = 0; row < steps; row++) {
          const at = start + row * columns + place
          const clean = inputs.data[at]
          const slope = Math.sign(gradient[i * steps * columns + row * columns + place])
          const offset = sign * (data[at] - far * slope - clean)
          data[at] = clean + sign * Math.min(this.#radius, Math.max(size / 2, offset))
          // A row that is to be given back is what was said itself.
          if (own) said[at] = data[at]
        }
      }
    }
    return { inputs: { ...inputs, data }, targets }
  }
}
