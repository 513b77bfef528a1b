import { LearnError } from '../../base/error.ts'
import { medianOf } from '../../linear/index.ts'
import type { Columns } from '../columns.ts'
import type { Cost } from './cost.ts'

/** Most rows: the sums of all pairs take 8 bytes a pair. */
export const MOST_KERNEL_ROWS = 3_000
/** So many pairs tell the middle distance. */
const PAIRS = 4_096

/**
 * A change of the distribution in any of its features (Arlot, Celisse and Harchaoui 2019): the scatter about the piece's mean in the feature
 * space of a Gaussian kernel, its width the median distance. All columns together; a missing value is its column's last one. The scale makes a
 * needless cut gain 1 in the mean, as one parameter does under BIC. Time and memory are quadratic in rows. Error: `series_long`.
 */
export function kernelCost({ rows, values }: Columns): Cost {
  if (rows > MOST_KERNEL_ROWS) {
    throw new LearnError(
      'series_long',
      `${rows} rows, and the kernel's cost takes at most ${MOST_KERNEL_ROWS}; the rank cost takes any`,
    )
  }
  const held = values.map(heldOf)
  const distance = (a: number, b: number): number =>
    held.reduce((sum, column) => sum + (column[a]! - column[b]!) ** 2, 0)
  const width = widthOf(rows, distance)
  const stride = rows + 1
  const sums = new Float64Array(stride * stride)
  for (let a = 0; a < rows; a++) {
    let row = 0
    for (let b = 0; b < rows; b++) {
      row += Math.exp(-distance(a, b) / width)
      sums[(a + 1) * stride + b + 1] = sums[a * stride + b + 1]! + row
    }
  }
  const alike = rows > 1 ? (sums[rows * stride + rows]! - rows) / (rows * (rows - 1)) : 0
  const scale = alike < 1 ? 1 / (1 - alike) : 1
  const between = (from: number, to: number): number => {
    const inside = sums[to * stride + to]! - 2 * sums[from * stride + to]! + sums[from * stride + from]!
    return scale * (to - from - inside / (to - from))
  }
  return { rows, least: 1, parameters: 1, slack: 0, between }
}

/** The median of the squared distances of pairs that lie evenly over all; 1 where all are the same. */
function widthOf(rows: number, distance: (a: number, b: number) => number): number {
  const pairs = (rows * (rows - 1)) / 2
  const step = Math.max(1, Math.floor(pairs / PAIRS))
  const distances: number[] = []
  let pair = 0
  for (let a = 0; a < rows; a++) {
    for (let b = a + 1; b < rows; b++) if (pair++ % step === 0) distances.push(distance(a, b))
  }
  const middle = distances.length > 0 ? medianOf(distances) : 0
  return middle > 0 ? middle : 1
}

/** Each missing value replaced by the last present one, and at the beginning by the first. */
function heldOf(values: Float64Array): Float64Array {
  let last = values.find(value => !Number.isNaN(value)) ?? 0
  return values.map(value => {
    if (!Number.isNaN(value)) last = value
    return last
  })
}
