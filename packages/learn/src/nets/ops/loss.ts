import type { Address } from '../kernels.ts'
import type { Tape, Value } from '../tape.ts'

/** How far off an output is. */
export type Loss =
  | { readonly kind: 'squared' }
  | { readonly kind: 'huber'; readonly delta: number }
  | { readonly kind: 'classes'; readonly weights: readonly number[] | null }

/** The mean of the squared differences, over all numbers; what is recorded last. `target` is laid out as y is. */
export function squaredLoss(tape: Tape, y: Value, target: Address): void {
  const { kernels } = tape
  lossOf(tape, y, () => kernels.squaredLoss(y.rows, y.columns, y.width, y.at, target, y.gradient))
}

/** The mean of Huber's loss: d² / 2 up to delta, delta (|d| - delta / 2) beyond. */
export function huberLoss(tape: Tape, y: Value, target: Address, delta: number): void {
  const { kernels } = tape
  lossOf(tape, y, () => kernels.huberLoss(y.rows, y.columns, y.width, delta, y.at, target, y.gradient))
}

/**
 * The mean cross entropy of logits, weighted by class as PyTorch does it: divided by the weights' sum.
 * @param labels where the rows' classes lie, 32-bit whole numbers. @param weights where the classes' weights do, or 0
 * @returns where the probabilities are written, as logits are laid out
 */
export function classLoss(tape: Tape, y: Value, labels: Address, weights: Address): Address {
  const { kernels } = tape
  const shares = tape.floats(y.rows * y.width)
  lossOf(tape, y, () => kernels.crossEntropy(y.rows, y.columns, y.width, y.at, labels, weights, shares, y.gradient))
  return shares
}

function lossOf(tape: Tape, y: Value, run: () => number): void {
  tape.take(y)
  tape.record(
    () => {
      tape.loss = run()
    },
    () => {},
  )
}
