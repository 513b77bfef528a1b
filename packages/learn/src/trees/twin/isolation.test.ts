import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bench, putInts } from '../trees.testkit.ts'
import { divideAt, rangeOf } from './isolation.ts'

test('ranges, and rows parted by a threshold, are those of the plain twins', () => {
  const { arena, kernels } = bench()
  const { mark } = arena
  const value = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.float({ noNaN: true, noDefaultInfinity: true, min: -6, max: 6 }),
    fc.constant(Number.NaN),
  )
  const settings = fc.record({
    values: fc.array(value, { minLength: 1, maxLength: 80 }),
    threshold: fc.integer({ min: -5, max: 5 }),
    keep: fc.infiniteStream(fc.boolean()),
  })
  let sides = 0
  fc.assert(
    fc.property(settings, ({ values, threshold, keep }) => {
      arena.release(mark)
      const column = Float32Array.from(values)
      const index = [...column.keys()].filter(() => keep.next().value)
      const [at, hold, out] = [arena.put(column), putInts(arena, index), arena.alloc(8)]
      kernels.range(at, hold, index.length, out)
      const range = rangeOf(column, index)
      const [low, high] = arena.floats(out, 2)
      if (range === null) expect(low).toBeGreaterThan(high!)
      else expect({ low, high }).toEqual(range)
      const count = kernels.divide(at, hold, index.length, threshold, arena.alloc(4 * index.length), out)
      const { left, right, missingLeft } = divideAt(column, index, threshold)
      expect(Array.from(arena.i32.subarray(hold / 4, hold / 4 + index.length))).toEqual([...left, ...right])
      expect([count, arena.i32[out / 4]]).toEqual([left.length, Number(missingLeft)])
      if (missingLeft && left.some(row => Number.isNaN(column[row]!))) sides++
    }),
    { seed: 10, numRuns: 400 },
  )
  expect(sides).toBeGreaterThan(50)
})
