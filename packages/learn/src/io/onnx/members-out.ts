import type { BoostedMember, ForestMember, NetMember, OwnMember, Scaling } from '../../ensemble/index.ts'
import { FARTHEST } from '../../ensemble/scaling.ts'
import { emptyTree } from '../../trees/index.ts'
import type { GraphBuilder } from './graph.ts'
import { layersOf, type Node, stack } from './layers-out.ts'
import { ElementType } from './tensor.ts'
import { type LeafOf, leafSums } from './trees-out.ts'

/**
 * Writes a member of an ensemble; gives the name of its probabilities, [N, classes] in single precision. Operators that sum trees and nothing else are followed by plain ones, so that
 * of two classes the first is rounded as the member itself does: calibration takes logarithms, which make the last bit of a small probability large.
 * @param x unscaled rows [N, columns]
 * @param name before the names of its weights
 */
export function memberOut(graph: GraphBuilder, x: Node, member: OwnMember, name: string): Node {
  switch (member.kind) {
    case 'random-forest':
      return forest(graph, x, member, name)
    case 'boosted-trees':
      return boosted(graph, x, member, name)
    case 'mlp-classifier':
      return net(graph, x, member, name)
  }
}

/** Something that is reckoned in double precision of what is single, and given as single again. */
function rounded(graph: GraphBuilder, x: Node, nodes: (x: Node) => Node): Node {
  return single(graph, nodes(double(graph, x)))
}

export const double = (graph: GraphBuilder, x: Node): Node => graph.node('Cast', [x], { to: ElementType.double })

export const single = (graph: GraphBuilder, x: Node): Node => graph.node('Cast', [x], { to: ElementType.float })

function forest(graph: GraphBuilder, x: Node, { model: { model } }: ForestMember, name: string): Node {
  const { trees, classes, shares } = model
  const leaf: LeafOf = (tree, node) => {
    const its = shares[tree]!.subarray(node * classes, (node + 1) * classes)
    if (classes === 2) return [[0, its[1]!]]
    return Array.from(its, (share, k): [number, number] => [k, share]).filter(([, share]) => share > 0)
  }
  const sums = leafSums(graph, x, trees, classes === 2 ? 1 : classes, leaf)
  const count = graph.constant(`${name}.trees`, [1], Float32Array.of(trees.length))
  const means = graph.node('Div', [sums, count])
  return classes === 2 ? withFirst(graph, means, name) : means
}

function boosted(graph: GraphBuilder, x: Node, { model: { model } }: BoostedMember, name: string): Node {
  const { trees, outputOf, outputs, objective, baseScore } = model
  const margin = objective === 'binary:logistic' ? -Math.log(1 / baseScore - 1) : baseScore
  // What is expected of any row comes first, as a tree of one leaf: so sums are rounded as the trees' own are.
  const leaf: LeafOf = (tree, node) =>
    tree === 0
      ? Array.from({ length: outputs }, (_, k) => [k, margin])
      : [[outputOf[tree - 1]!, trees[tree - 1]!.value[node]!]]
  const margins = leafSums(graph, x, [emptyTree(1), ...trees], outputs, leaf)
  if (outputs > 1) return softmaxed(graph, margins)
  const one = graph.double(`${name}.one`, [1])
  const second = rounded(graph, margins, given => {
    const power = graph.node('Exp', [graph.node('Neg', [given])])
    return graph.node('Div', [one, graph.node('Add', [one, power])])
  })
  return withFirst(graph, second, name)
}

function net(graph: GraphBuilder, x: Node, { model, options, scaling }: NetMember, name: string): Node {
  const layers = layersOf(graph, model.weights, `${name}.`)
  return softmaxed(graph, stack(layers, scaledOut(graph, x, scaling, `${name}.scaling`), options))
}

/** Writes a net alone, for unscaled rows `x` [N, columns]. Outputs: `label` [N] and `probabilities` [N, classes]. */
export function addScaledNet(graph: GraphBuilder, member: NetMember): void {
  const x = graph.input('x', ['N', member.model.inputs])
  const probabilities = net(graph, x, member, 'net')
  graph.output(graph.node('ArgMax', [probabilities], { axis: 1, keepdims: 0 }), 'label', ['N'], ElementType.int64)
  graph.output(probabilities, 'probabilities', ['N', member.classes])
}

const softmaxed = (graph: GraphBuilder, logits: Node): Node =>
  rounded(graph, logits, given => graph.node('Softmax', [given], { axis: -1 }))

/** Of two classes, both: the first is what the second leaves. */
function withFirst(graph: GraphBuilder, second: Node, name: string): Node {
  const all = graph.constant(`${name}.all`, [1], Float32Array.of(1))
  return graph.node('Concat', [graph.node('Sub', [all, second]), second], { axis: 1 })
}

/**
 * A scaling of inputs (`scaled`): asinh((x - center) / spread), less its mean, over its deviation, held between -8 and 8; what is missing becomes 0. Asinh by logarithms, since
 * runtimes have the operator in single precision alone; those of either side apart, so that who differentiates the graph finds a slope of 1 at the center too, where most values may be.
 */
export function scaledOut(graph: GraphBuilder, x: Node, scaling: Scaling, name: string): Node {
  const { center, spread, mean, deviation } = scaling
  const put = (part: string, values: ArrayLike<number>): Node => graph.double(`${name}.${part}`, values)
  const [zero, one] = [put('zero', [0]), put('one', [1])]
  const side = (bend: Node): Node => {
    const size = graph.node('Max', [bend, zero])
    const root = graph.node('Sqrt', [graph.node('Add', [graph.node('Mul', [size, size]), one])])
    return graph.node('Log', [graph.node('Add', [size, root])])
  }
  const placed = rounded(graph, x, given => {
    const bend = graph.node('Div', [graph.node('Sub', [given, put('center', center)]), put('spread', spread)])
    const bent = graph.node('Sub', [side(bend), side(graph.node('Neg', [bend]))])
    const straight = graph.node('Div', [graph.node('Sub', [bent, put('mean', mean)]), put('deviation', deviation)])
    const above = graph.node('Max', [straight, put('least', [-FARTHEST])])
    return graph.node('Min', [above, put('most', [FARTHEST])])
  })
  const middle = graph.constant(`${name}.middle`, [1], Float32Array.of(0))
  return graph.node('Where', [graph.node('IsNaN', [x]), middle, placed])
}
