import { padded } from '../kernels.ts'
import { type Parameter, type ParameterPlan, uniform } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

/** How a sequence lies in rows: row t * batch + i is step t of sample i. */
export interface SequenceShape {
  readonly steps: number
  readonly batch: number
  /** Whether every step's state is the result, or the last one's only. */
  readonly every: boolean
}

/** What of a GRU or LSTM carries on from step to step: [batch, width] floats each, `before` the first step and `after` the last. */
export interface Carried {
  readonly before: number
  readonly after: number
  /** How many of a row's floats count. */
  readonly units: number
}

/** The parameters of a recurrent layer. */
export interface Gates {
  readonly inputs: number
  readonly units: number
  readonly width: number
  readonly fromInput: Parameter
  readonly fromState: Parameter
  readonly bias: Parameter
}

/** Declares `NAME.input` [inputs, gates * units], `NAME.state` [units, gates * units] and `NAME.bias` [gates * units], uniform within 1 / sqrt(units). */
export function declareGates(
  plan: ParameterPlan,
  name: string,
  inputs: number,
  units: number,
  gates: number,
  bias: (gate: number) => number,
): Gates {
  const start = uniform(1 / Math.sqrt(units))
  const columns = gates * units
  const shape = { columns, columnGroups: gates }
  return {
    inputs,
    units,
    width: padded(units),
    fromInput: plan.add({ name: `${name}.input`, rows: inputs, ...shape, decays: true, start }),
    fromState: plan.add({ name: `${name}.state`, rows: units, ...shape, decays: true, start }),
    bias: plan.add({
      name: `${name}.bias`,
      ...shape,
      decays: false,
      start: (_random, _row, column) => bias(Math.floor(column / units)),
    }),
  }
}

/** The states of all steps, behind one another, the state before first; and the result, which is a view of them. */
export function layStates(tape: Tape, { units, width }: Gates, { steps, batch, every }: SequenceShape) {
  const states = tape.floats((steps + 1) * batch * width)
  const wanted = tape.mode.learns || tape.mode.asksInput
  const rows = every ? steps * batch : batch
  const at = states + ((steps + 1) * batch - rows) * width * Float32Array.BYTES_PER_ELEMENT
  const y: Value = { rows, columns: units, width, at, gradient: wanted ? tape.floats(rows * width) : 0 }
  const after = states + steps * batch * width * Float32Array.BYTES_PER_ELEMENT
  const carried: Carried = { before: states, after, units }
  return { states, y, carried }
}
