import { LearnError } from '../base/error.ts'
import { randomOf } from '../base/random.ts'
import { cholesky, choleskySolve, logDeterminant } from './cholesky.ts'
import { type Moments, momentsOf, type Rows } from './covariance.ts'
import { chiSquaredAbove } from './distributions.ts'
import { medianOf } from './quantile.ts'

/** Center and covariance of the rows that lie closest together, and which rows those are. */
export interface Minimum extends Moments {
  readonly rows: readonly number[]
}

const STARTS = 12
const FIRST_STEPS = 2
const MOST_STEPS = 40
const BEST = 3
const RIDGE = 1e-6

/**
 * The minimum covariance determinant (Rousseeuw and Van Driessen 1999, FastMCD): of all sets of (n + size + 1) / 2 rows the one whose covariance has the
 * smallest determinant, sought from several draws, scaled so that distances fit the chi-squared distribution in their median. Up to half of
 * the rows may be wrong without moving it. Error: `rows_too_few` where there are not twice as many rows as variables.
 */
export function minimumCovariance(rows: Rows, seed: number): Minimum {
  const { columns: size } = rows
  const count = rows.data.length / Math.max(1, size)
  const half = Math.floor((count + size + 1) / 2)
  if (count < 2 * size + 2)
    throw new LearnError('rows_too_few', `${count} rows of ${size} variables: at least ${2 * size + 2} are needed`)
  const random = randomOf(seed)
  const starts = Array.from({ length: STARTS }, () => {
    const drawn = new Set<number>()
    while (drawn.size < size + 1) drawn.add(random.below(count))
    return concentrate(rows, [...drawn], half, FIRST_STEPS)
  })
  starts.sort((a, b) => a.determinant - b.determinant)
  const ends = starts.slice(0, BEST).map(start => concentrate(rows, start.chosen, half, MOST_STEPS))
  const { chosen } = ends.reduce((best, end) => (end.determinant < best.determinant ? end : best))
  const moments = momentsOf(rows, chosen)
  const scale = medianOf(distances(rows, moments).values) / chiSquaredAbove(size, 0.5)
  return { ...moments, covariance: moments.covariance.map(value => value * scale), rows: chosen }
}

/** Takes the closest rows again and again, until they stay the same. */
function concentrate(rows: Rows, from: readonly number[], half: number, steps: number) {
  let chosen = from
  let determinant = Number.POSITIVE_INFINITY
  for (let step = 0; step < steps; step++) {
    const { values, logDet } = distances(rows, momentsOf(rows, chosen))
    if (chosen.length === half && logDet >= determinant - 1e-12) break
    if (chosen.length === half) determinant = logDet
    chosen = Array.from(values.keys())
      .sort((a, b) => values[a]! - values[b]!)
      .slice(0, half)
  }
  return { chosen, determinant }
}

function distances({ columns: size, data }: Rows, { mean, covariance }: Moments) {
  const trace = Math.max(sumOfDiagonal(covariance, size), Number.MIN_VALUE)
  const ridged = covariance.map((value, at) => value + (at % (size + 1) === 0 ? (RIDGE * trace) / size : 0))
  const lower = cholesky(ridged, size)
  const off = new Float64Array(size)
  const values = new Float64Array(data.length / size)
  for (let row = 0; row < values.length; row++) {
    for (let i = 0; i < size; i++) off[i] = data[row * size + i]! - mean[i]!
    const solved = choleskySolve(lower, size, off)
    for (let i = 0; i < size; i++) values[row]! += off[i]! * solved[i]!
  }
  return { values, logDet: logDeterminant(lower, size) }
}

function sumOfDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += matrix[i * size + i]!
  return sum
}
