import { LearnError } from '../../base/error.ts'
import type { Activation, DenseOptions, Tensor } from '../../nets/index.ts'
import type { GraphBuilder } from './graph.ts'
import { ElementType } from './tensor.ts'

/** The name of what a node makes. */
export type Node = string

/** A net's weights, and the graph that they go to. */
export interface Layers {
  readonly graph: GraphBuilder
  /** A tensor by its name. Error: `weights_wrong`. */
  get(name: string): Tensor
  /** The same, written to the graph; gives its name there. */
  put(name: string): Node
}

/** @param prefix of the weights' names in the graph, where several nets are in one */
export function layersOf(graph: GraphBuilder, weights: readonly Tensor[], prefix = ''): Layers {
  const get = (name: string): Tensor => {
    const tensor = weights.find(each => each.name === name)
    if (tensor === undefined) throw new LearnError('weights_wrong', `the net has no tensor '${name}'`)
    return tensor
  }
  const put = (name: string): Node => {
    const { shape, data } = get(name)
    return graph.constant(prefix + name, shape, data)
  }
  return { graph, get, put }
}

/** x W + b, over the last axis. */
export function dense({ graph, put }: Layers, x: Node, name: string): Node {
  return graph.node('Add', [graph.node('MatMul', [x, put(`${name}.weight`)]), put(`${name}.bias`)])
}

const OPERATORS: Readonly<Record<Exclude<Activation, 'none'>, string>> = {
  relu: 'Relu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
}

export function activated({ graph }: Layers, x: Node, activation: Activation): Node {
  return activation === 'none' ? x : graph.node(OPERATORS[activation], [x])
}

/**
 * Some nodes that are reckoned in double precision, as the kernels do there: dividing by a small spread makes rounding errors larger. The operators are plain ones, since
 * LayerNormalization is free to reckon means in single precision whatever it is given.
 */
export function inDouble({ graph }: Layers, x: Node, nodes: (x: Node) => Node): Node {
  return graph.node('Cast', [nodes(graph.node('Cast', [x], { to: ElementType.double }))], { to: ElementType.float })
}

export function layerNorm(layers: Layers, x: Node, name: string): Node {
  const { graph, put } = layers
  const double = (single: Node): Node => graph.node('Cast', [single], { to: ElementType.double })
  const mean = (of: Node): Node => graph.node('ReduceMean', [of], { axes: [-1], keepdims: 1 })
  return inDouble(layers, x, given => {
    const apart = graph.node('Sub', [given, mean(given)])
    const variance = mean(graph.node('Mul', [apart, apart]))
    const least = double(graph.constant(`${name}.epsilon`, [1], Float32Array.of(1e-5)))
    const deviation = graph.node('Sqrt', [graph.node('Add', [variance, least])])
    const normed = graph.node('Div', [apart, deviation])
    return graph.node('Add', [graph.node('Mul', [normed, double(put(`${name}.gain`))]), double(put(`${name}.bias`))])
  })
}

/** Dense layers behind one another; the last one is linear. */
export function stack(layers: Layers, x: Node, { hidden, activation = 'relu', norm = false }: DenseOptions): Node {
  let y = x
  for (let i = 0; i < hidden.length; i++) {
    y = activated(layers, dense(layers, y, `layer${i}`), activation)
    if (norm) y = layerNorm(layers, y, `norm${i}`)
  }
  return dense(layers, y, `layer${hidden.length}`)
}
