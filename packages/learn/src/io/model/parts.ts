import { LearnError } from '../../base/error.ts'
import {
  Autoencoder,
  type AutoencoderOptions,
  type ClassifierOptions,
  Forecaster,
  type ForecasterOptions,
  MlpClassifier,
  MlpRegressor,
  type NetModel,
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
import { checkModelOptions } from './check.ts'
import { seriesOf, seriesParts } from './series.ts'
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
    case 'series':
      return { kind: each.kind, ...seriesParts(each.model) }
    default: {
      const { kind, options, model } = each satisfies NetModelOf
      return { kind, options, arrays: model.weights }
    }
  }
}

/** Puts a model together. Errors: `model_kind`, `model_options`, `model_tensor`, and those of the models themselves (`model_tree`, `weights_wrong`, `shape_wrong` …). */
export function modelOf({ kind, options, arrays }: Parts): AnyModel {
  if (kind === 'series') return { kind, model: seriesOf(options, arrays) }
  checkModelOptions(kind, options, numbersIn(arrays))
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
    default: {
      const net = netOf(kind, options)
      const book = new ArrayBook(arrays)
      net.model.load(arrays.map(({ name, shape }) => ({ name, shape, data: book.get(name, Float32Array) })))
      return net
    }
  }
}

/** A net of a kind as it is before it has learned; `numbers` are there for its weights. Errors: `model_kind`, `model_options`, `shape_wrong`. */
export function freshNet(kind: ModelKind, options: object, numbers: number): NetModel {
  checkModelOptions(kind, options, numbers)
  return netOf(kind, options).model
}

function netOf(kind: ModelKind, options: object): NetModelOf {
  switch (kind) {
    case 'autoencoder': {
      const its = options as AutoencoderOptions
      return { kind, options: its, model: new Autoencoder(its) }
    }
    case 'mlp-classifier': {
      const its = options as ClassifierOptions
      return { kind, options: its, model: new MlpClassifier(its) }
    }
    case 'mlp-regressor': {
      const its = options as RegressorOptions
      return { kind, options: its, model: new MlpRegressor(its) }
    }
    case 'forecaster': {
      const its = options as ForecasterOptions
      return { kind, options: its, model: new Forecaster(its) }
    }
    case 'reconstructor': {
      const its = options as ReconstructorOptions
      return { kind, options: its, model: new Reconstructor(its) }
    }
    default:
      throw new LearnError(
        'model_kind',
        `a model of kind ${String(kind)}: expected ${Object.keys(KIND_NAMES).join(', ')}`,
      )
  }
}

const numbersIn = (arrays: readonly NamedArray[]): number => arrays.reduce((sum, { data }) => sum + data.length, 0)
