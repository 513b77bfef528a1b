import type { Matrix } from '../../base/matrix.ts'
import type { Random } from '../../base/random.ts'
import { type Tree, TreeBuilder } from '../tree.ts'
import { averagePath } from './average.ts'

/** Grows isolation trees over the rows of one table. What it works in is as large as a sample, and a number for each row. */
export class IsolationGrower {
  readonly #table: Matrix
  readonly #sample: number
  readonly #deepest: number
  readonly #random: Random
  readonly #order: Uint32Array
  readonly #values: Float32Array
  readonly #index: Int32Array
  readonly #scratch: Int32Array
  readonly #columns: Int32Array
  #low = 0
  #high = 0

  constructor(table: Matrix, sample: number, random: Random) {
    this.#table = table
    this.#sample = sample
    this.#deepest = Math.ceil(Math.log2(Math.max(2, sample)))
    this.#random = random
    this.#order = new Uint32Array(table.rows)
    for (let row = 0; row < table.rows; row++) this.#order[row] = row
    this.#values = new Float32Array(sample * table.columns)
    this.#index = new Int32Array(sample)
    this.#scratch = new Int32Array(sample)
    this.#columns = Int32Array.from({ length: table.columns }, (_, column) => column)
  }

  /** A tree over a sample of its own, drawn without putting back. */
  grow(): Tree {
    const { rows, columns, data } = this.#table
    for (let i = 0; i < this.#sample; i++) {
      const other = i + this.#random.below(rows - i)
      const row = this.#order[other]!
      this.#order[other] = this.#order[i]!
      this.#order[i] = row
      // Column after column, so that a split's search reads on.
      for (let column = 0; column < columns; column++)
        this.#values[column * this.#sample + i] = data[row * columns + column]!
      this.#index[i] = i
    }
    const tree = new TreeBuilder()
    this.#node(tree, 0, this.#sample, 0)
    return tree.build()
  }

  #node(tree: TreeBuilder, from: number, to: number, depth: number): number {
    const rows = to - from
    const node = tree.leaf(depth + averagePath(rows), rows)
    if (depth >= this.#deepest || rows <= 1) return node
    const column = this.#chooseColumn(from, to)
    if (column < 0) return node
    const threshold = this.#chooseThreshold()
    const { middle, missingLeft } = this.#partition(from, to, column, threshold)
    tree.split(node, column, threshold, missingLeft, 0)
    tree.left[node] = this.#node(tree, from, middle, depth + 1)
    tree.right[node] = this.#node(tree, middle, to, depth + 1)
    return node
  }

  /** A column drawn from those that differ among the rows, whose range is then known; -1 where none does. */
  #chooseColumn(from: number, to: number): number {
    const columns = this.#columns
    for (let left = columns.length; left > 0; left--) {
      const drawn = this.#random.below(left)
      const column = columns[drawn]!
      columns[drawn] = columns[left - 1]!
      columns[left - 1] = column
      this.#measure(from, to, column)
      if (this.#low < this.#high) return column
    }
    return -1
  }

  #measure(from: number, to: number, column: number): void {
    const start = column * this.#sample
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (let i = from; i < to; i++) {
      const value = this.#values[start + this.#index[i]!]!
      if (value < low) low = value
      if (value > high) high = value
    }
    this.#low = low
    this.#high = high
  }

  /** Between the least value and the greatest, so that each side gets one at least. */
  #chooseThreshold(): number {
    const threshold = Math.fround(this.#low + this.#random.next() * (this.#high - this.#low))
    return threshold > this.#low && threshold <= this.#high ? threshold : this.#high
  }

  /** What is missing goes where most rows go, so that it makes no row stand out. */
  #partition(from: number, to: number, column: number, threshold: number): { middle: number; missingLeft: boolean } {
    let missing = 0
    const start = column * this.#sample
    const middle = this.#move(from, to, row => {
      const value = this.#values[start + row]!
      missing += Number(Number.isNaN(value))
      return Number(value < threshold)
    })
    const missingLeft = middle - from > to - middle - missing
    if (!missingLeft || missing === 0) return { middle, missingLeft }
    return { middle: this.#move(middle, to, row => Number(Number.isNaN(this.#values[start + row]!))), missingLeft }
  }

  /** Puts rows in front for which `goes` says 1, all in their order, without a branch that nobody can foresee. */
  #move(from: number, to: number, goes: (row: number) => number): number {
    let middle = from
    let others = 0
    for (let i = from; i < to; i++) {
      const row = this.#index[i]!
      const went = goes(row)
      this.#index[middle] = row
      this.#scratch[others] = row
      middle += went
      others += 1 - went
    }
    for (let i = 0; i < others; i++) this.#index[middle + i] = this.#scratch[i]!
    return middle
  }
}
