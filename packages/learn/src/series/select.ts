import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { momentsOf, type Rows, symmetricEigen } from '../linear/index.ts'

/** Why a sensor is left out of a score. */
export const UNFIT = ['constant', 'rare', 'wandering'] as const

export type Unfit = (typeof UNFIT)[number]

/** The sensors that a level may be learned of, and why others are left out. */
export interface Selection {
  readonly sensors: readonly number[]
  readonly unfit: ReadonlyMap<number, Unfit>
}

const STILL = 1e-9
/** A sensor that is away from its usual value in one row of a thousand or less has a fourth moment of some 1,000; one row of a hundred, of some 100. */
const RARE = 100
/** The share of its variance that a sensor must show within a window: below it the sensor's level goes its own way over the whole of the training rows. */
const WITHIN = 0.5
const RIDGE = 0.03

/**
 * Chooses sensors by training rows alone. A sensor that is constant, or moves so rarely that its variance cannot be known, is left out; so is one that wanders: whose variance
 * within windows of `window` rows is less than half of that over all rows, because a level that is still moving at the end of training is no norm for the rows after it. With
 * `given`, a wandering sensor stays if what the other sensors do not explain of it keeps still: then it is its relation to them that is learned.
 * If none is left, those that wander are taken. Error: `sensors_constant` where nothing moves.
 */
export function selectSensors(train: Matrix, window: number, given: boolean): Selection {
  const unfit = new Map<number, Unfit>()
  const scaled = standardized(train)
  for (const sensor of scaled.constant) unfit.set(sensor, 'constant')
  if (unfit.size === train.columns)
    throw new LearnError('sensors_constant', `none of the ${train.columns} sensors moves in the training rows`)
  const moving = Array.from({ length: train.columns }, (_, i) => i).filter(i => !unfit.has(i))
  const rows = columnsOf(scaled.data, train.columns, moving)
  const fourth = fourthMoments(rows)
  const usual = moving.filter((_, i) => fourth[i]! <= RARE)
  const kept = usual.length === 0 ? moving : usual
  for (const sensor of moving) if (!kept.includes(sensor)) unfit.set(sensor, 'rare')
  const own = columnsOf(scaled.data, train.columns, kept)
  const alone = withinShares(own, window)
  const joined = given && kept.length > 1 ? withinShares(unexplained(own), window) : alone
  const steady = kept.filter((_, i) => alone[i]! >= WITHIN || joined[i]! >= WITHIN)
  if (steady.length === 0) return { sensors: kept, unfit }
  for (const sensor of kept) if (!steady.includes(sensor)) unfit.set(sensor, 'wandering')
  return { sensors: steady, unfit }
}

function standardized({ rows, columns, data }: Matrix) {
  const moments = momentsOf({ columns, data: Float64Array.from(data) })
  const scaled = new Float64Array(rows * columns)
  const constant: number[] = []
  for (let i = 0; i < columns; i++) {
    const mean = moments.mean[i]!
    const deviation = Math.sqrt(moments.covariance[i * columns + i]!)
    if (deviation <= STILL * Math.max(1, Math.abs(mean))) constant.push(i)
    else for (let row = 0; row < rows; row++) scaled[row * columns + i] = (data[row * columns + i]! - mean) / deviation
  }
  return { data: scaled, constant }
}

function columnsOf(data: Float64Array, columns: number, chosen: readonly number[]): Rows {
  const width = chosen.length
  const out = new Float64Array((data.length / columns) * width)
  for (let at = 0; at < out.length; at++) out[at] = data[Math.floor(at / width) * columns + chosen[at % width]!]!
  return { columns: width, data: out }
}

function fourthMoments({ columns, data }: Rows): Float64Array {
  const sums = new Float64Array(columns)
  for (let at = 0; at < data.length; at++) sums[at % columns]! += data[at]! ** 4
  return sums.map(sum => (sum * columns) / data.length)
}

/** The mean variance within windows over the variance of all, for each column. */
function withinShares({ columns, data }: Rows, window: number): Float64Array {
  const rows = data.length / columns
  const length = Math.min(window, rows)
  return Float64Array.from({ length: columns }, (_, i) => {
    let sum = 0
    let squares = 0
    let within = 0
    let windows = 0
    let all = 0
    for (let row = 0; row < rows; row++) {
      const value = data[row * columns + i]!
      all += value * value
      sum += value
      squares += value * value
      if (row >= length) {
        const gone = data[(row - length) * columns + i]!
        sum -= gone
        squares -= gone * gone
      }
      if (row < length - 1) continue
      within += Math.max(0, squares - (sum * sum) / length) / Math.max(1, length - 1)
      windows++
    }
    return all === 0 ? 1 : within / windows / (all / rows)
  })
}

/** What the other columns do not explain of each, by ridge regression of each upon all others: x times the inverse correlation. */
function unexplained(rows: Rows): Rows {
  const { columns, data } = rows
  const { covariance } = momentsOf(rows)
  const { values, vectors } = symmetricEigen(covariance, columns)
  const inverse = new Float64Array(columns * columns)
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < columns; j++)
      for (let c = 0; c < columns; c++)
        inverse[i * columns + j]! += (vectors[i * columns + c]! * vectors[j * columns + c]!) / (values[c]! + RIDGE)
  const out = new Float64Array(data.length)
  for (let from = 0; from < data.length; from += columns)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) out[from + i]! += data[from + j]! * inverse[j * columns + i]!
  const { mean } = momentsOf({ columns, data: out })
  return { columns, data: out.map((value, at) => value - mean[at % columns]!) }
}
