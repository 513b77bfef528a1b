import type { Matrix } from '../../../packages/learn/src/index.ts'
import type { ColumnRule } from '../../../packages/learn/src/robust/index.ts'

const SELF = (value: number): number => value
/** Of a step: what single precision takes from a value that lies on an end. */
const SLACK = 1e-4
const CLOSE = 1e-6

/** What a sender can make of each row: a box of whole steps by row and column. Written apart from `Feasible`, so that a mistake in one shows in the other. */
export class Box {
  readonly rows: Matrix
  /** Columns that move. */
  readonly free: readonly number[]
  readonly #rules: readonly ColumnRule[]
  readonly #epsilon: number

  /** @param epsilon how far a column moves at most, up and down; infinite: between its ends */
  constructor(rows: Matrix, rules: readonly ColumnRule[], epsilon: number) {
    this.rows = rows
    this.free = [...rules.keys()].filter(column => rules[column]!.fixed !== true)
    this.#rules = rules
    this.#epsilon = epsilon
  }

  /** The row's own value of a column. */
  from(row: number, column: number): number {
    return this.rows.data[row * this.rows.columns + column]!
  }

  /** The ends of a column, without regard to steps. */
  ends(row: number, column: number): readonly [low: number, high: number] {
    const own = this.from(row, column)
    if (this.#rules[column]!.fixed === true) return [own, own]
    const { least = -Infinity, most = Infinity } = this.#rules[column]!
    return [Math.max(own - this.#epsilon, Math.min(own, least)), Math.min(own + this.#epsilon, Math.max(own, most))]
  }

  /** The value of a column that can be sent and is nearest to a wanted one. */
  nearest(row: number, column: number, wanted: number): number {
    const { step, own = { from: SELF, to: SELF } } = this.#rules[column]!
    const [low, high] = this.ends(row, column)
    const held = Math.min(high, Math.max(low, wanted))
    if (step === undefined) return held
    const value = this.from(row, column)
    const begin = own.from(value)
    const steps = (at: number): number => (own.from(at) - begin) / step
    const fewest = Math.ceil(steps(low) - SLACK)
    const most = Math.floor(steps(high) + SLACK)
    const taken = Math.min(most, Math.max(fewest, Math.round(steps(held))))
    return taken === 0 ? value : Math.min(high, Math.max(low, own.to(begin + taken * step)))
  }

  /**
   * Whether a row can be made of the box's: on whole steps (as far as single precision holds them), and between ends that are told otherwise than here.
   * @param ends of a column
   */
  allows(
    row: number,
    made: ArrayLike<number>,
    ends: (column: number) => readonly [low: number, high: number],
  ): boolean {
    for (let column = 0; column < this.rows.columns; column++) {
      const value = made[column]!
      const slack = CLOSE * Math.max(1, Math.abs(value))
      const [low, high] = ends(column)
      if (!(value >= low - slack && value <= high + slack)) return false
      if (Math.abs(this.nearest(row, column, value) - value) > slack) return false
    }
    return true
  }

  /** Rows that can be sent, nearest to wanted ones; `which` rows of the box they belong to. */
  settled(wanted: ArrayLike<number>, which: readonly number[]): Float32Array {
    const { columns, data } = this.rows
    const out = new Float32Array(which.length * columns)
    for (const [at, row] of which.entries()) {
      out.set(data.subarray(row * columns, (row + 1) * columns), at * columns)
      for (const column of this.free) {
        const want = wanted[at * columns + column]!
        if (want !== out[at * columns + column]) out[at * columns + column] = this.nearest(row, column, want)
      }
    }
    return out
  }
}
