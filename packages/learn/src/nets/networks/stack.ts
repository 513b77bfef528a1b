import type { Layout, Network, Recorded } from '../network.ts'
import { type Activation, Dense } from '../ops/dense.ts'
import { dropout } from '../ops/dropout.ts'
import { LayerNorm } from '../ops/norm.ts'
import { ParameterPlan } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

/** Dense layers behind one another. */
export interface StackShape {
  /** Inputs, hidden widths, outputs. */
  readonly widths: readonly number[]
  readonly hidden: Activation
  readonly output: Activation
  /** The share that is dropped behind each hidden layer in training. */
  readonly dropout: number
  /** Whether a layer norm stands behind each hidden layer. */
  readonly norm: boolean
}

/** A net of dense layers, `layer0` and so on; norms are `norm0` and so on. */
export class StackNetwork implements Network {
  readonly plan = new ParameterPlan()
  readonly input: Layout
  readonly output: Layout
  readonly layers: readonly Dense[]
  readonly norms: readonly LayerNorm[]
  readonly #dropout: number

  constructor({ widths, hidden, output, dropout: rate, norm }: StackShape) {
    const count = widths.length - 1
    this.#dropout = rate
    this.input = { steps: 1, columns: widths[0], timeFirst: false }
    this.output = { steps: 1, columns: widths[count], timeFirst: false }
    this.layers = Array.from({ length: count }, (_, i) => {
      const shape = { inputs: widths[i], outputs: widths[i + 1] }
      return new Dense(this.plan, `layer${i}`, shape, i < count - 1 ? hidden : output)
    })
    this.norms = norm ? widths.slice(1, count).map((width, i) => new LayerNorm(this.plan, `norm${i}`, width)) : []
  }

  record(tape: Tape, x: Value): Recorded {
    let y = x
    for (const [i, layer] of this.layers.entries()) {
      y = layer.record(tape, y)
      if (i === this.layers.length - 1) break
      if (this.norms.length > 0) y = this.norms[i].record(tape, y, null)
      y = dropout(tape, y, this.#dropout)
    }
    return { y, carried: [] }
  }
}
