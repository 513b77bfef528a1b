import type { ParameterPlan } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'
import { type Carried, declareGates, type Gates, layOut, type SequenceShape } from './recurrent.ts'

const GATES = 4
const FORGET = 1

/**
 * An LSTM over a whole sequence:
 *
 *     i, f, o = sigmoid(x W + h U + b)   g = tanh(x Wg + h Ug + bg)   c' = f c + i g   h' = o tanh(c')
 *
 * Tensors, gates side by side in PyTorch's order i, f, g, o: `NAME.input` [inputs, 4 units] is weight_ih transposed, `NAME.state` [units, 4 units] weight_hh transposed,
 * `NAME.bias` [4 units] the sum of both biases. ONNX orders i, o, f, c. The forget gate's bias starts at 1, so that what is in a cell stays at first.
 */
export class Lstm {
  readonly gates: Gates

  constructor(plan: ParameterPlan, name: string, inputs: number, units: number) {
    this.gates = declareGates(plan, name, inputs, units, GATES, gate => (gate === FORGET ? 1 : 0))
  }

  record(tape: Tape, x: Value, shape: SequenceShape): { y: Value; carried: readonly Carried[] } {
    const { kernels } = tape
    const { inputs, units, width } = this.gates
    const { steps, batch } = shape
    const laid = layOut(tape, this.gates, GATES, x, shape)
    const { states, y, carried, g, wx, wh, b, dwx, dwh, db, link, dh, transposed, all, fresh } = laid
    const cells = tape.floats((steps + 1) * batch * width)
    const bent = tape.floats(steps * batch * width)
    const dc = y.gradient === 0 ? 0 : tape.floats(batch * width)
    tape.record(
      () => kernels.lstm(steps, batch, inputs, units, width, x.at, x.width, wx, b, wh, g, cells, bent, states, fresh),
      () =>
        kernels.lstmBack(
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
          cells,
          bent,
          states,
          y.gradient,
          all,
          dwx,
          db,
          dwh,
          x.gradient,
          link.accumulate,
          dh,
          dc,
          transposed,
        ),
    )
    const after = cells + steps * batch * width * Float32Array.BYTES_PER_ELEMENT
    return { y, carried: [carried, { before: cells, after, units }] }
  }
}
