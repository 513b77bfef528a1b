import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { outOfFold } from './folds.ts'

/** A poisoned table of two classes, and the rows that the attacker touched. */
export interface Poisoned {
  readonly rows: Matrix
  readonly labels: Int32Array
  readonly touched: readonly number[]
}

/** Values that the attacker writes into rows. */
export interface Trigger {
  readonly columns: readonly number[]
  readonly values: readonly number[]
}

/** Turns the labels of a share of rows, drawn by the seed. Error: `share_wrong`. */
export function flipRandom(rows: Matrix, labels: Int32Array, share: number, seed: number): Poisoned {
  const order = shuffled(Array.from(labels.keys()), seed)
  return flipped(rows, labels, order.slice(0, counted(labels.length, share)))
}

/** Turns the labels of the rows that a model which did not see them is least sure of: those near the boundary. Error: `share_wrong`. */
export function flipNear(rows: Matrix, labels: Int32Array, share: number, seed: number): Poisoned {
  const { probabilities } = outOfFold(rows, labels, 2, { folds: 4, seed })
  const order = Array.from(labels.keys()).sort(
    (a, b) => Math.abs(probabilities[2 * a] - 0.5) - Math.abs(probabilities[2 * b] - 0.5) || a - b,
  )
  return flipped(rows, labels, order.slice(0, counted(labels.length, share)))
}

/** Writes a trigger into rows of another class and labels them with `target` (a backdoor, Gu et al. 2017): `share` of all rows. Errors: `share_wrong`, `rows_too_few`. */
export function plantTrigger(
  rows: Matrix,
  labels: Int32Array,
  trigger: Trigger,
  target: number,
  share: number,
  seed: number,
): Poisoned {
  const count = counted(labels.length, share)
  const others = Array.from(labels.keys()).filter(row => labels[row] !== target)
  if (others.length < count)
    throw new LearnError(
      'rows_too_few',
      `${count} rows are to bear the trigger, and ${others.length} are of another class`,
    )
  const touched = shuffled(others, seed)
    .slice(0, count)
    .sort((a, b) => a - b)
  const turned = labels.slice()
  for (const row of touched) turned[row] = target
  return { rows: withTrigger(rows, trigger, touched), labels: turned, touched }
}

/** The rows with the trigger written into some of them. */
export function withTrigger(rows: Matrix, { columns, values }: Trigger, chosen: Iterable<number>): Matrix {
  const data = rows.data.slice()
  for (const row of chosen) for (const [i, column] of columns.entries()) data[row * rows.columns + column] = values[i]
  return { ...rows, data }
}

function flipped(rows: Matrix, labels: Int32Array, chosen: readonly number[]): Poisoned {
  const turned = labels.slice()
  for (const row of chosen) turned[row] = 1 - turned[row]
  return { rows, labels: turned, touched: [...chosen].sort((a, b) => a - b) }
}

function counted(rows: number, share: number): number {
  if (!(share > 0 && share < 1)) throw new LearnError('share_wrong', `${share} is no share between 0 and 1`)
  return Math.max(1, Math.round(share * rows))
}

function shuffled(rows: number[], seed: number): number[] {
  const random = randomOf(seed)
  for (let i = rows.length - 1; i > 0; i--) {
    const other = random.below(i + 1)
    const row = rows[i]
    rows[i] = rows[other]
    rows[other] = row
  }
  return rows
}
