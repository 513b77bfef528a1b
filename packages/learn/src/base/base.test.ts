import { expect, test } from 'vitest'
import { matrixOf, randomOf, rowOf, rowsOf } from '../index.ts'
import { Arena } from '../kernels/arena.ts'
import { largest } from './largest.ts'
import { nextAbove } from './single.ts'
import { softmax } from './softmax.ts'

const code = (name: string) => expect.objectContaining({ code: name })

test('rows of a matrix are views of it, and must be of one length', () => {
  const matrix = matrixOf([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  expect(Array.from(rowOf(matrix, 1))).toEqual([3, 4])
  expect(Array.from(rowsOf(matrix, 1, 3).data)).toEqual([3, 4, 5, 6])
  expect(() => matrixOf([[1, 2], [3]])).toThrow(code('matrix_ragged'))
  expect(matrixOf([])).toMatchObject({ rows: 0, columns: 0 })
})

test('a generator repeats itself by its seed, and draws what it says', () => {
  const draw = (seed: number) => {
    const random = randomOf(seed)
    return Array.from({ length: 5 }, () => [random.next(), random.below(7), random.normal()])
  }
  expect(draw(3)).toEqual(draw(3))
  expect(draw(3)).not.toEqual(draw(4))
  const random = randomOf(9)
  const normals = Array.from({ length: 20_000 }, () => random.normal())
  const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length
  const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length
  expect([Math.abs(mean), Math.abs(variance - 1)].every(off => off < 0.03)).toBe(true)
  const counts = new Array<number>(7).fill(0)
  for (let i = 0; i < 7_000; i++) counts[random.below(7)]++
  expect(Math.min(...counts)).toBeGreaterThan(850)
})

test('an arena gives aligned memory, takes back what lies behind a mark, and says when it is full', () => {
  const arena = new Arena(1_000)
  const { mark } = arena
  const first = arena.put([1, 2, 3])
  expect([first % 16, arena.alloc(5) - first]).toEqual([0, 16])
  expect(Array.from(arena.floats(first, 3))).toEqual([1, 2, 3])
  arena.release(mark)
  expect(Array.from(arena.floats(arena.zeros(12), 3))).toEqual([0, 0, 0])
  expect(() => arena.alloc(1e6)).toThrow(code('arena_full'))
})

test('the next number of single precision', () => {
  expect([1, -1, 0.1].map(value => nextAbove(Math.fround(value)) > Math.fround(value))).toEqual([true, true, true])
  expect([0, -0, 1, -(2 ** -149)].map(nextAbove)).toEqual([2 ** -149, 2 ** -149, 1 + 2 ** -23, -0])
})

test('a softmax of large numbers is one of small ones that differ as much, row by row', () => {
  const rows = Float32Array.of(1_000, 1_001, 0, 1, -1_000, -999)
  softmax(rows, 2)
  const share = 1 / (1 + Math.E)
  for (const [i, each] of rows.entries()) expect(each).toBeCloseTo(i % 2 === 0 ? share : 1 - share, 6)
})

test('the first of the largest numbers is found, within a part too', () => {
  expect([largest([1, 3, 3, 2]), largest([7]), largest([])]).toEqual([1, 0, -1])
  expect(largest(Float32Array.of(9, 1, 2, 5, 8), 1, 3)).toBe(2)
  expect(largest([9, 1, 4], 1)).toBe(1)
  expect(largest([-Infinity, -Infinity])).toBe(0)
})
