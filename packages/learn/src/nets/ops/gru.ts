import type { Parameter, ParameterPlan } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'
import { type Carried, declareGates, type Gates, layOut, type SequenceShape } from './recurrent.ts'

const GATES = 3

/**
 * A GRU over a whole sequence:
 *
 *     r = sigmoid(x Wr + h Ur + br)   z = sigmoid(x Wz + h Uz + bz)
 *     n = tanh(x Wn + bn + r (h Un + cn))   h' = (1 - z) n + z h
 *
 * which is PyTorch's, and ONNX's with linear_before_reset = 1. Tensors, gates side by side in the order r, z, n: `NAME.input` [inputs, 3 units] is PyTorch's
 * weight_ih transposed, `NAME.state` [units, 3 units] weight_hh transposed, `NAME.bias` [3 units] bias_ih plus, for r and z, bias_hh, and `NAME.new` [units] the part n of
 * bias_hh. ONNX orders z, r, h.
 */
export class Gru {
  readonly gates: Gates
  readonly inner: Parameter

  constructor(plan: ParameterPlan, name: string, inputs: number, units: number) {
    this.gates = declareGates(plan, name, inputs, units, GATES, () => 0)
    this.inner = plan.add({ name: `${name}.new`, columns: units, decays: false, start: () => 0 })
  }

  record(tape: Tape, x: Value, shape: SequenceShape): { y: Value; carried: readonly Carried[] } {
    const { kernels } = tape
    const { inputs, units, width } = this.gates
    const { steps, batch } = shape
    const laid = layOut(tape, this.gates, GATES, x, shape)
    const { states, y, carried, g, wx, wh, b, dwx, dwh, db, link, dh, transposed, all, fresh } = laid
    const u = tape.floats(steps * batch * width)
    const [bn, dbn] = [tape.parameter(this.inner), tape.gradient(this.inner)]
    tape.record(
      () => kernels.gru(steps, batch, inputs, units, width, x.at, x.width, wx, b, wh, bn, g, u, states, fresh),
      () =>
        kernels.gruBack(
          steps,
          batch,
          inputs,
          units,
          width,
          x.at,
          x.width,
          wx,
          wh,
          g,
          u,
          states,
          y.gradient,
          all,
          dwx,
          db,
          dwh,
          dbn,
          x.gradient,
          link.accumulate,
          dh,
          transposed,
        ),
    )
    return { y, carried: [carried] }
  }
}
