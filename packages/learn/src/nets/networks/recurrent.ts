import type { Layout, Network, Recorded } from '../network.ts'
import { Dense } from '../ops/dense.ts'
import { dropout } from '../ops/dropout.ts'
import { Gru } from '../ops/gru.ts'
import { Lstm } from '../ops/lstm.ts'
import type { Carried } from '../ops/recurrent.ts'
import { repeat } from '../ops/rows.ts'
import { ParameterPlan } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

/** A recurrent net over windows of `steps` rows of `features` numbers. */
export interface RecurrentShape {
  readonly cell: 'gru' | 'lstm'
  readonly steps: number
  readonly features: number
  readonly units: number
  /** Recurrent layers on top of one another. */
  readonly layers: number
  /** The share that is dropped behind each recurrent layer in training. */
  readonly dropout: number
}

const CELLS = { gru: Gru, lstm: Lstm }

/** From a window, the `horizon` rows behind it: recurrent layers `cell0` and so on, and the last state through the dense layer `out`. */
export class RecurrentForecaster implements Network {
  readonly plan = new ParameterPlan()
  readonly input: Layout
  readonly output: Layout
  readonly #cells: readonly (Gru | Lstm)[]
  readonly #out: Dense
  readonly #dropout: number

  constructor({ cell, steps, features, units, layers, dropout: rate }: RecurrentShape, horizon: number) {
    this.input = { steps, columns: features, timeFirst: true }
    this.output = { steps: 1, columns: horizon * features, timeFirst: false }
    this.#dropout = rate
    this.#cells = Array.from(
      { length: layers },
      (_, i) => new CELLS[cell](this.plan, `cell${i}`, i === 0 ? features : units, units),
    )
    this.#out = new Dense(this.plan, 'out', { inputs: units, outputs: horizon * features }, 'none')
  }

  record(tape: Tape, x: Value, batch: number): Recorded {
    const carried: Carried[] = []
    let y = x
    for (const [i, cell] of this.#cells.entries()) {
      const every = i < this.#cells.length - 1
      const made = cell.record(tape, y, { steps: x.rows / batch, batch, every })
      carried.push(...made.carried)
      y = dropout(tape, made.y, this.#dropout)
    }
    return { y: this.#out.record(tape, y), carried }
  }
}

/**
 * From a window, the window, through a code that is too narrow for all of it: `encoder` reads the window, its last state goes through `code` (tanh), and `decoder`, which
 * is given the code at every step, writes it out again through `out`.
 */
export class RecurrentReconstructor implements Network {
  readonly plan = new ParameterPlan()
  readonly input: Layout
  readonly output: Layout
  readonly #encoder: Gru | Lstm
  readonly #code: Dense
  readonly #decoder: Gru | Lstm
  readonly #out: Dense
  readonly #dropout: number

  constructor({ cell, steps, features, units, dropout: rate }: RecurrentShape, code: number) {
    this.input = { steps, columns: features, timeFirst: true }
    this.output = this.input
    this.#dropout = rate
    this.#encoder = new CELLS[cell](this.plan, 'encoder', features, units)
    this.#code = new Dense(this.plan, 'code', { inputs: units, outputs: code }, 'tanh')
    this.#decoder = new CELLS[cell](this.plan, 'decoder', code, units)
    this.#out = new Dense(this.plan, 'out', { inputs: units, outputs: features }, 'none')
  }

  record(tape: Tape, x: Value, batch: number): Recorded {
    const { steps } = this.input
    const encoded = this.#encoder.record(tape, x, { steps, batch, every: false }).y
    const code = this.#code.record(tape, dropout(tape, encoded, this.#dropout))
    const decoded = this.#decoder.record(tape, repeat(tape, code, steps), { steps, batch, every: true }).y
    return { y: this.#out.record(tape, dropout(tape, decoded, this.#dropout)), carried: [] }
  }
}
