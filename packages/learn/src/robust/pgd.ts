import { type Matrix, rowOf } from '../base/matrix.ts'
import { type Random, randomOf } from '../base/random.ts'
import { picked } from '../base/rows.ts'
import type { Feasible } from './feasible.ts'
import type { Reach } from './rules.ts'
import type { Attacked, Decider, Differentiable } from './target.ts'
import { checkAttack, pick, Worst } from './worst.ts'

/** How a gradient is followed. */
export interface PgdOptions extends Reach {
  readonly feasible: Feasible
  /** 40. */
  readonly steps?: number
  /** Of epsilon, the first step; it shrinks to a tenth of that by the last. 0.25. */
  readonly rate?: number
  /** From so many places; 1: the row itself. Further ones are drawn within reach. */
  readonly restarts?: number
  /** Whether the first start, too, is drawn. */
  readonly randomStart?: boolean
  /** For each row the class that it is to be taken for; else any other. */
  readonly targets?: Int32Array
  readonly seed?: number
  /** Who decides whether a row is told wrongly, where it is not the net that the gradient is of: an ensemble around it. */
  readonly judge?: Decider
}

const DEFAULTS = { steps: 40, rate: 0.25, restarts: 1, randomStart: false, seed: 1 }
/** Of the first step, the last one. */
const LAST = 0.1

/**
 * Projected gradient descent (Madry and others, ICLR 2018), in the ball of L-infinity or L2 and within what is feasible; of each row the worst that was met on the way is kept. Every other start
 * goes down towards the likeliest other class instead of up from the true one: of a net that is all too sure the latter has no slope, and an attack that stands still would flatter it.
 * Errors: `attack_invalid`, and those of the target.
 */
export function pgd(target: Differentiable, rows: Matrix, labels: Int32Array, options: PgdOptions): Attacked {
  const { steps, rate, restarts, randomStart, seed, feasible, judge = target, targets } = { ...DEFAULTS, ...options }
  checkAttack(rows, labels, options, feasible)
  const random = randomOf(seed)
  const best = new Worst(judge, rows, labels, targets)
  for (let start = 0; start < restarts; start++) {
    const open = best.open
    if (open.length === 0) break
    const from = picked(rows, open)
    const now = { ...from, data: from.data.slice() }
    if (start > 0 || randomStart) scatter(now, from, options, random)
    const towards = targets === undefined ? (start % 2 === 1 ? best.rivals(open) : null) : pick(targets, open)
    const own = pick(labels, open)
    for (let step = 0; step < steps; step++) {
      const { gradient } = target.gradient(now, towards ?? own)
      const share = rate * (1 - (1 - LAST) * (steps === 1 ? 0 : step / (steps - 1)))
      follow(now, from, gradient, towards === null ? share : -share, options)
      best.take(open, settled(now, from, options))
    }
  }
  return best.result
}

/** The fast gradient sign method (Goodfellow and others, ICLR 2015): one step of the whole way. */
export function fgsm(
  target: Differentiable,
  rows: Matrix,
  labels: Int32Array,
  options: Omit<PgdOptions, 'steps' | 'rate' | 'restarts' | 'randomStart'>,
): Attacked {
  return pgd(target, rows, labels, { ...options, steps: 1, rate: 1 })
}

/** Rows as somebody could send them, beside those that are on their way. */
function settled(now: Matrix, from: Matrix, options: PgdOptions): Matrix {
  const made = { ...now, data: now.data.slice() }
  for (let row = 0; row < now.rows; row++) options.feasible.project(rowOf(made, row), rowOf(from, row), options)
  return made
}

/** Moves rows to places drawn within reach. */
function scatter(now: Matrix, from: Matrix, options: Reach & { readonly feasible: Feasible }, random: Random): void {
  const { epsilon, scale, feasible, norm } = options
  for (let row = 0; row < now.rows; row++) {
    const moving = rowOf(now, row)
    for (let c = 0; c < now.columns; c++) {
      const draw = norm === 'linf' ? 2 * random.next() - 1 : random.normal() / Math.sqrt(now.columns)
      moving[c] += draw * epsilon * (scale?.[c] ?? 1)
    }
    feasible.hold(moving, rowOf(from, row), options)
  }
}

/** A step along a gradient, or against it where the share is below 0. */
function follow(now: Matrix, from: Matrix, gradient: Float32Array, share: number, options: PgdOptions): void {
  const { epsilon, scale, feasible, norm } = options
  const { columns } = now
  for (let row = 0; row < now.rows; row++) {
    const moving = rowOf(now, row)
    const slope = gradient.subarray(row * columns, (row + 1) * columns)
    let square = 0
    if (norm === 'l2') for (let c = 0; c < columns; c++) square += (slope[c] * (scale?.[c] ?? 1)) ** 2
    const length = Math.sqrt(square) || 1
    for (let c = 0; c < columns; c++) {
      const unit = scale?.[c] ?? 1
      const direction = norm === 'linf' ? Math.sign(slope[c]) * unit : (slope[c] * unit * unit) / length
      moving[c] += share * epsilon * direction
    }
    feasible.hold(moving, rowOf(from, row), options)
  }
}
