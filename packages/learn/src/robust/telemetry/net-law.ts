import { LearnError } from '../../base/error.ts'
import type { Fields, Kept } from '../../base/fields.ts'
import type { Matrix } from '../../base/matrix.ts'
import { givingRows, hardenedNetScore, rowNet } from './adversarial-net.ts'
import { type NetResidual, netResidual } from './net-residual.ts'
import { ResidualScorer } from './residual-score.ts'

/** A sensor that a net tells by other columns, without seeing what the sensor says itself. */
export interface NetLaw {
  readonly sensor: number
  readonly sees: readonly number[]
}

const NET_LAW = 'net'
const UNITS = 32
const LEAST_ROWS = 600
const EFFORT = { rounds: 8, epochs: 6 }
/** The largest weight that a file may say. */
const MOST_WEIGHT = 1e6

/** Learns the net, an autoencoder from which the sensor is hidden, of rows that say all of its columns; its residuals are added up. Errors: `rows_too_few`, `sensors_constant`, and those of the nets. */
export async function fitNetLaw(
  { sensor, sees }: NetLaw,
  rows: Matrix,
  seed: number,
): Promise<ResidualScorer<NetResidual>> {
  const sensors = [sensor, ...sees]
  const recipe = hardenedNetScore({
    kind: 'autoencoder',
    sensors,
    spoofed: [sensor],
    radius: 0,
    hides: true,
    score: 'residual',
    units: UNITS,
    seed,
    ...EFFORT,
  })
  const whole = wholeRows(rows, sensors)
  if (whole.rows < LEAST_ROWS)
    throw new LearnError(
      'rows_too_few',
      `${whole.rows} rows say column ${sensor} and all that its net sees: ${LEAST_ROWS} are needed at least`,
    )
  const [first] = columnIn(whole, sensor)
  if (columnIn(whole, sensor).every(value => value === first))
    throw new LearnError('sensors_constant', `column ${sensor} never moves: there is nothing for a net to tell`)
  const scorer = (await recipe.fit([whole])) as ResidualScorer<NetResidual>
  return new ResidualScorer({ ...scorer.parts, name: NET_LAW })
}

const columnIn = ({ rows, columns, data }: Matrix, column: number): Float32Array =>
  Float32Array.from({ length: rows }, (_, row) => data[row * columns + column])

/** The rows in which all of some columns were said. */
function wholeRows({ rows, columns, data }: Matrix, sensors: readonly number[]): Matrix {
  const kept = Array.from({ length: rows }, (_, row) => row * columns).filter(at =>
    sensors.every(column => Number.isFinite(data[at + column])),
  )
  const whole = new Float32Array(kept.length * columns)
  for (const [i, at] of kept.entries()) whole.set(data.subarray(at, at + columns), i * columns)
  return { rows: kept.length, columns, data: whole }
}

/** A net for a model file: its scale, and all its weights behind one another. */
export function keptNetLaw({ scaled: { scale, net } }: NetResidual): { readonly [name: string]: Kept } {
  const tensors = net.model.weights
  const weights = new Float32Array(tensors.reduce((sum, { data }) => sum + data.length, 0))
  let at = 0
  for (const { data } of tensors) {
    weights.set(data, at)
    at += data.length
  }
  return { middles: scale.mean, factors: scale.factor, weights }
}

/** Makes the net that was kept. Errors: `model_field`, `weights_wrong`. */
export function netLawFrom(fields: Fields, { sensor, sees }: NetLaw): NetResidual {
  const chosen = [sensor, ...sees]
  const model = rowNet(chosen.length, UNITS, 1)
  const tensors = model.weights
  const count = tensors.reduce((sum, { data }) => sum + data.length, 0)
  const weights = fields.numbers('weights', Float32Array, count, { least: -MOST_WEIGHT, most: MOST_WEIGHT })
  let at = 0
  model.load(
    tensors.map(({ name, shape, data }) => {
      const from = at
      at += data.length
      return { name, shape, data: weights.slice(from, at) }
    }),
  )
  const scale = {
    mean: fields.numbers('middles', Float64Array, chosen.length),
    factor: fields.numbers('factors', Float64Array, chosen.length, { least: 0 }),
  }
  return netResidual(NET_LAW, sensor, { net: givingRows(model), chosen, scale }, true)
}
