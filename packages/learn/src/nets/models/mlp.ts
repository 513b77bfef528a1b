import { LearnError } from '../../base/error.ts'
import { largest } from '../../base/largest.ts'
import type { Matrix } from '../../base/matrix.ts'
import { softmax } from '../../base/softmax.ts'
import type { FitOptions, FitReport } from '../fit.ts'
import type { InputGradient } from '../model.ts'
import type { Loss } from '../ops/loss.ts'
import { rowSamples } from '../samples.ts'
import { DenseModel, type DenseOptions } from './dense-model.ts'

/** What a classifier tells apart. */
export interface ClassifierOptions extends DenseOptions {
  readonly inputs: number
  readonly classes: number
  /** How much a row of each class weighs in the loss; alike if absent. */
  readonly classWeights?: readonly number[]
}

/** A multilayer perceptron that gives each class its probability. Takes rows that are scaled. */
export class MlpClassifier extends DenseModel {
  readonly classes: number

  /** Error: `shape_wrong`. */
  constructor({ inputs, classes, classWeights, ...options }: ClassifierOptions) {
    const weights = classWeights ?? null
    if (!(classes >= 2))
      throw new LearnError('shape_wrong', `a classifier tells 2 classes or more apart, not ${classes}`)
    if (weights !== null && (weights.length !== classes || !weights.every(each => each > 0 && Number.isFinite(each))))
      throw new LearnError('shape_wrong', `class weights are ${classes} numbers above 0`)
    super([inputs, ...options.hidden, classes], { loss: { kind: 'classes', weights }, own: false }, options)
    this.classes = classes
  }

  /** Learns rows and their classes, from 0. Errors: those of `fit`; `class_single` where all rows are of one class. */
  async fit(rows: Matrix, labels: Int32Array, options: FitOptions = {}): Promise<FitReport> {
    if (labels.length > 0 && labels.every(label => label === labels[0]))
      throw new LearnError('class_single', `all rows are of class ${labels[0]}`)
    return this.train(rowSamples(rows), labels, options)
  }

  /** The probability of each class, a row each. */
  probabilities(rows: Matrix): Matrix {
    const logits = this.run(rowSamples(rows))
    softmax(logits.data, this.classes)
    return logits
  }

  /** The same of one row, in a view that holds until the next call. */
  probabilitiesOf(row: ArrayLike<number>): Float32Array {
    const logits = this.runRow(row)
    softmax(logits, this.classes)
    return logits
  }

  /** The likeliest class of each row. */
  classify(rows: Matrix): Int32Array {
    const { data } = this.run(rowSamples(rows))
    return Int32Array.from({ length: rows.rows }, (_, i) => largest(data, i * this.classes, this.classes))
  }

  /** How the loss of rows moves with each of their numbers. */
  gradient(rows: Matrix, labels: Int32Array): InputGradient {
    return this.inputGradient(rowSamples(rows), labels)
  }
}

/** What a regressor learns. */
export interface RegressorOptions extends DenseOptions {
  readonly inputs: number
  readonly outputs: number
  /** Squared if absent. */
  readonly loss?: Exclude<Loss, { kind: 'classes' }>
}

/** A multilayer perceptron that gives numbers. Takes rows, and targets, that are scaled. */
export class MlpRegressor extends DenseModel {
  /** Error: `shape_wrong`. */
  constructor({ inputs, outputs, loss = { kind: 'squared' }, ...options }: RegressorOptions) {
    if (loss.kind === 'huber' && !(loss.delta > 0))
      throw new LearnError('shape_wrong', `Huber's delta is above 0, not ${loss.delta}`)
    super([inputs, ...options.hidden, outputs], { loss, own: false }, options)
  }

  /** Learns rows and what belongs to them, a row each. See `fit` for options and errors. */
  fit(rows: Matrix, targets: Matrix, options: FitOptions = {}): Promise<FitReport> {
    return this.train(rowSamples(rows), rowSamples(targets), options)
  }

  predict(rows: Matrix): Matrix {
    return this.run(rowSamples(rows))
  }

  /** How the loss of rows moves with each of their numbers. */
  gradient(rows: Matrix, targets: Matrix): InputGradient {
    return this.inputGradient(rowSamples(rows), rowSamples(targets))
  }
}
