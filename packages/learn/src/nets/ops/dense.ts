import { type Parameter, type ParameterPlan, uniform } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** What a layer does with its sums. */
export type Activation = 'none' | 'relu' | 'tanh' | 'sigmoid'

/** As kernels number them. */
export const ACTIVATIONS: Readonly<Record<Activation, number>> = { none: 0, relu: 1, tanh: 2, sigmoid: 3 }

/** Added to `accumulate`: the weights lie transposed already. */
const TRANSPOSED = 2

/** Inputs that are padded in groups, as heads are. */
export interface DenseShape {
  readonly inputs: number
  readonly inputGroups?: number
  readonly outputs: number
  readonly outputGroups?: number
}

/** y = act(x W + b). Tensors: `NAME.weight` [inputs, outputs] (PyTorch's, transposed) and `NAME.bias` [outputs]. */
export class Dense {
  readonly weight: Parameter
  readonly bias: Parameter
  readonly activation: Activation

  /** Starts uniform: He's limit before a ReLU, Glorot's else; biases at zero. */
  constructor(plan: ParameterPlan, name: string, shape: DenseShape, activation: Activation) {
    const { inputs, inputGroups = 1, outputs, outputGroups = 1 } = shape
    const limit = Math.sqrt(6 / (activation === 'relu' ? inputs : inputs + outputs))
    this.activation = activation
    this.weight = plan.add({
      name: `${name}.weight`,
      rows: inputs,
      rowGroups: inputGroups,
      columns: outputs,
      columnGroups: outputGroups,
      decays: true,
      start: uniform(limit),
    })
    this.bias = plan.add({
      name: `${name}.bias`,
      columns: outputs,
      columnGroups: outputGroups,
      decays: false,
      start: () => 0,
    })
  }

  record(tape: Tape, x: Value): Value {
    return this.recordGroups(tape, x, 0, this.weight.spec.columnGroups ?? 1)
  }

  /** Records some of the groups of outputs alone, from one to before another. */
  recordGroups(tape: Tape, x: Value, from: number, to: number): Value {
    const { kernels } = tape
    const { weight, bias } = this
    const { columns, columnGroups = 1 } = weight.spec
    const group = weight.width / columnGroups
    const skipped = from * group * FLOAT
    const y = tape.result(x.rows, (columns / columnGroups) * (to - from), group * (to - from))
    const act = ACTIVATIONS[this.activation]
    const [w, b] = [tape.parameter(weight) + skipped, tape.parameter(bias) + skipped]
    const [dw, db] = tape.mode.learns ? [tape.gradient(weight) + skipped, tape.gradient(bias) + skipped] : [0, 0]
    const wide = weight.width
    const inputs = weight.size / wide
    const link = tape.take(x)
    const transposed = x.gradient === 0 ? 0 : tape.floats(y.width * x.width)
    tape.record(
      () => kernels.dense(x.rows, y.width, inputs, x.at, x.width, w, wide, b, y.at, act),
      () =>
        kernels.denseBack(
          x.rows,
          y.width,
          inputs,
          x.at,
          x.width,
          w,
          wide,
          y.at,
          y.gradient,
          act,
          dw,
          db,
          x.gradient,
          tape.still ? link.accumulate | TRANSPOSED : link.accumulate,
          transposed,
        ),
    )
    return y
  }
}
