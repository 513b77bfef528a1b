import { type Matrix, rowOf } from '../base/matrix.ts'
import type { Random } from '../base/random.ts'
import { cutsBetween } from './cuts.ts'
import type { Feasible } from './feasible.ts'
import type { Reach } from './rules.ts'

/** What a search moves rows by. */
export interface MovesOptions extends Reach {
  readonly feasible: Feasible
  readonly cuts?: readonly Float32Array[]
  readonly sparsity: number
}

/** So often, where there are cuts, a value is put beside one of them; of other values so many are ends of what can be reached, and so many what the row had at first. */
const SHARES = { cut: 0.5, end: 0.5, back: 0.1 }
/** So often several columns are moved as in another row; and so often of the rest all columns may be. */
const DONOR = 0.3
const MANY = 0.2

/** Values that are tried in a column without cuts, beside its ends. */
const DRAWN = 3

/** Draws candidates for rows. What is drawn is yet to be brought to what is feasible. */
export class Moves {
  readonly #rows: Matrix
  readonly #labels: Int32Array
  readonly #options: MovesOptions
  readonly #random: Random
  /** Columns that can be moved. */
  readonly free: readonly number[]

  constructor(rows: Matrix, labels: Int32Array, options: MovesOptions, random: Random) {
    this.#rows = rows
    this.#labels = labels
    this.#options = options
    this.#random = random
    this.free = options.feasible.free
  }

  /** Puts most columns of a row at ends. */
  scatter(moving: Float32Array, row: number): void {
    for (const column of this.#some(moving, row, this.free.length)) moving[column] = this.#end(row, column)
  }

  /** Puts most columns of a row where they are in one of another class, if that is drawn: as near as can be. */
  mimic(moving: Float32Array, row: number): void {
    const other = this.#random.below(this.#rows.rows)
    if (this.#labels[other] === this.#labels[row]) return this.scatter(moving, row)
    const like = rowOf(this.#rows, other)
    for (const column of this.#some(moving, row, 2 * this.free.length)) moving[column] = like[column]
  }

  /** Moves some columns of a row. @param best all rows as they are now @param fallen those that are told wrongly */
  move(moving: Float32Array, row: number, best: Matrix, fallen: readonly number[]): void {
    const random = this.#random
    const [kind, donors] = [random.next(), fallen.length]
    const many = random.next() < MANY
    const count = many ? 1 + random.below(this.free.length) : 1 + random.below(3)
    if (kind < DONOR && donors > 0) {
      const donor = fallen[random.below(donors)]
      // What made another of its class fall may do so here; one of another class is where this one is to go.
      const like = this.#labels[donor] === this.#labels[row]
      const [made, was, own] = [rowOf(best, donor), rowOf(this.#rows, donor), rowOf(this.#rows, row)]
      for (const column of this.#some(moving, row, 1 + random.below(this.free.length)))
        moving[column] = like ? own[column] + made[column] - was[column] : made[column]
      return
    }
    for (const column of this.#some(moving, row, count)) moving[column] = this.#value(row, column)
  }

  /**
   * Values for one column of a row, in a drawn order: its ends, what it had at first and those beside each cut, so many at most; without cuts, some that are drawn. None where it may not be moved, too.
   */
  valuesOf(moving: Float32Array, row: number, column: number, most: number): Float32Array {
    const { feasible, cuts, sparsity } = this.#options
    const random = this.#random
    const original = rowOf(this.#rows, row)
    const moved = this.free.filter(each => each !== column && isMoved(moving[each], original[each]))
    if (moved.length >= sparsity) return new Float32Array(0)
    const from = original[column]
    const [low, high] = feasible.range(column, from, this.#options)
    const found = new Set([from, low, high].map(Math.fround))
    if (cuts === undefined) for (let k = 0; k < DRAWN; k++) found.add(Math.fround(low + random.next() * (high - low)))
    else
      for (const cut of cutsBetween(cuts[column], low, high))
        for (const side of ['above', 'below'] as const)
          found.add(feasible.beside(column, from, cut, side, this.#options) ?? from)
    return shuffled(Float32Array.from(found), random).subarray(0, most)
  }

  /** Columns to be moved: new ones where there may be more, else of those that have moved already. */
  #some(moving: Float32Array, row: number, count: number): number[] {
    const { sparsity } = this.#options
    const original = rowOf(this.#rows, row)
    const draw = (from: readonly number[]): number => from[this.#random.below(from.length)]
    if (sparsity >= this.free.length) return Array.from({ length: count }, () => draw(this.free))
    const moved = this.free.filter(column => isMoved(moving[column], original[column]))
    const chosen: number[] = []
    for (let k = 0; k < count; k++) {
      const column = draw(moved.length >= sparsity ? moved : this.free)
      if (column === undefined) continue
      chosen.push(column)
      if (!moved.includes(column)) moved.push(column)
    }
    return chosen
  }

  #value(row: number, column: number): number {
    const { feasible, cuts } = this.#options
    const random = this.#random
    const from = rowOf(this.#rows, row)[column]
    const [low, high] = feasible.range(column, from, this.#options)
    if (cuts !== undefined && random.next() < SHARES.cut) {
      const inside = cutsBetween(cuts[column], low, high)
      if (inside.length > 0) {
        const cut = inside[random.below(inside.length)]
        const side = random.next() < 0.5 ? 'above' : 'below'
        return feasible.beside(column, from, cut, side, this.#options) ?? from
      }
    }
    const kind = random.next()
    if (kind < SHARES.end) return this.#end(row, column)
    return kind < SHARES.end + SHARES.back ? from : low + random.next() * (high - low)
  }

  #end(row: number, column: number): number {
    const { feasible } = this.#options
    const [low, high] = feasible.range(column, rowOf(this.#rows, row)[column], this.#options)
    return this.#random.next() < 0.5 ? low : high
  }
}

/** What is missing stays so. */
const isMoved = (value: number, from: number): boolean => value !== from && !Number.isNaN(from)

/** Numbers in place, in a drawn order. */
export function shuffled<T extends { readonly length: number; [at: number]: number }>(numbers: T, random: Random): T {
  for (let i = numbers.length - 1; i > 0; i--) {
    const other = random.below(i + 1)
    const kept = numbers[i]
    numbers[i] = numbers[other]
    numbers[other] = kept
  }
  return numbers
}
