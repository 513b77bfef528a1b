import type { Random } from '../../base/random.ts'
import type { Arena } from '../../kernels/arena.ts'
import type { Binned } from '../bins/bins.ts'
import { BINS } from '../bins/cuts.ts'
import type { TreeKernels } from '../kernel.ts'
import { TreeBuilder } from '../tree.ts'
import type { ForestSettings } from './options.ts'
import type { ForestRows } from './rows.ts'

/** No bin has this number. */
const NONE = 256

/** How a forest judges a node: its score (the greater, the purer), and what it is at most. */
export interface Judge {
  readonly entropy: boolean
  /** The score of a record's rows in one node. */
  score(record: Float64Array): number
  /** Whether there is nothing more to tell apart, of a node with that score. */
  isPure(record: Float64Array, score: number): boolean
  /** What the children of such a node must score above. */
  least(score: number): number
}

/** A tree with its leaves' sums. */
export interface Grown {
  readonly tree: TreeBuilder
  /** A record a node: a sum each, the weight, the number of rows. */
  readonly records: readonly Float64Array[]
}

export function forestGrowBytes(rows: number, record: number): number {
  return rows * 8 + BINS * (record + 1) + 3 * record + 160
}

/** Grows the trees of random forests over bins, column after column. What is missing lies behind all values. */
export class ForestGrower {
  readonly #arena: Arena
  readonly #kernels: TreeKernels
  readonly #binned: Binned
  readonly #rows: ForestRows
  readonly #settings: ForestSettings
  readonly #judge: Judge
  readonly #random: Random
  readonly #columns: Int32Array
  readonly #index: number
  readonly #scratch: number
  readonly #hist: number
  readonly #seen: number
  readonly #left: number
  readonly #all: number
  readonly #out: number
  readonly #spread: number

  constructor(
    count: number,
    binned: Binned,
    rows: ForestRows,
    settings: ForestSettings,
    judge: Judge,
    random: Random,
    arena: Arena,
    kernels: TreeKernels,
  ) {
    const { record } = rows
    this.#arena = arena
    this.#kernels = kernels
    this.#binned = binned
    this.#rows = rows
    this.#settings = settings
    this.#judge = judge
    this.#random = random
    this.#columns = Int32Array.from(binned.cuts, (_, column) => column)
    this.#index = arena.alloc(count * 4)
    this.#scratch = arena.alloc(count * 4)
    this.#hist = arena.zeros(BINS * record)
    this.#seen = arena.zeros(BINS)
    this.#left = arena.zeros(record)
    this.#all = arena.alloc(record)
    this.#out = arena.alloc(record + 8)
    this.#spread = arena.alloc(4)
  }

  /** Grows a tree over the rows that were drawn. */
  grow(counts: Int32Array): Grown {
    this.#rows.draw(counts)
    const index = this.#arena.i32
    let drawn = 0
    for (const [row, count] of counts.entries()) if (count > 0) index[this.#index / 4 + drawn++] = row
    const record = this.#rows.total(index.subarray(this.#index / 4, this.#index / 4 + drawn))
    const grown = { tree: new TreeBuilder(), records: [] }
    this.#node(grown, 0, drawn, 0, record)
    return grown
  }

  #node(
    grown: { tree: TreeBuilder; records: Float64Array[] },
    from: number,
    to: number,
    depth: number,
    all: Float64Array,
  ): number {
    const { tree, records } = grown
    const node = tree.leaf(0, all[this.#rows.sums]!)
    records.push(all)
    const { maxDepth, minSplit, minLeaf } = this.#settings
    const own = this.#judge.score(all)
    if (depth >= maxDepth || to - from < Math.max(minSplit, 2 * minLeaf)) return node
    if (this.#judge.isPure(all, own)) return node
    const best = this.#search(from, to, all, own)
    if (best === null) return node
    const { column, bin, gain } = best
    const words = this.#out / 8
    const left = this.#arena.f64.slice(words, words + all.length)
    const { at, rowStride, columnStride, cuts } = this.#binned
    const [index, bins] = [this.#index + from * 4, at + column * columnStride]
    const count = this.#kernels.partition(index, to - from, bins, rowStride, bin, NONE, this.#scratch)
    tree.split(node, column, cuts[column]!.cuts[bin]!, false, gain)
    tree.left[node] = this.#node(grown, from, from + count, depth + 1, left)
    tree.right[node] = this.#node(
      grown,
      from + count,
      to,
      depth + 1,
      all.map((sum, i) => sum - left[i]!),
    )
    return node
  }

  /** The best cut among columns that are drawn until so many were looked at and one of them differs among the rows; the left record lies in `#out`. */
  #search(
    from: number,
    to: number,
    all: Float64Array,
    own: number,
  ): { column: number; bin: number; gain: number } | null {
    const { f64, i32 } = this.#arena
    const { at, columnStride } = this.#binned
    const { minLeaf, maxFeatures } = this.#settings
    const { record } = this.#rows
    f64.set(all, this.#all / 8)
    const columns = this.#columns
    let [best, column, bin] = [this.#judge.least(own), -1, 0]
    let differs = false
    for (let left = columns.length; left > 0; left--) {
      if (differs && columns.length - left >= maxFeatures) break
      const drawn = this.#random.below(left)
      const asked = columns[drawn]!
      columns[drawn] = columns[left - 1]!
      columns[left - 1] = asked
      const score = this.#kernels.forestSplit(
        this.#hist,
        this.#seen,
        this.#left,
        record,
        this.#index + from * 4,
        to - from,
        at + asked * columnStride,
        this.#rows.at,
        this.#all,
        minLeaf,
        Number(this.#judge.entropy),
        best,
        this.#out,
        this.#spread,
      )
      differs ||= i32[this.#spread / 4]! > 1
      if (score <= best) continue
      best = score
      column = asked
      bin = f64[(this.#out + record) / 8]!
    }
    return column < 0 ? null : { column, bin, gain: best - own }
  }
}
