import { expect, test } from 'vitest'
import { matrixOf, randomOf, rowOf } from '../index.ts'
import { Rhythm, rhythmNames, rhythmOf } from './rhythm.ts'

const code = (name: string) => expect.objectContaining({ code: name })

/** Values that are held for so many rows each. */
const held = (lengths: readonly number[]) =>
  matrixOf(lengths.flatMap((length, i) => Array.from({ length }, () => [i, Number.NaN])))

test('holds are told by their length, over each window', () => {
  const names = rhythmNames([4, 16])
  const rhythm = rhythmOf(held([1, 3, 3, 1, 1, 9, 1]), { windows: [4, 16] })
  expect(rhythm.columns).toBe(names.length)
  const at = (row: number, name: string) => rowOf(rhythm, row)[names.indexOf(name)]
  expect(at(0, 'rows held')).toBe(0)
  expect(at(3, 'rows held')).toBeCloseTo(Math.log1p(2), 6)
  expect(at(4, 'rows held before')).toBeCloseTo(Math.log1p(3), 6)
  // Rows 4, 7, 8 and 9 changed; the holds that ended there lasted 3, 3, 1 and 1 rows, and 1 row ended at row 1.
  expect(at(9, 'changes in 4')).toBe(3 / 4)
  expect(at(9, 'holds of 1 in 4')).toBeCloseTo(2 / 3, 6)
  expect(at(9, 'changes in 16')).toBe(5 / 10)
  expect(at(9, 'holds of 3 in 16')).toBeCloseTo(2 / 5, 6)
  expect(at(18, 'holds of 8+ in 4')).toBe(1)
  expect(at(16, 'changes in 4')).toBe(0)
})

test('a stream gets what the table gets, and later rows change nothing', () => {
  const random = randomOf(2)
  const table = matrixOf(
    Array.from({ length: 400 }, (_, i) => [Math.floor(i / (1 + random.below(4))), i % 97 === 0 ? 1 : 0]),
  )
  const all = rhythmOf(table, { windows: [8, 50] })
  const rhythm = new Rhythm(2, { windows: [8, 50] })
  const out = new Float32Array(rhythm.columns)
  for (let row = 0; row < 400; row++) {
    rhythm.push(rowOf(table, row), out)
    expect(out).toEqual(rowOf(all, row))
  }
  const some = rhythmOf({ ...table, rows: 150 }, { windows: [8, 50] })
  expect(some.data).toEqual(all.data.subarray(0, 150 * all.columns))
})

test('shares are shares, whatever the rows', () => {
  const random = randomOf(5)
  const table = matrixOf(Array.from({ length: 3_000 }, () => [random.below(2)]))
  const { data, columns } = rhythmOf(table)
  for (let from = 0; from < data.length; from += columns)
    for (let j = 2; j < columns; j += 9) {
      const shares = data.subarray(from + j + 1, from + j + 9).reduce((a, b) => a + b, 0)
      expect(data[from + j]! >= 0 && data[from + j]! <= 1).toBe(true)
      expect(Math.min(Math.abs(shares), Math.abs(shares - 1))).toBeLessThan(1e-5)
    }
})

test.each([0, 1, 1.5, 100_000])('a window of %d rows is refused', window => {
  expect(() => new Rhythm(1, { windows: [window] })).toThrow(code('option_wrong'))
})
