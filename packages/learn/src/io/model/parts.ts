import { LearnError } from '../../base/error.ts'
import { Autoencoder, Forecaster, MlpClassifier, MlpRegressor, type NetModel, Reconstructor } from '../../nets/index.ts'
import { type AnyModel, KIND_NAMES, type ModelKind, type NetModelOf, type Parts } from './any.ts'
import { attackOf, attackParts } from './attack.ts'
import { checkModelOptions } from './check.ts'
import { ensembleOf, ensembleParts } from './ensemble.ts'
import { seriesOf, seriesParts } from './series.ts'
import { ArrayBook, type NamedArray } from './tensors.ts'
import { treeModelOf, treePartsOf } from './tree-parts.ts'
import { watchOf, watchParts } from './watch.ts'

/** Takes a model apart. */
export function partsOf(each: AnyModel): Parts {
  switch (each.kind) {
    case 'boosted-trees':
    case 'random-forest':
    case 'isolation-forest':
      return { kind: each.kind, ...treePartsOf(each) }
    case 'series':
      return { kind: each.kind, ...seriesParts(each.model) }
    case 'watch':
      return { kind: each.kind, ...watchParts(each.model) }
    case 'ensemble':
      return ensembleParts(each.model, partsOf)
    case 'attack-detector':
      return attackParts(each.model, partsOf)
    default: {
      const { kind, options, model } = each satisfies NetModelOf
      return { kind, options, arrays: model.weights }
    }
  }
}

/** Puts a model together. Errors: `model_kind`, `model_options`, `model_tensor`, and those of the models themselves (`model_tree`, `weights_wrong`, `shape_wrong` …). */
export function modelOf({ kind, options, arrays }: Parts): AnyModel {
  if (kind === 'series') return { kind, model: seriesOf(options, arrays) }
  if (kind === 'watch') return { kind, model: watchOf(options, arrays) }
  checkModelOptions(kind, options, numbersIn(arrays))
  switch (kind) {
    case 'boosted-trees':
    case 'random-forest':
    case 'isolation-forest':
      return treeModelOf(kind, options, arrays)
    case 'ensemble':
      return ensembleOf(options, arrays, modelOf)
    case 'attack-detector':
      return attackOf(options, arrays, modelOf)
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

type Made<Kind extends NetModelOf['kind']> = Extract<NetModelOf, { kind: Kind }>

const made =
  <Options, Model>(Model: new (options: Options) => Model) =>
  <Kind extends NetModelOf['kind']>(kind: Kind, options: object) => ({
    kind,
    options: options as Options,
    model: new Model(options as Options),
  })

const NETS: { readonly [Kind in NetModelOf['kind']]: (kind: Kind, options: object) => Made<Kind> } = {
  autoencoder: made(Autoencoder),
  'mlp-classifier': made(MlpClassifier),
  'mlp-regressor': made(MlpRegressor),
  forecaster: made(Forecaster),
  reconstructor: made(Reconstructor),
}

function netOf<Kind extends ModelKind>(kind: Kind, options: object): NetModelOf {
  const make = (NETS as Partial<Record<ModelKind, (kind: Kind, options: object) => NetModelOf>>)[kind]
  if (make !== undefined) return make(kind, options)
  const kinds = Object.keys(KIND_NAMES).join(', ')
  throw new LearnError('model_kind', `a model of kind ${String(kind)}: expected ${kinds}`)
}

const numbersIn = (arrays: readonly NamedArray[]): number => arrays.reduce((sum, { data }) => sum + data.length, 0)
