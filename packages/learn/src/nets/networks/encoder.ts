import { attend, attendOnce } from '../ops/attention.ts'
import { Dense } from '../ops/dense.ts'
import { dropout } from '../ops/dropout.ts'
import { LayerNorm } from '../ops/norm.ts'
import { last } from '../ops/rows.ts'
import type { Parameter, ParameterPlan } from '../parameters.ts'
import type { Tape, Value } from '../tape.ts'

/** The widths of a Transformer encoder's layer. */
export interface EncoderShape {
  /** Numbers a step. */
  readonly width: number
  readonly heads: number
  /** Hidden numbers of the feed-forward part. */
  readonly feedForward: number
  readonly dropout: number
}

/**
 * A layer of a Transformer encoder, norms behind the sums as in the original: y = norm1(x + attention(x)), norm2(y + feed-forward(y)), which is PyTorch's
 * TransformerEncoderLayer. Tensors: `NAME.attention.in` (queries, keys and values side by side, PyTorch's in_proj transposed), `NAME.attention.out`, `NAME.norm1`,
 * `NAME.forward1` (ReLU), `NAME.forward2`, `NAME.norm2`.
 */
export class EncoderLayer {
  readonly #shape: EncoderShape
  readonly #in: Dense
  readonly #out: Dense
  readonly #norm1: LayerNorm
  readonly #forward1: Dense
  readonly #forward2: Dense
  readonly #norm2: LayerNorm

  constructor(plan: ParameterPlan, name: string, shape: EncoderShape) {
    const { width, heads, feedForward } = shape
    this.#shape = shape
    const joined = { inputs: width, outputs: 3 * width, outputGroups: 3 * heads }
    this.#in = new Dense(plan, `${name}.attention.in`, joined, 'none')
    this.#out = new Dense(plan, `${name}.attention.out`, { inputs: width, inputGroups: heads, outputs: width }, 'none')
    this.#norm1 = new LayerNorm(plan, `${name}.norm1`, width)
    this.#forward1 = new Dense(plan, `${name}.forward1`, { inputs: width, outputs: feedForward }, 'relu')
    this.#forward2 = new Dense(plan, `${name}.forward2`, { inputs: feedForward, outputs: width }, 'none')
    this.#norm2 = new LayerNorm(plan, `${name}.norm2`, width)
  }

  /** @param x row i * steps + t is step t of sample i */
  record(tape: Tape, x: Value, batch: number, steps: number): Value {
    const { heads } = this.#shape
    return this.#behind(tape, attend(tape, this.#in.record(tape, x), { batch, steps, heads }), x)
  }

  /** What comes out at the last step alone, a row a sample: the other steps' queries, and all that would follow of them, are not worked out. */
  recordLast(tape: Tape, x: Value, batch: number, steps: number): Value {
    const { heads } = this.#shape
    const end = last(tape, x, steps)
    const q = this.#in.recordGroups(tape, end, 0, heads)
    const kv = this.#in.recordGroups(tape, x, heads, 3 * heads)
    return this.#behind(tape, attendOnce(tape, q, kv, { batch, steps, heads }), end)
  }

  #behind(tape: Tape, heads: Value, x: Value): Value {
    const { dropout: rate } = this.#shape
    const middle = this.#norm1.record(tape, dropout(tape, this.#out.record(tape, heads), rate), x)
    const hidden = dropout(tape, this.#forward1.record(tape, middle), rate)
    return this.#norm2.record(tape, dropout(tape, this.#forward2.record(tape, hidden), rate), middle)
  }
}

/** The table of sines and cosines by which steps are told apart (Vaswani et al. 2017, 3.5). It is kept with the weights and never learned. */
export function positions(plan: ParameterPlan, steps: number, width: number): Parameter {
  return plan.add({
    name: 'positions',
    rows: steps,
    columns: width,
    decays: false,
    start: (_random, step, column) => {
      const angle = step / 10_000 ** ((2 * Math.floor(column / 2)) / width)
      return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
    },
  })
}
