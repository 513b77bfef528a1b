import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import type { ClassifierOptions, MlpClassifier } from '../nets/index.ts'
import type { BoostedTrees, RandomForest } from '../trees/index.ts'
import { type Scaling, scaled } from './scaling.ts'

/** What an ensemble asks: something that gives each class its probability. A model trained in another way may stand in for one (`Ensemble.withMembers`). */
export interface Member {
  /** How many classes it tells apart. */
  readonly classes: number
  /** The probability of each class, a row each; the columns are those of all members, unscaled. */
  probabilities(rows: Matrix): Matrix
}

/** A random forest as a member. */
export class ForestMember implements Member {
  readonly kind = 'random-forest'
  readonly model: RandomForest

  constructor(model: RandomForest) {
    this.model = model
  }

  get classes(): number {
    return this.model.model.classes
  }

  /** Error: `table_width`. */
  probabilities(rows: Matrix): Matrix {
    return { rows: rows.rows, columns: this.classes, data: this.model.predictProbabilities(rows) }
  }
}

/** Boosted trees as a member. */
export class BoostedMember implements Member {
  readonly kind = 'boosted-trees'
  readonly model: BoostedTrees

  constructor(model: BoostedTrees) {
    this.model = model
  }

  get classes(): number {
    return this.model.classes
  }

  /** Error: `table_width`. */
  probabilities(rows: Matrix): Matrix {
    return { rows: rows.rows, columns: this.classes, data: this.model.predictProbabilities(rows) }
  }
}

/** A net as a member, with the scaling of its inputs. */
export class NetMember implements Member {
  readonly kind = 'mlp-classifier'
  readonly model: MlpClassifier
  readonly options: ClassifierOptions
  readonly scaling: Scaling

  /** @param options what the net was made by. Error: `shape_wrong`. */
  constructor(model: MlpClassifier, options: ClassifierOptions, scaling: Scaling) {
    if (scaling.center.length !== model.inputs)
      throw new LearnError(
        'shape_wrong',
        `a scaling of ${scaling.center.length} columns, and the net takes ${model.inputs}`,
      )
    this.model = model
    this.options = options
    this.scaling = scaling
  }

  get classes(): number {
    return this.model.classes
  }

  /** Errors: `samples_shape`. */
  probabilities(rows: Matrix): Matrix {
    if (rows.rows === 0) return { rows: 0, columns: this.classes, data: new Float32Array(0) }
    return this.model.probabilities(scaled(this.scaling, rows))
  }
}

/** The members that are fitted here, and kept in model files. */
export type OwnMember = ForestMember | BoostedMember | NetMember
