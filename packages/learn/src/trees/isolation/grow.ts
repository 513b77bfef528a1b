import type { Matrix } from '../../base/matrix.ts'
import type { Random } from '../../base/random.ts'
import type { Arena } from '../../kernels/arena.ts'
import { type TreeKernels, treeKernels } from '../kernel.ts'
import { roomFor } from '../room.ts'
import { type Tree, TreeBuilder } from '../tree.ts'
import { averagePath } from './average.ts'

/** Grows isolation trees over the rows of one table. What it works in is as large as a sample, and a number for each row. */
export class IsolationGrower {
  readonly #table: Matrix
  readonly #sample: number
  readonly #deepest: number
  readonly #random: Random
  readonly #arena: Arena
  readonly #kernels: TreeKernels
  /** All rows; those in front are the sample. */
  readonly #order: Uint32Array
  readonly #columns: Int32Array
  /** The sample's values, column after column. */
  readonly #values: number
  readonly #index: number
  readonly #scratch: number
  readonly #out: number
  #low = 0
  #high = 0

  /** Error: `table_too_large`. */
  constructor(table: Matrix, sample: number, random: Random) {
    const { rows, columns } = table
    this.#table = table
    this.#sample = sample
    this.#deepest = Math.ceil(Math.log2(Math.max(2, sample)))
    this.#random = random
    this.#arena = roomFor(sample * 4 * (columns + 2) + 64)
    this.#kernels = treeKernels(this.#arena.memory)
    this.#values = this.#arena.alloc(sample * columns * 4)
    this.#index = this.#arena.alloc(sample * 4)
    this.#scratch = this.#arena.alloc(sample * 4)
    this.#out = this.#arena.alloc(8)
    this.#order = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) this.#order[row] = row
    this.#columns = Int32Array.from({ length: columns }, (_, column) => column)
  }

  /** A tree over a sample of its own, drawn without putting back. */
  grow(): Tree {
    const { rows, columns, data } = this.#table
    const { f32, i32 } = this.#arena
    const [sample, order, values, index] = [this.#sample, this.#order, this.#values / 4, this.#index / 4]
    for (let i = 0; i < sample; i++) {
      const other = i + this.#random.below(rows - i)
      const row = order[other]!
      order[other] = order[i]!
      order[i] = row
      for (let column = 0; column < columns; column++) f32[values + column * sample + i] = data[row * columns + column]!
      i32[index + i] = i
    }
    const tree = new TreeBuilder()
    this.#node(tree, 0, sample, 0)
    return tree.build()
  }

  #node(tree: TreeBuilder, from: number, to: number, depth: number): number {
    const rows = to - from
    const node = tree.leaf(depth + averagePath(rows), rows)
    if (depth >= this.#deepest || rows <= 1) return node
    const column = this.#chooseColumn(from, to)
    if (column < 0) return node
    const threshold = this.#chooseThreshold()
    const index = this.#index + from * 4
    const left = this.#kernels.divide(this.#valuesOf(column), index, rows, threshold, this.#scratch, this.#out)
    // Where the column differs, each side gets one row at least.
    const middle = from + left
    tree.split(node, column, threshold, this.#arena.i32[this.#out / 4] === 1, 0)
    tree.left[node] = this.#node(tree, from, middle, depth + 1)
    tree.right[node] = this.#node(tree, middle, to, depth + 1)
    return node
  }

  /** A column drawn from those that differ among the rows, whose range is then known; -1 where none does. */
  #chooseColumn(from: number, to: number): number {
    const { f32 } = this.#arena
    const columns = this.#columns
    for (let left = columns.length; left > 0; left--) {
      const drawn = this.#random.below(left)
      const column = columns[drawn]!
      columns[drawn] = columns[left - 1]!
      columns[left - 1] = column
      this.#kernels.range(this.#valuesOf(column), this.#index + from * 4, to - from, this.#out)
      this.#low = f32[this.#out / 4]!
      this.#high = f32[this.#out / 4 + 1]!
      if (this.#low < this.#high) return column
    }
    return -1
  }

  #valuesOf(column: number): number {
    return this.#values + column * this.#sample * 4
  }

  /** Between the least value and the greatest, so that each side gets one at least. */
  #chooseThreshold(): number {
    const threshold = Math.fround(this.#low + this.#random.next() * (this.#high - this.#low))
    return threshold > this.#low && threshold <= this.#high ? threshold : this.#high
  }
}
