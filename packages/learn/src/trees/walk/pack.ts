import { nextAbove } from '../../base/single.ts'
import type { Arena } from '../../kernels/arena.ts'
import type { Tree } from '../tree.ts'

/** Of a node in memory. */
export const NODE = 16
const WORDS = NODE / 4
/** So many trees, or rows, are walked side by side. */
export const ABREAST = 8
/** From a feature's values to the next one's, of rows in eights. */
export const FEATURE = ABREAST * 4

/** Of a tree's top: 7 thresholds, 7 features' places, 8 nodes, and 8 bytes that are left. */
const TOP = 96
const TOP_LEVELS = 3
const TOP_SPLITS = 2 ** TOP_LEVELS - 1

/** Trees in an arena, as the kernels walk them. */
export interface Packed {
  /** Whether a node asks the mirror of a row (`kernel/trees-walk.as`). */
  readonly mirrored: boolean
  /** One group an output: trees whose leaves are summed. */
  readonly groups: readonly PackedGroup[]
}

/** Trees whose leaves are summed, in their order, and empty ones up to a multiple of eight. */
export interface PackedGroup {
  readonly roots: number
  /** The first three levels of each tree, with all that may lie there, and how many levels are below them. */
  readonly tops: number
  readonly depths: number
  /** The greatest depth of each eight. */
  readonly eightDepths: number
  readonly trees: number
  readonly eights: number
}

/** How much `pack` takes of an arena. */
export function packedBytes(groups: readonly (readonly Tree[])[]): number {
  const nodes = groups.flat().reduce((sum, tree) => sum + tree.feature.length, 1)
  const slots = groups.reduce((sum, group) => sum + group.length + ABREAST, 0)
  return nodes * NODE + slots * (9 + TOP) + groups.length * 64 + 64
}

/** Lays checked trees (`checkTree`) out: siblings side by side, children behind their parents. */
export function pack(groups: readonly (readonly Tree[])[], columns: number, arena: Arena): Packed {
  const count = groups.flat().reduce((sum, tree) => sum + tree.feature.length, 1)
  const writer = new NodeWriter(arena, arena.alloc(count * NODE), columns)
  const empty = writer.leaf(0)
  const packed = groups.map(trees => {
    const eights = Math.ceil(trees.length / ABREAST)
    const slots = eights * ABREAST
    const roots = arena.alloc(slots * 4)
    const tops = arena.alloc(trees.length * TOP)
    const depths = arena.zeros(slots * 4)
    const eightDepths = arena.zeros(eights * 4)
    arena.i32.fill(empty, roots / 4, roots / 4 + slots)
    for (const [i, tree] of trees.entries()) {
      const { root, depth } = writer.tree(tree)
      arena.i32[roots / 4 + i] = root
      writer.top(root, tops + i * TOP)
      arena.i32[depths / 4 + i] = Math.max(0, depth - TOP_LEVELS)
      const eight = eightDepths / 4 + Math.floor(i / ABREAST)
      arena.i32[eight] = Math.max(arena.i32[eight]!, depth)
    }
    return { roots, tops, depths, eightDepths, trees: trees.length, eights }
  })
  return { mirrored: writer.mirrored, groups: packed }
}

class NodeWriter {
  readonly #columns: number
  readonly #f32: Float32Array
  readonly #i32: Int32Array
  #next: number
  /** A tree's nodes in the order in which they are written, and where. */
  #nodes = new Int32Array(0)
  #places = new Int32Array(0)
  /** Whether a node that was written asks the mirror. */
  mirrored = false

  constructor(arena: Arena, nodes: number, columns: number) {
    this.#f32 = arena.f32
    this.#i32 = arena.i32
    this.#columns = columns
    this.#next = nodes
  }

  /** A tree that is a leaf only. */
  leaf(value: number): number {
    const at = this.#next
    this.#next += NODE
    this.#putLeaf(at, value)
    return at
  }

  tree(tree: Tree): { root: number; depth: number } {
    const { feature, left, right, value, missingLeft } = tree
    if (this.#nodes.length < feature.length) {
      this.#nodes = new Int32Array(feature.length)
      this.#places = new Int32Array(feature.length)
    }
    const [nodes, places] = [this.#nodes, this.#places]
    const root = this.#next
    this.#next += NODE
    nodes[0] = 0
    places[0] = root
    let [count, levelEnd, depth] = [1, 1, 0]
    for (let i = 0; i < count; i++) {
      if (i === levelEnd) {
        levelEnd = count
        depth++
      }
      const node = nodes[i]!
      const at = places[i]!
      if (feature[node]! < 0) {
        this.#putLeaf(at, value[node]!)
        continue
      }
      this.#putSplit(at, tree, node)
      // A node that asks the mirror has its children the other way about.
      const turned = Number(missingLeft[node] === 1)
      nodes[count] = left[node]!
      places[count++] = this.#next + (1 - turned) * NODE
      nodes[count] = right[node]!
      places[count++] = this.#next + turned * NODE
      this.#next += 2 * NODE
    }
    return { root, depth }
  }

  /** Copies a tree's first levels; a leaf among them has copies of itself below. */
  top(root: number, to: number): void {
    const [f32, i32] = [this.#f32, this.#i32]
    const word = to / 4
    const level = [root]
    for (let i = 0; i < TOP_SPLITS; i++) {
      const node = level[i]! / 4
      const right = i32[node + 1]!
      const isLeaf = right === level[i]
      f32[word + i] = f32[node]!
      i32[word + TOP_SPLITS + i] = i32[node + 2]!
      level.push(isLeaf ? right : right + NODE, right)
    }
    const nodes = level.slice(TOP_SPLITS).reverse()
    i32.set(nodes, word + 2 * TOP_SPLITS)
  }

  /** No number is below NaN, so that all goes right, which is the leaf itself. */
  #putLeaf(at: number, value: number): void {
    this.#put(at, Number.NaN, at, 0, value)
  }

  #putSplit(at: number, { threshold, feature, value, missingLeft }: Tree, node: number): void {
    const asks = feature[node]!
    if (missingLeft[node] === 1) {
      this.mirrored = true
      this.#put(at, nextAbove(-threshold[node]!), this.#next, (this.#columns + asks) * FEATURE, value[node]!)
    } else this.#put(at, threshold[node]!, this.#next, asks * FEATURE, value[node]!)
  }

  #put(at: number, threshold: number, right: number, feature: number, value: number): void {
    const word = (at / NODE) * WORDS
    this.#f32[word] = threshold
    this.#i32[word + 1] = right
    this.#i32[word + 2] = feature
    this.#f32[word + 3] = value
  }
}
