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
  readonly #arena: Arena
  readonly #columns: number
  #next: number
  /** Whether a node that was written asks the mirror. */
  mirrored = false

  constructor(arena: Arena, nodes: number, columns: number) {
    this.#arena = arena
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
    const root = this.#next
    this.#next += NODE
    let level = [0]
    let places = [root]
    for (let depth = 0; ; depth++) {
      const [children, theirs]: [number[], number[]] = [[], []]
      for (const [i, node] of level.entries()) {
        const at = places[i]!
        if (tree.feature[node]! < 0) {
          this.#putLeaf(at, tree.value[node]!)
          continue
        }
        this.#putSplit(at, tree, node)
        children.push(tree.left[node]!, tree.right[node]!)
        // A node that asks the mirror has its children the other way about.
        if (tree.missingLeft[node] === 1) theirs.push(this.#next, this.#next + NODE)
        else theirs.push(this.#next + NODE, this.#next)
        this.#next += 2 * NODE
      }
      if (children.length === 0) return { root, depth }
      level = children
      places = theirs
    }
  }

  /** Copies a tree's first levels; a leaf among them has copies of itself below. */
  top(root: number, to: number): void {
    const { f32, i32 } = this.#arena
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
    const { f32, i32 } = this.#arena
    const word = (at / NODE) * WORDS
    f32[word] = threshold
    i32[word + 1] = right
    i32[word + 2] = feature
    f32[word + 3] = value
  }
}

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** The next number of single precision above a finite one. */
function nextAbove(value: number): number {
  // Adding 0 makes one zero of both.
  float[0] = value + 0
  bits[0]! += value < 0 ? -1 : 1
  return float[0]!
}
