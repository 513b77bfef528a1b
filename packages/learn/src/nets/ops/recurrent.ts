import { padded } from '../kernels.ts'
import { type Parameter, type ParameterPlan, uniform } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

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

/**
 * Lays out what a GRU and an LSTM have in common, and says that the layer takes x: the states of all steps, behind one another and the state before first, of which
 * the result is a view; the gates of all steps; where parameters and their gradients lie; and room for the way back.
 */
export function layOut(tape: Tape, gates: Gates, count: number, x: Value, { steps, batch, every }: SequenceShape) {
  const { units, width } = gates
  const { learns, asksInput, carries } = tape.mode
  const wanted = learns || asksInput
  const block = batch * width
  const states = tape.floats((steps + 1) * block)
  const rows = every ? steps * batch : batch
  const after = states + steps * block * FLOAT
  const at = every ? states + block * FLOAT : after
  const y: Value = { rows, columns: units, width, at, gradient: wanted ? tape.floats(rows * width) : 0 }
  const carried: Carried = { before: states, after, units }
  return {
    states,
    y,
    carried,
    g: tape.floats(steps * block * count),
    wx: tape.parameter(gates.fromInput),
    wh: tape.parameter(gates.fromState),
    b: tape.parameter(gates.bias),
    dwx: tape.gradient(gates.fromInput),
    dwh: tape.gradient(gates.fromState),
    db: tape.gradient(gates.bias),
    link: tape.take(x),
    dh: wanted ? tape.floats(block) : 0,
    transposed: wanted ? tape.floats(count * width * Math.max(width, x.width)) : 0,
    /** As kernels are told. */
    all: every ? 1 : 0,
    fresh: carries ? 0 : 1,
  }
}
