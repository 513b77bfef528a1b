import type { Address } from '../net-kernels.ts'
import type { Tape, Value } from '../tape.ts'

/** How far off an output is. */
export type Loss =
  | { readonly kind: 'squared' }
  | { readonly kind: 'huber'; readonly delta: number }
  | { readonly kind: 'classes'; readonly weights: readonly number[] | null }

/** What should come out: where it lies, as y does, and whether it is a value of the tape, which then has its part in the gradient. */
export type Target = { readonly at: Address; readonly value: Value | null }

/** The mean of the squared differences, over all numbers; what is recorded last. */
export function squaredLoss(tape: Tape, y: Value, target: Target): void {
  const { kernels } = tape
  lossOf(tape, y, target, () => kernels.squaredLoss(y.rows, y.columns, y.width, y.at, target.at, y.gradient))
}

/** The mean of Huber's loss: d² / 2 up to delta, delta (|d| - delta / 2) beyond. */
export function huberLoss(tape: Tape, y: Value, target: Target, delta: number): void {
  const { kernels } = tape
  lossOf(tape, y, target, () => kernels.huberLoss(y.rows, y.columns, y.width, delta, y.at, target.at, y.gradient))
}

/**
 * The mean cross entropy of logits, weighted by class as PyTorch does it: divided by the weights' sum.
 * @param labels where the rows' classes lie, 32-bit whole numbers. @param weights where the classes' weights do, or 0
 */
export function classLoss(tape: Tape, y: Value, labels: Address, weights: Address): void {
  const { kernels } = tape
  const shares = tape.floats(y.rows * y.width)
  lossOf(tape, y, { at: labels, value: null }, () =>
    kernels.crossEntropy(y.rows, y.columns, y.width, y.at, labels, weights, shares, y.gradient),
  )
}

function lossOf(tape: Tape, y: Value, { value }: Target, run: () => number): void {
  tape.take(y)
  const link = value === null ? { accumulate: 0 } : tape.take(value)
  tape.record(
    () => {
      tape.loss = run()
    },
    () => {
      if (value === null || value.gradient === 0) return
      tape.kernels.negate(y.rows * y.width, y.gradient, value.gradient, link.accumulate)
    },
  )
}
