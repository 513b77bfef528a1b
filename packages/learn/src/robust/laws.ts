import { LearnError } from '../base/error.ts'
import type { LinearRule, Reach } from './rules.ts'

/** Of the weighed unit of the column that counts most in a law, by how much a row may be beside it. */
const SLACK = 1e-6
/** Of a value, what a cell in single precision may be beside it, twice over: as it is and as it was. */
const SINGLE = 2 ** -23

/** A law over the columns that it weighs, told so that neither its own unit nor those of the columns matter. */
export class Law {
  readonly #columns: readonly number[]
  /** One for each of these columns; the largest is 1. */
  readonly #weights: readonly number[]
  readonly #most: number | undefined

  /** @param what how the law is called in an error. Error: `feasible_invalid`: no weight a column, or nothing but 0. */
  constructor({ weights, most }: LinearRule, columns: number, what: string) {
    const largest = weights.reduce((high, weight) => Math.max(high, Math.abs(weight)), 0)
    if (weights.length !== columns || !weights.every(Number.isFinite) || !Number.isFinite(most ?? 0) || largest === 0)
      throw new LearnError('feasible_invalid', `${what} is no law over ${columns} columns`)
    this.#columns = Array.from(weights.keys()).filter(column => weights[column] !== 0)
    this.#weights = this.#columns.map(column => weights[column] / largest)
    this.#most = most === undefined ? undefined : most / largest
  }

  /** Whether the row keeps the law, or breaks it no more than before, as well as single precision can tell. */
  isKept(row: ArrayLike<number>, from: ArrayLike<number>, { epsilon, scale }: Reach): boolean {
    let [unit, size] = [0, 0]
    for (const [i, column] of this.#columns.entries()) {
      const weight = Math.abs(this.#weights[i])
      unit = Math.max(unit, weight * (scale?.[column] ?? 1))
      size += weight * Math.max(Math.abs(row[column]), Math.abs(from[column]))
    }
    const excess = Math.abs(this.#excess(row, from))
    // Of a row in which something is missing that is weighed, a law says nothing.
    return Number.isNaN(excess) || excess <= SLACK * Math.min(1, epsilon) * unit + SINGLE * size
  }

  /**
   * Moves a row onto the law, if it breaks it: each column by its unit and weight, and those that come to an end of what they reach no farther.
   * @param moving which columns may be moved
   */
  pull(
    row: Float32Array | Float64Array,
    from: ArrayLike<number>,
    { scale }: Reach,
    moving: (column: number) => boolean,
    range: (column: number) => readonly [least: number, most: number],
  ): void {
    let open = Array.from(this.#columns.keys()).filter(i => moving(this.#columns[i]))
    for (let off = this.#excess(row, from); off !== 0 && open.length > 0 && !Number.isNaN(off); ) {
      const unit = (i: number): number => scale?.[this.#columns[i]] ?? 1
      const square = open.reduce((sum, i) => sum + (this.#weights[i] * unit(i)) ** 2, 0)
      if (square === 0) return
      const inside: number[] = []
      for (const i of open) {
        const column = this.#columns[i]
        const [low, high] = range(column)
        const wished = row[column] - (off * this.#weights[i] * unit(i) ** 2) / square
        row[column] = Math.min(high, Math.max(low, wished))
        if (wished >= low && wished <= high) inside.push(i)
      }
      if (inside.length === open.length) return
      open = inside
      off = this.#excess(row, from)
    }
  }

  /** By how much a row breaks the law beyond what it broke it by before; NaN where something that is weighed is missing. */
  #excess(row: ArrayLike<number>, from: ArrayLike<number>): number {
    let [sum, before] = [0, 0]
    for (const [i, column] of this.#columns.entries()) {
      sum += this.#weights[i] * row[column]
      before += this.#weights[i] * from[column]
    }
    if (Number.isNaN(before)) return Number.NaN
    return this.#most === undefined ? sum - before : Math.max(0, sum - Math.max(this.#most, before))
  }
}
