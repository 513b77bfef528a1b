import { type Cell, gatesOf, toOnnx } from './gates.ts'
import type { Layers, Node } from './layers-out.ts'

/**
 * A GRU (linear_before_reset = 1) or LSTM over x [steps, N, inputs]. Its weights are `NAME.W`, `NAME.R` and `NAME.B`, in ONNX's order of gates.
 * @param every whether it gives the states of all steps, [steps, N, units], or the last one's, [N, units]
 */
export function recurrent(layers: Layers, x: Node, name: string, cell: Cell, every: boolean): Node {
  const { graph, get } = layers
  const gates = gatesOf(cell)
  const [input, state, bias] = [get(`${name}.input`), get(`${name}.state`), get(`${name}.bias`)]
  const inputs = input.shape[0]!
  const units = state.shape[0]!
  const w = graph.constant(`${name}.W`, [1, gates * units, inputs], toOnnx(cell, input.data, inputs))
  const r = graph.constant(`${name}.R`, [1, gates * units, units], toOnnx(cell, state.data, units))
  const biases = new Float32Array(2 * gates * units)
  biases.set(toOnnx(cell, bias.data, 1))
  // Of the second bias, that of states, only the new gate's is not in the first.
  if (cell === 'gru') biases.set(get(`${name}.new`).data, (2 * gates - 1) * units)
  const b = graph.constant(`${name}.B`, [1, biases.length], biases)
  const attributes = { hidden_size: units, ...(cell === 'gru' ? { linear_before_reset: 1 } : {}) }
  const [all, last] = graph.nodes(cell === 'gru' ? 'GRU' : 'LSTM', [x, w, r, b], 2, attributes)
  return every
    ? graph.node('Squeeze', [all!, graph.whole('axis1', [1])])
    : graph.node('Squeeze', [last!, graph.whole('axis0', [0])])
}
