import { softmax } from './attention.ts'
import type { Rows } from './linear.ts'

/** The mean of squared differences. */
export function squaredLoss(y: Rows, target: Rows): number {
  return mean(y.flatMap((row, i) => row.map((value, j) => (value - target[i][j]) ** 2)))
}

/** The mean of Huber's loss. */
export function huberLoss(y: Rows, target: Rows, delta: number): number {
  const losses = y.flatMap((row, i) =>
    row.map((value, j) => {
      const off = Math.abs(value - target[i][j])
      return off <= delta ? off ** 2 / 2 : delta * (off - delta / 2)
    }),
  )
  return mean(losses)
}

/** The mean cross entropy of logits, weighted by class. */
export function crossEntropy(logits: Rows, labels: ArrayLike<number>, weights: readonly number[]): number {
  let sum = 0
  let mass = 0
  for (const [i, row] of logits.entries()) {
    sum -= weights[labels[i]] * Math.log(softmax(row)[labels[i]])
    mass += weights[labels[i]]
  }
  return sum / mass
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
