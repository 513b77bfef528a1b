import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cell, code, noise, randomTree } from '../trees.testkit.ts'
import { Walker } from '../walk/walker.ts'
import { movesOf, sumOf } from './walk.ts'

const COLUMNS = 5

test('one row and batches: the sums of the plain walk to the last bit, whatever is missing or infinite', () => {
  const forests = fc.record({
    depths: fc.array(fc.nat(12), { minLength: 1, maxLength: 19 }),
    seed: fc.nat(1e6),
    rows: fc.array(fc.array(cell, { minLength: COLUMNS, maxLength: COLUMNS }), { minLength: 1, maxLength: 40 }),
    sum: fc.float({ noNaN: true, min: -2, max: 2 }),
  })
  fc.assert(
    fc.property(forests, ({ depths, seed, rows, sum }) => {
      const groups = [0, 1].map(k => depths.map((depth, i) => randomTree(COLUMNS, depth, seed + 100 * k + i)))
      const walker = new Walker(groups, COLUMNS)
      const data = Float32Array.from(rows.flat())
      const table = { rows: rows.length, columns: COLUMNS, data }
      const out = new Float32Array(2 * rows.length)
      walker.sums(table, sum, out)
      for (const [i, row] of rows.entries()) {
        const single = Float32Array.from(row)
        walker.set(single)
        for (const [k, trees] of groups.entries()) {
          const wanted = sumOf(trees, single, sum)
          expect([walker.sum(k, sum), out[2 * i + k]]).toEqual([wanted, wanted])
          const moves = new Float64Array(COLUMNS)
          walker.paths(k, moves)
          expect(moves).toEqual(movesOf(trees, single))
        }
      }
    }),
    { seed: 1, numRuns: 150 },
  )
})

test('a table of several slices, one of which has missing values', () => {
  const trees = [randomTree(400, 6, 1), randomTree(400, 3, 2)]
  const table = noise(300, 400, 3)
  table.data[250 * 400 + 7] = Number.NaN
  const walker = new Walker([trees], 400)
  const out = new Float32Array(300)
  walker.sums(table, 0.5, out)
  const wanted = Array.from({ length: 300 }, (_, i) => sumOf(trees, table.data.subarray(i * 400, (i + 1) * 400), 0.5))
  expect(Array.from(out)).toEqual(wanted)
})

test('rows of another width are refused', () => {
  const walker = new Walker([[randomTree(3, 2, 1)]], 3)
  expect(() => walker.set([1, 2])).toThrow(code('table_width'))
  expect(() => walker.sums(noise(2, 4, 1), 0, new Float32Array(2))).toThrow(code('table_width'))
  expect(() => walker.sums(noise(2, 3, 1), 0, new Float32Array(3))).toThrow(code('table_width'))
})
