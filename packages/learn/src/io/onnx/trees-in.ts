import { LearnError } from '../../base/error.ts'
import {
  type BoostedModel,
  BoostedTrees,
  checkForestSize,
  type ForestModel,
  fillMeans,
  IsolationForest,
  type IsolationModel,
  leafValue,
  nodesOf,
  noShares,
  RandomForest,
  type Tree,
  wrongLeaf,
} from '../../trees/index.ts'
import type { AnyModel } from '../model/any.ts'
import { type Ensemble, ensembleOf } from './ensemble-in.ts'
import type { NodeProto } from './messages.ts'

/** What a file of ours says beside its graph. */
export interface Known {
  readonly kind: string | undefined
  readonly options: object
}

/**
 * Reads trees. A classifier with LOGISTIC or SOFTMAX is of boosted trees, and one without a transform is a random forest; so is a regressor that takes the average. Errors:
 * `onnx_unsupported`, `onnx_malformed`, `model_tree`, `model_options`.
 */
export function readTrees(node: NodeProto, width: number, { kind, options }: Known): AnyModel {
  const ensemble = ensembleOf(node, width)
  const { trees, columns } = ensemble
  if (kind === 'isolation-forest') {
    const model = {
      columns,
      sample: (options as IsolationModel).sample,
      trees: trees.map((_, t) => valued(ensemble, t, 0)),
    }
    return { kind, model: new IsolationForest(model) }
  }
  if (node.opType === 'TreeEnsembleRegressor') return regression(ensemble)
  const { classes, transform } = ensemble
  if (transform !== 'NONE') return { kind: 'boosted-trees', model: new BoostedTrees(boosted(ensemble, options)) }
  const shares = sharesOf(ensemble)
  const model: ForestModel = {
    columns,
    classes,
    shares,
    trees: trees.map((tree, t) => ofShares(tree, shares[t]!, classes)),
  }
  return { kind: 'random-forest', model: new RandomForest(model) }
}

/** What each leaf says of each class. Where one class alone is told of two, the other one has the rest. */
function sharesOf({ trees, leaves, classes }: Ensemble): Float32Array[] {
  checkForestSize(nodesOf(trees), classes)
  const isHalf = classes === 2 && idsIn(leaves).size === 1
  return trees.map((tree, t) => {
    const all = noShares(tree.feature.length, classes)
    for (const [n, pairs] of leaves[t]!.entries()) {
      for (const [id, weight] of pairs) {
        if (!(id >= 0 && id < classes)) throw new LearnError('onnx_malformed', `a leaf of class ${id} of ${classes}`)
        const share = weight * trees.length
        // Rounding may leave a share a hair above 1.
        if (isHalf) all.set([Math.max(0, 1 - share), share], n * 2)
        else all[n * classes + id] = share
      }
    }
    const wrong = wrongLeaf(tree, all, classes)
    if (wrong !== null) {
      const what = `node ${wrong.node} of tree ${t} says ${wrong.sum} in all: these are no shares of classes`
      throw new LearnError('onnx_unsupported', what)
    }
    fillMeans(tree, all, classes)
    return all
  })
}

/** The classes that leaves speak of. */
function idsIn(leaves: Ensemble['leaves']): Set<number> {
  const ids = new Set<number>()
  for (const tree of leaves) for (const pairs of tree) for (const [id] of pairs) ids.add(id)
  return ids
}

function regression(ensemble: Ensemble): AnyModel {
  const { trees, columns, base, aggregate, transform } = ensemble
  if (transform !== 'NONE') throw new LearnError('onnx_unsupported', `a regression with the transform ${transform}`)
  const all = trees.map((_, t) => valued(ensemble, t, 0))
  if (aggregate === 'AVERAGE' && base.length === 0)
    return { kind: 'random-forest', model: new RandomForest({ columns, classes: 0, trees: all, shares: [] }) }
  if (aggregate !== 'SUM') throw new LearnError('onnx_unsupported', `trees that are put together by ${aggregate}`)
  const model: BoostedModel = {
    columns,
    objective: 'reg:squarederror',
    outputs: 1,
    baseScore: base[0] ?? 0,
    trees: all,
    outputOf: all.map(() => 0),
  }
  return { kind: 'boosted-trees', model: new BoostedTrees(model) }
}

/** Each tree of a boosted model must speak of one class. */
function boosted(ensemble: Ensemble, options: object): BoostedModel {
  const { trees, leaves, columns, classes, base, transform } = ensemble
  const several = transform === 'SOFTMAX'
  if (!several && transform !== 'LOGISTIC')
    throw new LearnError('onnx_unsupported', `trees with the transform ${transform}`)
  // A tree of one leaf that takes away next to nothing is how we say that these are margins.
  const kept = trees.flatMap(({ feature }, t) =>
    feature.length === 1 && Math.abs(leaves[t]![0]![0]?.[1] ?? 0) < 1e-20 ? [] : [t],
  )
  const outputOf = kept.map(t => {
    const ids = new Set(leaves[t]!.flatMap(pairs => pairs.map(([id]) => id)))
    if (ids.size !== 1) throw new LearnError('onnx_unsupported', `tree ${t} speaks of ${ids.size} classes`)
    return several ? [...ids][0]! : 0
  })
  const own = options as Partial<BoostedModel>
  if (several && new Set(base).size > 1)
    throw new LearnError('onnx_unsupported', 'classes that begin at different values')
  const margin = base[0] ?? 0
  return {
    columns,
    objective: several ? 'multi:softprob' : 'binary:logistic',
    outputs: several ? classes : 1,
    baseScore: several ? margin : 1 / (1 + Math.exp(-margin)),
    trees: kept.map((t, i) => valued(ensemble, t, several ? outputOf[i]! : null)),
    outputOf,
    ...(own.names === undefined ? {} : { names: own.names }),
  }
}

/** A tree with what its leaves say of a class or target; null: of the one that they speak of. */
function valued({ trees, leaves }: Ensemble, t: number, id: number | null): Tree {
  const tree = trees[t]!
  const value = Float32Array.from(tree.feature, (_, n) => {
    const pair = leaves[t]![n]!.find(([its]) => id === null || its === id)
    return pair?.[1] ?? 0
  })
  fillMeans(tree, value)
  return { ...tree, value }
}

function ofShares(tree: Tree, shares: Float32Array, classes: number): Tree {
  const value = Float32Array.from(tree.feature, (_, n) => leafValue(shares, n, classes))
  fillMeans(tree, value)
  return { ...tree, value }
}
