import type { Random } from '../../base/random.ts'
import type { Arena } from '../../kernels/arena.ts'
import type { Binned } from '../bins/bins.ts'
import { BINS } from '../bins/cuts.ts'
import type { TreeKernels } from '../kernel.ts'
import { type Tree, TreeBuilder } from '../tree.ts'
import { Columns } from './columns.ts'
import type { Settings } from './options.ts'

/** {g, h} of a bin. */
const CELL = 16
/** XGBoost's: what gains less is no split. */
const LEAST_GAIN = 1e-6
const LEAST_WEIGHT = 1e-6
/** No bin has this number. */
const NONE = 256
/** Of `binned` in the kernel. */
const HAS_MISSING = 65_536

/** Part of the index that holds a node's rows: those drawn for the tree, and those that only get its values. */
interface Rows {
  readonly from: number
  readonly to: number
  readonly restFrom: number
  readonly restTo: number
}

/** A node that is to be split or left as it is. */
interface Node extends Rows {
  readonly depth: number
  readonly g: number
  readonly h: number
  /** Its histogram, or 0 where it cannot be split. */
  readonly hist: number
}

/** How much a grower takes of an arena. */
export function growBytes(rows: number, columns: number, maxDepth: number): number {
  return rows * 8 + columns * (BINS * CELL * maxDepth + 4 * maxDepth + 8) + 16 * (maxDepth + 8)
}

/** Grows trees by second-order gradients over histograms (Chen and Guestrin, KDD 2016, algorithms 1 to 3), each level as deep as the settings say. */
export class BoostGrower {
  readonly #arena: Arena
  readonly #kernels: TreeKernels
  readonly #binned: Binned
  readonly #settings: Settings
  readonly #random: Random
  readonly #columns: Columns
  readonly #rows: number
  readonly #index: number
  readonly #scratch: number
  readonly #counts: number
  readonly #hists: readonly number[]
  readonly #out: number

  constructor(rows: number, binned: Binned, settings: Settings, random: Random, arena: Arena, kernels: TreeKernels) {
    const columns = binned.cuts.length
    this.#arena = arena
    this.#kernels = kernels
    this.#binned = binned
    this.#settings = settings
    this.#random = random
    this.#rows = rows
    this.#index = arena.alloc(rows * 4)
    this.#scratch = arena.alloc(rows * 4)
    this.#counts = arena.alloc(columns * 4)
    for (const [j, { cuts, missing }] of binned.cuts.entries())
      arena.i32[this.#counts / 4 + j] = missing ? cuts.length + HAS_MISSING : cuts.length + 1
    // Of two siblings one takes its parent's histogram, and the other the one of its depth.
    this.#hists = Array.from({ length: settings.maxDepth }, () => arena.alloc(columns * BINS * CELL))
    this.#columns = new Columns(columns, settings, random, arena)
    this.#out = arena.alloc(32)
  }

  /** Grows a tree over {g, h} (f32 each, a pair a row), and adds what it says of each row to the margins. */
  grow(pairs: number, margins: number): Tree {
    const drawn = this.#drawRows()
    this.#columns.draw()
    this.#kernels.total(this.#index, drawn, pairs, this.#out)
    const [g, h] = [this.#arena.f64[this.#out / 8]!, this.#arena.f64[this.#out / 8 + 1]!]
    const rows = { from: 0, to: drawn, restFrom: drawn, restTo: this.#rows }
    const hist = this.#hists[0]!
    this.#fill(hist, rows, pairs)
    const tree = new TreeBuilder()
    this.#node(tree, { ...rows, depth: 0, g, h, hist }, pairs, margins)
    return tree.build()
  }

  /** Puts the rows that are drawn in front, and the others behind them; gives how many are drawn. */
  #drawRows(): number {
    const index = this.#arena.i32.subarray(this.#index / 4, this.#index / 4 + this.#rows)
    const { rowSample } = this.#settings
    if (rowSample === 1) {
      for (let row = 0; row < this.#rows; row++) index[row] = row
      return this.#rows
    }
    const others = this.#arena.i32.subarray(this.#scratch / 4, this.#scratch / 4 + this.#rows)
    let [drawn, left] = [0, 0]
    for (let row = 0; row < this.#rows; row++) {
      if (this.#random.next() < rowSample) index[drawn++] = row
      else others[left++] = row
    }
    index.set(others.subarray(0, left), drawn)
    return drawn
  }

  #node(tree: TreeBuilder, node: Node, pairs: number, margins: number): number {
    const { g, h, depth, hist } = node
    const { lambda, learningRate, minChildWeight } = this.#settings
    // As in XGBoost a leaf of less weight says nothing. Only a root can be one: of children a split sees to it.
    const says = h + lambda > 0 && (depth > 0 || h >= minChildWeight)
    const value = says ? Math.fround((-learningRate * this.#shrunk(g)) / (h + lambda)) : 0
    const at = tree.leaf(value, h)
    const parent = h + lambda > 0 ? this.#shrunk(g) ** 2 / (h + lambda) : 0
    const score = hist === 0 ? 0 : this.#search(node, parent)
    if (hist === 0 || score === null) {
      this.#addLeaf(node, value, margins)
      return at
    }
    const [gl, hl] = [this.#arena.f64[this.#out / 8]!, this.#arena.f64[this.#out / 8 + 1]!]
    const code = this.#arena.i32[this.#out / 4 + 4]!
    const [column, bin, missingLeft] = [code >> 9, (code >> 1) & 255, (code & 1) === 1]
    tree.split(at, column, this.#binned.cuts[column]!.cuts[bin]!, missingLeft, score - parent)
    const [left, right] = this.#partition(node, column, bin, missingLeft)
    const one = { ...left, depth: depth + 1, g: gl, h: hl }
    const other = { ...right, depth: depth + 1, g: g - gl, h: h - hl }
    const [oneHist, otherHist] = this.#halve(one, other, hist, pairs)
    tree.left[at] = this.#node(tree, { ...one, hist: oneHist }, pairs, margins)
    tree.right[at] = this.#node(tree, { ...other, hist: otherHist }, pairs, margins)
    return at
  }

  /** The best split's score, which lies with it in `#out`; null where none gains enough. */
  #search({ g, h, depth, hist }: Node, parent: number): number | null {
    const { lambda, alpha, gamma, minChildWeight } = this.#settings
    const { at, count } = this.#columns.ofLevel(depth)
    const least = parent + Math.max(LEAST_GAIN, gamma)
    const found = this.#kernels.bestSplit(
      hist,
      at,
      count,
      this.#counts,
      g,
      h,
      lambda,
      alpha,
      // What subtraction leaves in an empty bin is not quite 0.
      Math.max(minChildWeight, LEAST_WEIGHT),
      least,
      this.#out,
    )
    return found > least ? found : null
  }

  /** The histograms of two children: the smaller one is filled, and the other one is what of its parent's is then left. */
  #halve(one: Omit<Node, 'hist'>, other: Omit<Node, 'hist'>, parent: number, pairs: number): [number, number] {
    const { maxDepth, minChildWeight } = this.#settings
    const splits = ({ h, from, to }: Omit<Node, 'hist'>): boolean => to - from > 1 && h >= 2 * minChildWeight
    if (one.depth >= maxDepth || !(splits(one) || splits(other))) return [0, 0]
    const fresh = this.#hists[one.depth]!
    const small = one.to - one.from < other.to - other.from
    this.#fill(fresh, small ? one : other, pairs)
    this.#kernels.subtract(parent, fresh, this.#binned.cuts.length * BINS * CELL)
    return small ? [fresh, parent] : [parent, fresh]
  }

  #fill(hist: number, { from, to }: Rows, pairs: number): void {
    const columns = this.#binned.cuts.length
    this.#arena.u8.fill(0, hist, hist + columns * BINS * CELL)
    this.#kernels.histogram(hist, this.#index + from * 4, to - from, this.#binned.at, columns, pairs)
  }

  #partition({ from, to, restFrom, restTo }: Rows, column: number, bin: number, missingLeft: boolean): [Rows, Rows] {
    const { at, rowStride, columnStride, cuts } = this.#binned
    const none = missingLeft ? cuts[column]!.cuts.length : NONE
    const split = (start: number, end: number): number =>
      start +
      this.#kernels.partition(
        this.#index + start * 4,
        end - start,
        at + column * columnStride,
        rowStride,
        bin,
        none,
        this.#scratch,
      )
    const middle = split(from, to)
    const restMiddle = split(restFrom, restTo)
    return [
      { from, to: middle, restFrom, restTo: restMiddle },
      { from: middle, to, restFrom: restMiddle, restTo },
    ]
  }

  #addLeaf({ from, to, restFrom, restTo }: Rows, value: number, margins: number): void {
    this.#kernels.addLeaf(this.#index + from * 4, to - from, value, margins)
    this.#kernels.addLeaf(this.#index + restFrom * 4, restTo - restFrom, value, margins)
  }

  /** What of a gradient L1 leaves. */
  #shrunk(g: number): number {
    const { alpha } = this.#settings
    return Math.sign(g) * Math.max(0, Math.abs(g) - alpha)
  }
}
