import type { WindowOptions } from '../../nets/index.ts'
import { dense, inDouble, type Layers, layerNorm, type Node } from './layers-out.ts'

/** The dense layer `in`, positions, and encoder layers: x [N, steps, features] to [N, steps, width]. */
export function transformerBody(layers: Layers, x: Node, options: WindowOptions, steps: number): Node {
  const { graph, put } = layers
  const { layers: count = 1, heads = 2, units = 32 } = options
  let y = graph.node('Add', [dense(layers, x, 'in'), put('positions')])
  for (let i = 0; i < count; i++) y = encoder(layers, y, `encoder${i}`, { heads, width: units, steps })
  return y
}

interface Shape {
  readonly heads: number
  readonly width: number
  readonly steps: number
}

function encoder(layers: Layers, x: Node, name: string, shape: Shape): Node {
  const { graph } = layers
  const attended = dense(layers, attention(layers, x, name, shape), `${name}.attention.out`)
  const middle = layerNorm(layers, graph.node('Add', [x, attended]), `${name}.norm1`)
  const hidden = graph.node('Relu', [dense(layers, middle, `${name}.forward1`)])
  const forward = dense(layers, hidden, `${name}.forward2`)
  return layerNorm(layers, graph.node('Add', [middle, forward]), `${name}.norm2`)
}

/** softmax(Q K' / sqrt(d)) V for all heads. */
function attention(layers: Layers, x: Node, name: string, { heads, width, steps }: Shape): Node {
  const { graph } = layers
  const size = width / heads
  const joined = dense(layers, x, `${name}.attention.in`)
  const parts = graph.nodes('Split', [joined, graph.whole('thirds', [width, width, width])], 3, { axis: -1 })
  const shape = graph.whole('heads', [0, steps, heads, size])
  const [q, k, v] = parts.map(part => graph.node('Reshape', [part, shape])) as [Node, Node, Node]
  const queries = graph.node('Transpose', [q], { perm: [0, 2, 1, 3] })
  const keys = graph.node('Transpose', [k], { perm: [0, 2, 3, 1] })
  const values = graph.node('Transpose', [v], { perm: [0, 2, 1, 3] })
  const scale = graph.constant(`${name}.scale`, [1], Float32Array.of(1 / Math.sqrt(size)))
  const scores = graph.node('Mul', [graph.node('MatMul', [queries, keys]), scale])
  const shares = inDouble(layers, scores, given => graph.node('Softmax', [given], { axis: -1 }))
  const mixed = graph.node('Transpose', [graph.node('MatMul', [shares, values])], { perm: [0, 2, 1, 3] })
  return graph.node('Reshape', [mixed, graph.whole('joined', [0, steps, width])])
}
