import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutsOf } from '../bins/cuts.ts'
import { bench, putBytes, putInts } from '../trees.testkit.ts'
import { binOf, partitionOf } from './bins.ts'

const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-3e38), max: Math.fround(3e38) })

test('the radix sort orders as the sort of typed arrays does', () => {
  const { arena, kernels } = bench()
  const { mark } = arena
  fc.assert(
    fc.property(fc.array(fc.oneof(float, fc.constantFrom(0, -0, 1, -1)), { maxLength: 300 }), values => {
      arena.release(mark)
      const at = arena.put(values)
      const other = arena.alloc(values.length * 4)
      kernels.sortFloats(at, other, values.length, arena.alloc(8_192))
      expect(Array.from(arena.floats(other, values.length))).toEqual(Array.from(Float32Array.from(values).sort()))
    }),
    { seed: 2, numRuns: 200 },
  )
})

test('bins are what a count of cuts says, and cuts part what is on both their sides', () => {
  const { arena, kernels } = bench()
  const { mark } = arena
  const columns = fc.record({
    values: fc.array(fc.oneof(float, fc.integer({ min: -4, max: 4 }), fc.constant(Number.NaN)), {
      minLength: 1,
      maxLength: 400,
    }),
    most: fc.constantFrom(3, 8, 256),
  })
  fc.assert(
    fc.property(columns, ({ values, most }) => {
      arena.release(mark)
      const column = Float32Array.from(values)
      const sorted = column.filter(value => !Number.isNaN(value)).sort()
      const { cuts, missing } = cutsOf(sorted, sorted.length < column.length, most)
      expect(Array.from(cuts)).toEqual([...new Set(cuts)].sort((a, b) => a - b))
      expect(cuts.length + 1).toBeLessThanOrEqual(most)
      const all = new Float32Array(256).fill(Number.POSITIVE_INFINITY)
      all.set(cuts)
      const out = arena.alloc(column.length * 3)
      kernels.bin(arena.put(column), column.length, arena.put(all), out, 3, cuts.length)
      const found = Array.from(column, (_, i) => arena.u8[out + 3 * i]!)
      expect(found).toEqual(Array.from(column, value => binOf(value, cuts, cuts.length)))
      // No value shares the bin of those that are missing.
      if (missing) expect(found.every((bin, i) => Number.isNaN(column[i]!) === (bin === cuts.length))).toBe(true)
      const distinct = new Set(sorted).size
      if (distinct <= most - 2) expect(new Set(found.filter((_, i) => !Number.isNaN(column[i]!))).size).toBe(distinct)
    }),
    { seed: 3, numRuns: 300 },
  )
})

test('quantiles hold as many rows each, or as much weight', () => {
  const sorted = Float32Array.from({ length: 1_000 }, (_, i) => i)
  expect(Array.from(cutsOf(sorted, false, 4).cuts)).toEqual([249.5, 499.5, 749.5])
  // The last hundred rows weigh as much as all others.
  const weights = sorted.map(value => (value < 900 ? 1 : 9))
  const before = new Float64Array(1_001)
  for (const [i, weight] of weights.entries()) before[i + 1] = before[i]! + weight
  expect(Array.from(cutsOf(sorted, false, 4, before).cuts)).toEqual([449.5, 899.5, 949.5])
})

test('rows are parted in their order', () => {
  const { arena, kernels } = bench()
  const { mark } = arena
  const parts = fc.record({
    bins: fc.array(fc.nat(255), { minLength: 1, maxLength: 200 }),
    last: fc.nat(255),
    none: fc.integer({ min: 0, max: 256 }),
    keep: fc.infiniteStream(fc.boolean()),
  })
  fc.assert(
    fc.property(parts, ({ bins, last, none, keep }) => {
      arena.release(mark)
      const index = [...bins.keys()].filter(() => keep.next().value)
      const at = putInts(arena, index)
      const count = kernels.partition(
        at,
        index.length,
        putBytes(arena, bins),
        1,
        last,
        none,
        arena.alloc(4 * bins.length),
      )
      const { left, right } = partitionOf(index, bins, last, none)
      expect(count).toBe(left.length)
      expect(Array.from(arena.i32.subarray(at / 4, at / 4 + index.length))).toEqual([...left, ...right])
    }),
    { seed: 4, numRuns: 300 },
  )
})
