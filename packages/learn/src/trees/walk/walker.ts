import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import type { Arena } from '../../kernels/arena.ts'
import { checkWidth } from '../check.ts'
import { type TreeKernels, treeKernels } from '../kernel.ts'
import { roomFor } from '../room.ts'
import type { Tree } from '../tree.ts'
import { ABREAST, FEATURE, type Packed, pack, packedBytes } from './pack.ts'

/** So many bytes of rows are walked at a time. */
const SLICE = 65_536

/**
 * Walks trees: for each output the sum of the leaves that a row comes to, in single precision and in the trees' order. Takes a fixed memory of its own.
 * `row` is to be written to before a row is walked; nothing is allocated then.
 */
export class Walker {
  readonly columns: number
  readonly outputs: number
  /** What is walked by `sum` and `paths`: NaN where a value is missing. */
  readonly row: Float32Array
  readonly #arena: Arena
  readonly #kernels: TreeKernels
  readonly #packed: Packed
  readonly #mirrored: number
  /** Bytes of eight rows, as the kernels walk them. */
  readonly #eightSize: number
  readonly #row: number
  /** The row again, as the kernels walk it. */
  readonly #spread: number
  readonly #slice: number
  readonly #eights: number
  readonly #sliceRows: number
  readonly #sums: number
  readonly #moves: number

  /** @param groups the trees of each output; they are checked (`checkTree`) */
  constructor(groups: readonly (readonly Tree[])[], columns: number) {
    const stride = columns * 4
    this.columns = columns
    this.outputs = groups.length
    this.#sliceRows = Math.max(1, Math.floor(SLICE / stride / ABREAST)) * ABREAST
    this.#arena = roomFor(packedBytes(groups) + this.#sliceRows * (3 * stride + 4) + columns * (2 * FEATURE + 20) + 192)
    this.#kernels = treeKernels(this.#arena.memory)
    this.#packed = pack(groups, columns, this.#arena)
    this.#mirrored = Number(this.#packed.mirrored)
    this.#eightSize = columns * FEATURE * (1 + this.#mirrored)
    this.#row = this.#arena.zeros(stride)
    this.#spread = this.#arena.zeros(this.#eightSize)
    this.#slice = this.#arena.alloc(this.#sliceRows * stride)
    this.#eights = this.#arena.alloc((this.#sliceRows / ABREAST) * this.#eightSize)
    this.#sums = this.#arena.alloc(this.#sliceRows * 4)
    this.#moves = this.#arena.alloc(columns * 16)
    this.row = this.#arena.floats(this.#row, columns)
  }

  /** How much memory it has. */
  get bytes(): number {
    return this.#arena.u8.length
  }

  /** Copies a row in. Error: `table_width`. */
  set(row: ArrayLike<number>): void {
    checkWidth(row.length, this.columns)
    this.row.set(row)
  }

  /** The sum of an output's leaves for `row`, and of what is given. */
  sum(output: number, sum: number): number {
    const { roots, eightDepths, eights } = this.#packed.groups[output]!
    this.#kernels.spread(this.#row, this.columns, this.#mirrored, this.#spread)
    return this.#kernels.walkRow(this.#spread, roots, eightDepths, eights, sum)
  }

  /** The same for each row of a table, into `out`: row after row, each with all its outputs. Error: `table_width`. */
  sums(table: Matrix, sum: number, out: Float32Array): void {
    checkWidth(table.columns, this.columns)
    if (out.length !== table.rows * this.outputs)
      throw new LearnError('table_width', `room for ${out.length} numbers, of ${table.rows} rows x ${this.outputs}`)
    for (let first = 0; first < table.rows; first += this.#sliceRows) {
      const rows = Math.min(this.#sliceRows, table.rows - first)
      const values = table.data.subarray(first * this.columns, (first + rows) * this.columns)
      this.#arena.f32.set(values, this.#slice / 4)
      this.#kernels.layOut(this.#slice, Math.ceil(rows / ABREAST), this.columns, this.#mirrored, this.#eights)
      for (let output = 0; output < this.outputs; output++) {
        this.#walkSlice(rows, output, sum)
        const sums = this.#arena.floats(this.#sums, rows)
        if (this.outputs === 1) out.set(sums, first)
        else for (let i = 0; i < rows; i++) out[(first + i) * this.outputs + output] = sums[i]!
      }
    }
  }

  /** By how much each column moves an output's sum for `row`, from the trees' means on (Saabas): a number a column, into `out`. Error: `option_wrong` where there is no such output. */
  paths(output: number, out: Float64Array): void {
    if (!(Number.isInteger(output) && output >= 0 && output < this.outputs))
      throw new LearnError('option_wrong', `output ${output} of ${this.outputs}`)
    const { roots, trees } = this.#packed.groups[output]!
    const { columns } = this
    const moves = this.#arena.f64.subarray(this.#moves / 8, this.#moves / 8 + 2 * columns)
    moves.fill(0)
    this.#kernels.spread(this.#row, columns, this.#mirrored, this.#spread)
    this.#kernels.paths(this.#spread, roots, trees, this.#moves)
    for (let column = 0; column < columns; column++) out[column] = moves[column]! + moves[columns + column]!
  }

  #walkSlice(rows: number, output: number, sum: number): void {
    const { tops, depths, trees } = this.#packed.groups[output]!
    const eights = Math.ceil(rows / ABREAST)
    this.#arena.f32.fill(sum, this.#sums / 4, this.#sums / 4 + eights * ABREAST)
    this.#kernels.walkRows(this.#eights, eights, this.#eightSize, tops, depths, trees, this.#sums)
  }
}

/** Scores one row after the other without allocating. */
export interface Scorer {
  /** The row that `score` is of, to be written to: NaN where a value is missing. */
  readonly row: Float32Array
  /** What `score` found, a number an output. */
  readonly outputs: Float32Array
  /**
   * An isolation forest's score; of two classes the probability of the second; of several the number of the likeliest; a regression's value.
   */
  score(): number
}
