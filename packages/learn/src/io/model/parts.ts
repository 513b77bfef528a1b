import { LearnError } from '../../base/error.ts'
import {
  Autoencoder,
  type AutoencoderOptions,
  type ClassifierOptions,
  Forecaster,
  type ForecasterOptions,
  MlpClassifier,
  MlpRegressor,
  Reconstructor,
  type ReconstructorOptions,
  type RegressorOptions,
} from '../../nets/index.ts'
import {
  type BoostedModel,
  BoostedTrees,
  type ForestModel,
  IsolationForest,
  type IsolationModel,
  RandomForest,
} from '../../trees/index.ts'
import { type AnyModel, KIND_NAMES, type ModelKind, type NetModelOf } from './any.ts'
import { ArrayBook, type NamedArray } from './tensors.ts'
import { treeArrays, treesOf } from './trees.ts'

/** A model taken apart: what it is made by, and its numbers. */
export interface Parts {
  readonly kind: ModelKind
  readonly options: object
  readonly arrays: readonly NamedArray[]
}

/** Takes a model apart. */
export function partsOf(each: AnyModel): Parts {
  switch (each.kind) {
    case 'boosted-trees': {
      const { trees, outputOf, ...options } = each.model.model
      const output = { name: 'outputOf', shape: [trees.length], data: Int32Array.from(outputOf) }
      return { kind: each.kind, options, arrays: [...treeArrays(trees), output] }
    }
    case 'random-forest': {
      const { trees, shares, ...options } = each.model.model
      const all = shares.flatMap(share => Array.from(share))
      const held = { name: 'shares', shape: [all.length], data: Float32Array.from(all) }
      return { kind: each.kind, options, arrays: [...treeArrays(trees), held] }
    }
    case 'isolation-forest': {
      const { trees, ...options } = each.model.model
      return { kind: each.kind, options, arrays: treeArrays(trees) }
    }
    default: {
      const { kind, options, model } = each satisfies NetModelOf
      return { kind, options, arrays: model.weights }
    }
  }
}

/** Puts a model together. Errors: `model_kind`, `model_tensor`, and those of the models themselves (`model_tree`, `weights_wrong`, `shape_wrong` …). */
export function modelOf({ kind, options, arrays }: Parts): AnyModel {
  switch (kind) {
    case 'boosted-trees': {
      const { objective, outputs, baseScore, columns, names } = options as BoostedModel
      const outputOf = Array.from(new ArrayBook(arrays).get('outputOf', Int32Array))
      const made = { objective, outputs, baseScore, columns, trees: treesOf(arrays), outputOf }
      return { kind, model: new BoostedTrees(names === undefined ? made : { ...made, names }) }
    }
    case 'random-forest': {
      const trees = treesOf(arrays)
      const { classes, columns, outOfBag } = options as ForestModel
      const all = new ArrayBook(arrays).get('shares', Float32Array)
      let to = 0
      const shares = trees.slice(0, classes === 0 ? 0 : trees.length).map(({ feature }) => {
        const from = to
        to += feature.length * classes
        return all.slice(from, to)
      })
      const made = { classes, columns, trees, shares }
      return { kind, model: new RandomForest(outOfBag === undefined ? made : { ...made, outOfBag }) }
    }
    case 'isolation-forest': {
      const { columns, sample } = options as IsolationModel
      return { kind, model: new IsolationForest({ columns, sample, trees: treesOf(arrays) }) }
    }
    case 'autoencoder':
      return loaded(
        { kind, options: options as AutoencoderOptions, model: new Autoencoder(options as AutoencoderOptions) },
        arrays,
      )
    case 'mlp-classifier':
      return loaded(
        { kind, options: options as ClassifierOptions, model: new MlpClassifier(options as ClassifierOptions) },
        arrays,
      )
    case 'mlp-regressor':
      return loaded(
        { kind, options: options as RegressorOptions, model: new MlpRegressor(options as RegressorOptions) },
        arrays,
      )
    case 'forecaster':
      return loaded(
        { kind, options: options as ForecasterOptions, model: new Forecaster(options as ForecasterOptions) },
        arrays,
      )
    case 'reconstructor':
      return loaded(
        { kind, options: options as ReconstructorOptions, model: new Reconstructor(options as ReconstructorOptions) },
        arrays,
      )
    default:
      throw new LearnError(
        'model_kind',
        `a model of kind ${String(kind)}: expected ${Object.keys(KIND_NAMES).join(', ')}`,
      )
  }
}

function loaded(net: NetModelOf, arrays: readonly NamedArray[]): NetModelOf {
  const book = new ArrayBook(arrays)
  net.model.load(arrays.map(({ name, shape }) => ({ name, shape, data: book.get(name, Float32Array) })))
  return net
}
