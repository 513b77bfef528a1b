import {
  averagePath,
  type BoostedTrees,
  type IsolationForest,
  type RandomForest,
  type Tree,
} from '../../trees/index.ts'
import type { TreeModelOf } from '../model/any.ts'
import { type Attribute, floats, type GraphBuilder, ML_DOMAIN } from './graph.ts'
import { ElementType } from './tensor.ts'

/** What a leaf adds, and to what: pairs of a class or target, and an amount. */
export type LeafOf = (tree: number, node: number) => readonly (readonly [id: number, weight: number])[]

/**
 * Writes trees as TreeEnsembleClassifier and TreeEnsembleRegressor of ai.onnx.ml. Input `x` [N, columns]; classifiers give `label` [N] and `probabilities` [N, classes], regressions `value` [N, 1],
 * an isolation forest `score` [N, 1].
 */
export function addTrees(graph: GraphBuilder, each: TreeModelOf): void {
  const x = graph.input('x', ['N', each.model.model.columns])
  if (each.kind === 'isolation-forest') addIsolation(graph, x, each.model)
  else if (each.kind === 'random-forest') addForest(graph, x, each.model)
  else addBoosted(graph, x, each.model)
}

function addBoosted(graph: GraphBuilder, x: string, { model }: BoostedTrees): void {
  const { trees, outputOf, outputs, objective, baseScore } = model
  const value = (tree: number, node: number): number => trees[tree]!.value[node]!
  if (objective === 'reg:squarederror') {
    const leaf: LeafOf = (tree, node) => [[0, value(tree, node)]]
    return regressor(graph, x, ensemble(trees, 'target', leaf), [baseScore], 'SUM', 'value')
  }
  if (objective === 'multi:softprob') {
    const leaf: LeafOf = (tree, node) => [[outputOf[tree]!, value(tree, node)]]
    const base = new Array<number>(outputs).fill(baseScore)
    return classifier(graph, x, ensemble(trees, 'class', leaf), outputs, base, 'SOFTMAX')
  }
  const leaf: LeafOf = (tree, node) => [[0, value(tree, node)]]
  const margin = -Math.log(1 / baseScore - 1)
  classifier(graph, x, ensemble([...trees, NEGATIVE], 'class', leafWith(leaf, trees.length)), 2, [margin], 'LOGISTIC')
}

function addForest(graph: GraphBuilder, x: string, { model }: RandomForest): void {
  const { trees, classes, shares } = model
  if (classes === 0) {
    const leaf: LeafOf = (tree, node) => [[0, trees[tree]!.value[node]!]]
    return regressor(graph, x, ensemble(trees, 'target', leaf), [], 'AVERAGE', 'value')
  }
  const leaf: LeafOf = (tree, node) => {
    const its = shares[tree]!
    // Of two classes one id is given, that of the second's share: so the runtimes decide at one half.
    if (classes === 2) return [[0, its[node * 2 + 1]! / trees.length]]
    const pairs: [number, number][] = []
    for (let k = 0; k < classes; k++) {
      const share = its[node * classes + k]!
      if (share > 0) pairs.push([k, share / trees.length])
    }
    return pairs
  }
  classifier(graph, x, ensemble(trees, 'class', leaf), classes, [], 'NONE')
}

function addIsolation(graph: GraphBuilder, x: string, { model }: IsolationForest): void {
  const { trees, sample } = model
  const leaf: LeafOf = (tree, node) => [[0, trees[tree]!.value[node]!]]
  const attributes = { ...ensemble(trees, 'target', leaf), n_targets: 1, aggregate_function: 'AVERAGE' }
  const [path] = graph.nodes('TreeEnsembleRegressor', [x], 1, attributes, ML_DOMAIN)
  const scale = graph.constant('scale', [1], Float32Array.of(-Math.LN2 / averagePath(sample)))
  graph.output(graph.node('Exp', [graph.node('Mul', [path!, scale])]), 'score', ['N', 1])
}

/** For each row and target the sum of the leaves that it comes to, [N, targets]; gives the node's name. */
export function leafSums(
  graph: GraphBuilder,
  x: string,
  trees: readonly Tree[],
  targets: number,
  leaf: LeafOf,
): string {
  const attributes = { ...ensemble(trees, 'target', leaf), n_targets: targets, aggregate_function: 'SUM' }
  const [sums] = graph.nodes('TreeEnsembleRegressor', [x], 1, attributes, ML_DOMAIN)
  return sums!
}

function regressor(
  graph: GraphBuilder,
  x: string,
  trees: Record<string, Attribute>,
  base: readonly number[],
  aggregate: string,
  name: string,
): void {
  const attributes = { ...trees, n_targets: 1, aggregate_function: aggregate, post_transform: 'NONE', ...baseOf(base) }
  const [y] = graph.nodes('TreeEnsembleRegressor', [x], 1, attributes, ML_DOMAIN)
  graph.output(y!, name, ['N', 1])
}

function classifier(
  graph: GraphBuilder,
  x: string,
  trees: Record<string, Attribute>,
  classes: number,
  base: readonly number[],
  transform: string,
): void {
  const labels = Array.from({ length: classes }, (_, k) => k)
  const attributes = { ...trees, classlabels_int64s: labels, post_transform: transform, ...baseOf(base) }
  const [label, probabilities] = graph.nodes('TreeEnsembleClassifier', [x], 2, attributes, ML_DOMAIN)
  graph.output(label!, 'label', ['N'], ElementType.int64)
  graph.output(probabilities!, 'probabilities', ['N', classes])
}

const baseOf = (base: readonly number[]): Record<string, Attribute> =>
  base.length === 0 ? {} : { base_values: floats(base) }

/**
 * A leaf that takes away what is lost in any sum. Where the weights of two classes are all positive, runtimes take their sum for a probability: a margin may be
 * positive in all leaves.
 */
const NEGATIVE: Tree = {
  feature: Int32Array.of(-1),
  threshold: Float32Array.of(0),
  left: Int32Array.of(-1),
  right: Int32Array.of(-1),
  missingLeft: Uint8Array.of(0),
  value: Float32Array.of(-1e-30),
  cover: Float32Array.of(0),
  gain: Float32Array.of(0),
}

const leafWith =
  (leaf: LeafOf, count: number): LeafOf =>
  (tree, node) =>
    tree === count ? [[0, NEGATIVE.value[0]!]] : leaf(tree, node)

/** The nodes of all trees side by side, as both operators take them. A list an attribute, filled in one pass: there may be millions of nodes. */
function ensemble(trees: readonly Tree[], role: 'class' | 'target', leafOf: LeafOf): Record<string, Attribute> {
  const ids = { tree: [] as number[], node: [] as number[] }
  const modes: string[] = []
  const [feature, yes, no, missing]: [number[], number[], number[], number[]] = [[], [], [], []]
  const [threshold, cover]: [number[], number[]] = [[], []]
  const leaves = { tree: [] as number[], node: [] as number[], id: [] as number[], weight: [] as number[] }
  for (const [t, tree] of trees.entries()) {
    for (const [n, asks] of tree.feature.entries()) {
      const isLeaf = asks < 0
      ids.tree.push(t)
      ids.node.push(n)
      modes.push(isLeaf ? 'LEAF' : 'BRANCH_LT')
      feature.push(isLeaf ? 0 : asks)
      yes.push(isLeaf ? 0 : tree.left[n]!)
      no.push(isLeaf ? 0 : tree.right[n]!)
      missing.push(tree.missingLeft[n]!)
      threshold.push(tree.threshold[n]!)
      cover.push(tree.cover[n]!)
      if (!isLeaf) continue
      for (const [id, weight] of leafOf(t, n)) {
        leaves.tree.push(t)
        leaves.node.push(n)
        leaves.id.push(id)
        leaves.weight.push(weight)
      }
    }
  }
  return {
    nodes_treeids: ids.tree,
    nodes_nodeids: ids.node,
    nodes_featureids: feature,
    nodes_values: floats(threshold),
    nodes_modes: modes,
    nodes_truenodeids: yes,
    nodes_falsenodeids: no,
    nodes_missing_value_tracks_true: missing,
    nodes_hitrates: floats(cover),
    [`${role}_treeids`]: leaves.tree,
    [`${role}_nodeids`]: leaves.node,
    [`${role}_ids`]: leaves.id,
    [`${role}_weights`]: floats(leaves.weight),
  }
}
