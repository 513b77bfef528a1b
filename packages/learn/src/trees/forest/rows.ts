import type { Arena } from '../../kernels/arena.ts'

/** Of a row, as `kernel/trees-forest.as` reads it. */
const ROW = 32

/** What rows say to a forest: to which of several sums each adds what, and how much it counts in a tree. */
export class ForestRows {
  /** Where they are. */
  readonly at: number
  /** One a class, or one. */
  readonly sums: number
  readonly #arena: Arena
  readonly #amounts: Float64Array
  readonly #weights: Float64Array

  /**
   * @param sumOf to which sum a row adds
   * @param amounts what it adds, once for each time that it is drawn
   * @param weights what it counts, as often
   */
  constructor(arena: Arena, sumOf: ArrayLike<number>, amounts: Float64Array, weights: Float64Array, sums: number) {
    this.at = arena.zeros(amounts.length * ROW)
    this.sums = sums
    this.#arena = arena
    this.#amounts = amounts
    this.#weights = weights
    for (let row = 0; row < amounts.length; row++) {
      arena.i32[(this.at + row * ROW) / 4 + 2] = sumOf[row]! * 8
      arena.f64[(this.at + row * ROW) / 8 + 3] = 1
    }
  }

  static bytes(rows: number): number {
    return rows * ROW + 16
  }

  /** Bytes of a record: all sums, the weight, and the number of rows. */
  get record(): number {
    return (this.sums + 2) * 8
  }

  /** Sets how often each row was drawn. */
  draw(counts: Int32Array): void {
    const { f64 } = this.#arena
    for (const [row, count] of counts.entries()) {
      const at = (this.at + row * ROW) / 8
      f64[at] = this.#amounts[row]! * count
      f64[at + 2] = this.#weights[row]! * count
    }
  }

  /** A record of so many rows of an index. */
  total(index: Int32Array): Float64Array {
    const { f64, i32 } = this.#arena
    const record = new Float64Array(this.sums + 2)
    for (const row of index) {
      const at = this.at + row * ROW
      record[i32[at / 4 + 2]! / 8]! += f64[at / 8]!
      record[this.sums]! += f64[at / 8 + 2]!
      record[this.sums + 1]!++
    }
    return record
  }
}
