import type { Layout, Network, Recorded } from '../network.ts'
import { Dense } from '../ops/dense.ts'
import { addTable } from '../ops/rows.ts'
import { type Parameter, ParameterPlan } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'
import { EncoderLayer, type EncoderShape, positions } from './encoder.ts'

/** A Transformer encoder over windows of `steps` rows of `features` numbers. */
export interface TransformerShape extends EncoderShape {
  readonly steps: number
  readonly features: number
  readonly layers: number
}

/** What both have in common: the dense layer `in`, positions, and layers `encoder0` and so on. */
class Body {
  readonly #in: Dense
  readonly #positions: Parameter
  readonly #layers: readonly EncoderLayer[]
  readonly #steps: number

  constructor(plan: ParameterPlan, shape: TransformerShape) {
    this.#steps = shape.steps
    this.#in = new Dense(plan, 'in', { inputs: shape.features, outputs: shape.width }, 'none')
    this.#positions = positions(plan, shape.steps, shape.width)
    this.#layers = Array.from({ length: shape.layers }, (_, i) => new EncoderLayer(plan, `encoder${i}`, shape))
  }

  /** @param lastOnly whether a row for each sample, its last step's, is all that is asked for */
  record(tape: Tape, x: Value, batch: number, lastOnly: boolean): Value {
    let y = addTable(tape, this.#in.record(tape, x), this.#positions, this.#steps)
    for (const [i, layer] of this.#layers.entries()) {
      const ends = lastOnly && i === this.#layers.length - 1
      y = ends ? layer.recordLast(tape, y, batch, this.#steps) : layer.record(tape, y, batch, this.#steps)
    }
    return y
  }
}

/** From a window, the `horizon` rows behind it: the last step's row through the dense layer `out`. */
export class TransformerForecaster implements Network {
  readonly plan = new ParameterPlan()
  readonly input: Layout
  readonly output: Layout
  readonly #body: Body
  readonly #out: Dense

  constructor(shape: TransformerShape, horizon: number) {
    const { steps, features, width } = shape
    this.input = { steps, columns: features, timeFirst: false }
    this.output = { steps: 1, columns: horizon * features, timeFirst: false }
    this.#body = new Body(this.plan, shape)
    this.#out = new Dense(this.plan, 'out', { inputs: width, outputs: horizon * features }, 'none')
  }

  record(tape: Tape, x: Value, batch: number): Recorded {
    return { y: this.#out.record(tape, this.#body.record(tape, x, batch, true)), carried: [] }
  }
}

/** From a window, the window, each step through a code that is narrower than its row: `code` (tanh), and `out`. */
export class TransformerReconstructor implements Network {
  readonly plan = new ParameterPlan()
  readonly input: Layout
  readonly output: Layout
  readonly #body: Body
  readonly #code: Dense
  readonly #out: Dense

  constructor(shape: TransformerShape, code: number) {
    const { steps, features, width } = shape
    this.input = { steps, columns: features, timeFirst: false }
    this.output = this.input
    this.#body = new Body(this.plan, shape)
    this.#code = new Dense(this.plan, 'code', { inputs: width, outputs: code }, 'tanh')
    this.#out = new Dense(this.plan, 'out', { inputs: code, outputs: features }, 'none')
  }

  record(tape: Tape, x: Value, batch: number): Recorded {
    const code = this.#code.record(tape, this.#body.record(tape, x, batch, false))
    return { y: this.#out.record(tape, code), carried: [] }
  }
}
