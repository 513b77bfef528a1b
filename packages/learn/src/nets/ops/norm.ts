import { constant, type Parameter, type ParameterPlan } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

/** Layer norm of rows, with what may be added to them first: y = gain (x + r - mean) / sqrt(variance + 1e-5) + bias. Tensors: `NAME.gain` and `NAME.bias`. */
export class LayerNorm {
  readonly gain: Parameter
  readonly bias: Parameter

  constructor(plan: ParameterPlan, name: string, columns: number) {
    this.gain = plan.add({ name: `${name}.gain`, columns, decays: false, start: constant(1) })
    this.bias = plan.add({ name: `${name}.bias`, columns, decays: false, start: constant(0) })
  }

  /** @param residual rows of the same shape, or null */
  record(tape: Tape, x: Value, residual: Value | null): Value {
    const { kernels } = tape
    const { rows, columns, width } = x
    const y = tape.result(rows, columns)
    const normed = tape.floats(rows * width)
    const scale = tape.floats(rows)
    const [gain, bias] = [tape.parameter(this.gain), tape.parameter(this.bias)]
    const [dgain, dbias] = [tape.gradient(this.gain), tape.gradient(this.bias)]
    const link = tape.take(x)
    const residualLink = residual === null ? { accumulate: 0 } : tape.take(residual)
    const [r, dr] = residual === null ? [0, 0] : [residual.at, residual.gradient]
    tape.record(
      () => kernels.layerNorm(rows, columns, width, x.at, r, gain, bias, normed, scale, y.at),
      () =>
        kernels.layerNormBack(
          rows,
          columns,
          width,
          normed,
          scale,
          gain,
          y.gradient,
          dgain,
          dbias,
          x.gradient,
          link.accumulate,
          dr,
          residualLink.accumulate,
        ),
    )
    return y
  }
}
