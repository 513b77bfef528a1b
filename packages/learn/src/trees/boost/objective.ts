import { LearnError } from '../../base/error.ts'
import { softmax } from '../../base/softmax.ts'
import { checkClasses, checkTargets } from '../check.ts'
import type { ObjectiveName } from './options.ts'

/** Probabilities are kept off 0 in a loss. */
const LEAST = 1e-16

/** What follows from what is learned. Margins are row after row, each with all its outputs. */
export interface Objective {
  readonly name: ObjectiveName
  /** Trees a round. */
  readonly outputs: number
  /** The margin that all rows begin with. */
  readonly margin: number
  /** Turns margins into probabilities or values, in place. */
  transform(margins: Float32Array): void
  /** The mean loss of what `transform` made. */
  loss(predicted: Float32Array, targets: ArrayLike<number>): number
}

/** Makes sure that there is one target a row, of the objective's kind; gives how many outputs they need. Errors: `labels_length`, `labels_wrong`, `class_single`. */
export function outputsOf(name: ObjectiveName, targets: ArrayLike<number>, rows: number): number {
  if (name === 'reg:squarederror') {
    checkTargets(targets, rows)
    return 1
  }
  const classes = checkClasses(targets, rows)
  if (name === 'multi:softprob') return classes
  if (classes > 2) throw new LearnError('labels_wrong', `${classes} classes, where binary:logistic knows 2`)
  return 1
}

/** @param base a probability of binary:logistic, and else a value. Errors: `option_wrong`, `model_objective`. */
export function objectiveOf(name: ObjectiveName, outputs: number, base: number): Objective {
  if (!Number.isFinite(Math.fround(base))) throw new LearnError('option_wrong', `baseScore is ${base}`)
  switch (name) {
    case 'binary:logistic':
      if (!(base > 0 && base < 1))
        throw new LearnError('option_wrong', `baseScore is ${base}, and must be a probability`)
      return { name, outputs, margin: Math.fround(-Math.log(1 / base - 1)), transform: sigmoids, loss: logLoss }
    case 'multi:softprob':
      return {
        name,
        outputs,
        margin: Math.fround(base),
        transform: margins => softmax(margins, outputs),
        loss: (predicted, targets) => classLoss(predicted, targets, outputs),
      }
    case 'reg:squarederror':
      return { name, outputs, margin: Math.fround(base), transform: () => {}, loss: rootMeanSquare }
    default:
      throw new LearnError('model_objective', `${String(name)} is not an objective that is known`)
  }
}

export function sigmoidOf(margin: number): number {
  return 1 / (1 + Math.exp(-margin))
}

function sigmoids(margins: Float32Array): void {
  for (let i = 0; i < margins.length; i++) margins[i] = sigmoidOf(margins[i]!)
}

function logLoss(predicted: Float32Array, targets: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < predicted.length; i++)
    sum -= Math.log(Math.max(LEAST, targets[i] === 1 ? predicted[i]! : 1 - predicted[i]!))
  return sum / predicted.length
}

function classLoss(predicted: Float32Array, targets: ArrayLike<number>, outputs: number): number {
  const rows = predicted.length / outputs
  let sum = 0
  for (let i = 0; i < rows; i++) sum -= Math.log(Math.max(LEAST, predicted[i * outputs + targets[i]!]!))
  return sum / rows
}

function rootMeanSquare(predicted: Float32Array, targets: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < predicted.length; i++) sum += (predicted[i]! - targets[i]!) ** 2
  return Math.sqrt(sum / predicted.length)
}
