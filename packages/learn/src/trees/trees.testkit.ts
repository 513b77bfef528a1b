import fc from 'fast-check'
import { expect } from 'vitest'
import { type Matrix, randomOf } from '../index.ts'
import { Arena } from '../kernels/arena.ts'
import { treeKernels } from './kernel.ts'
import { type Tree, TreeBuilder } from './tree.ts'

/** Matches an error by its code. */
export const code = (name: string) => expect.objectContaining({ name: 'LearnError', code: name })

/** Kernels over an arena of a megabyte or so many bytes. */
export function bench(bytes = 2 ** 20) {
  const arena = new Arena(bytes)
  return { arena, kernels: treeKernels(arena.memory) }
}

/** Puts numbers of 32 bits in; gives where. */
export function putInts(arena: Arena, values: ArrayLike<number>): number {
  const at = arena.alloc(values.length * 4)
  arena.i32.set(values, at / 4)
  return at
}

/** Puts bytes in; gives where. */
export function putBytes(arena: Arena, values: ArrayLike<number>): number {
  const at = arena.alloc(values.length)
  arena.u8.set(values, at)
  return at
}

/** Normal noise; each value is missing with a probability. */
export function noise(rows: number, columns: number, seed: number, missing = 0): Matrix {
  const random = randomOf(seed)
  const data = new Float32Array(rows * columns).map(() => (random.next() < missing ? Number.NaN : random.normal()))
  return { rows, columns, data }
}

/** A label a row, which follows by a product and a step. */
export function labelsOf({ rows, columns, data }: Matrix, classes = 2): Float32Array {
  return Float32Array.from({ length: rows }, (_, i) => {
    const [a = 0, b = 0, c = 0] = Array.from(data.subarray(i * columns, i * columns + 3), x =>
      Number.isNaN(x) ? 0 : x,
    )
    const first = a * b + c > 0 ? 1 : 0
    return classes > 2 && a > 0.7 ? 2 : first
  })
}

/** A tree of random splits; thresholds are of few values, so that rows come to stand on them. */
export function randomTree(columns: number, depth: number, seed: number): Tree {
  const random = randomOf(seed)
  const builder = new TreeBuilder()
  const grow = (left: number): number => {
    const node = builder.leaf(Math.fround(random.normal()), 1 + random.below(20))
    if (left === 0 || random.next() < 0.15) return node
    builder.split(node, random.below(columns), random.below(9) / 4 - 1, random.next() < 0.5, random.next())
    builder.left[node] = grow(left - 1)
    builder.right[node] = grow(left - 1)
    return node
  }
  grow(depth)
  return builder.build()
}

/** Values that stand on thresholds, between them, beyond them, and that are missing. */
export const cell = fc.oneof(
  fc.integer({ min: -6, max: 6 }).map(n => n / 4),
  fc.float({ noNaN: true, min: -3, max: 3 }),
  fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
