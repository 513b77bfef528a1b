import { product, type Rows, sigmoid } from './linear.ts'

/** Weights of a recurrent layer, gates side by side. `inner` is a GRU's bias of the new gate's product with the state. */
export interface GateWeights {
  readonly input: Rows
  readonly state: Rows
  readonly bias: readonly number[]
  readonly inner?: readonly number[]
}

/** The states of a GRU, one a step: PyTorch's definition, gates r, z, n. */
export function gru(rows: Rows, { input, state, bias, inner = [] }: GateWeights): number[][] {
  const units = state.length
  let h = new Array<number>(units).fill(0)
  return rows.map(x => {
    const a = product([x], input)[0]
    const u = product([h], state)[0]
    h = h.map((before, j) => {
      const r = sigmoid(a[j] + bias[j] + u[j])
      const z = sigmoid(a[units + j] + bias[units + j] + u[units + j])
      const n = Math.tanh(a[2 * units + j] + bias[2 * units + j] + r * (u[2 * units + j] + inner[j]))
      return (1 - z) * n + z * before
    })
    return h
  })
}

/** The states of an LSTM, one a step: PyTorch's definition, gates i, f, g, o. */
export function lstm(rows: Rows, { input, state, bias }: GateWeights): number[][] {
  const units = state.length
  let h = new Array<number>(units).fill(0)
  let c = h
  return rows.map(x => {
    const a = product([x], input)[0]
    const u = product([h], state)[0]
    const gate = (k: number, j: number) => a[k * units + j] + u[k * units + j] + bias[k * units + j]
    c = c.map((cell, j) => sigmoid(gate(1, j)) * cell + sigmoid(gate(0, j)) * Math.tanh(gate(2, j)))
    h = c.map((cell, j) => sigmoid(gate(3, j)) * Math.tanh(cell))
    return h
  })
}
