import type { NetModelOf } from '../model/any.ts'
import type { GraphBuilder } from './graph.ts'
import { dense, type Layers, layersOf, type Node, stack } from './layers-out.ts'
import { recurrent } from './recurrent-out.ts'
import { ElementType } from './tensor.ts'
import { transformerBody } from './transformer-out.ts'

/**
 * Writes a net. Input `x` [N, inputs], or [N, steps, features] of windows. Outputs: a classifier's `label` [N] and `probabilities` [N, classes]; a regressor's
 * `value` [N, outputs]; `forecast` [N, horizon * features]; `reconstruction`, as large as x, with `score` [N], the mean squared error.
 */
export function addNet(graph: GraphBuilder, net: NetModelOf): void {
  const layers = layersOf(graph, net.model.weights)
  const { input } = net.model.network
  const dims =
    net.kind === 'forecaster' || net.kind === 'reconstructor' ? [input.steps, input.columns] : [input.columns]
  const x = graph.input('x', ['N', ...dims])
  switch (net.kind) {
    case 'mlp-classifier': {
      const logits = stack(layers, x, net.options)
      const label = graph.node('ArgMax', [logits], { axis: 1, keepdims: 0 })
      graph.output(label, 'label', ['N'], ElementType.int64)
      graph.output(graph.node('Softmax', [logits], { axis: -1 }), 'probabilities', ['N', net.options.classes])
      return
    }
    case 'mlp-regressor':
      graph.output(stack(layers, x, net.options), 'value', ['N', net.options.outputs])
      return
    case 'autoencoder':
      reconstruction(graph, x, stack(layers, x, net.options), dims)
      return
    case 'forecaster': {
      const y = net.options.kind === 'transformer' ? lastOf(layers, x, net) : recurrentForecast(layers, x, net)
      graph.output(dense(layers, y, 'out'), 'forecast', ['N', net.model.horizon * net.model.features])
      return
    }
    case 'reconstructor': {
      const y = net.options.kind === 'transformer' ? eachStep(layers, x, net) : throughCode(layers, x, net)
      reconstruction(graph, x, y, dims)
      return
    }
  }
}

type Forecasting = Extract<NetModelOf, { kind: 'forecaster' }>
type Reconstructing = Extract<NetModelOf, { kind: 'reconstructor' }>

function reconstruction(graph: GraphBuilder, x: Node, y: Node, dims: readonly number[]): void {
  graph.output(y, 'reconstruction', ['N', ...dims])
  const difference = graph.node('Sub', [x, y])
  const axes = dims.map((_, i) => i + 1)
  const score = graph.node('ReduceMean', [graph.node('Mul', [difference, difference])], { axes, keepdims: 0 })
  graph.output(score, 'score', ['N'])
}

function recurrentForecast(layers: Layers, x: Node, { options }: Forecasting): Node {
  const { graph } = layers
  const { kind, layers: count = 1 } = options
  const cell = kind === 'lstm' ? 'lstm' : 'gru'
  let y = graph.node('Transpose', [x], { perm: [1, 0, 2] })
  for (let i = 0; i < count; i++) y = recurrent(layers, y, `cell${i}`, cell, i < count - 1)
  return y
}

/** The last state through the code, which the decoder is given at every step. */
function throughCode(layers: Layers, x: Node, { options, model }: Reconstructing): Node {
  const { graph } = layers
  const cell = options.kind === 'lstm' ? 'lstm' : 'gru'
  const encoded = recurrent(layers, graph.node('Transpose', [x], { perm: [1, 0, 2] }), 'encoder', cell, false)
  const code = graph.node('Tanh', [dense(layers, encoded, 'code')])
  const lifted = graph.node('Unsqueeze', [code, graph.whole('axis0', [0])])
  const repeated = graph.node('Expand', [lifted, graph.whole('repeats', [model.steps, 1, 1])])
  const decoded = recurrent(layers, repeated, 'decoder', cell, true)
  return graph.node('Transpose', [dense(layers, decoded, 'out')], { perm: [1, 0, 2] })
}

function lastOf(layers: Layers, x: Node, { options, model }: Forecasting): Node {
  const { graph } = layers
  const body = transformerBody(layers, x, options, model.steps)
  const index = graph.whole('last', [model.steps - 1])
  const row = graph.node('Gather', [body, index], { axis: 1 })
  return graph.node('Squeeze', [row, graph.whole('axis1', [1])])
}

function eachStep(layers: Layers, x: Node, { options, model }: Reconstructing): Node {
  const body = transformerBody(layers, x, options, model.steps)
  return dense(layers, layers.graph.node('Tanh', [dense(layers, body, 'code')]), 'out')
}
