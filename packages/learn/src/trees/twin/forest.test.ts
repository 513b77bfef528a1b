import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bench, putBytes, putInts } from '../trees.testkit.ts'
import { type Drawn, forestSplitOf, recordOf } from './forest.ts'

const row = (sums: number) =>
  fc.record({
    bin: fc.oneof(fc.nat(255), fc.nat(4)),
    sum: fc.nat(sums - 1),
    amount: fc.integer({ min: 1, max: 6 }),
  })

test('the split of a forest is the one that a look at all cuts finds, and leaves its memory as it was', () => {
  const { arena, kernels } = bench()
  const { mark } = arena
  const settings = fc.integer({ min: 1, max: 4 }).chain(sums =>
    fc.record({
      sums: fc.constant(sums),
      rows: fc.array(row(sums), { minLength: 1, maxLength: 60 }),
      least: fc.constantFrom(1, 1, 5),
      entropy: fc.boolean(),
    }),
  )
  let splits = 0
  fc.assert(
    fc.property(settings, ({ sums, rows, least, entropy }) => {
      arena.release(mark)
      const drawn = rows.map((each): Drawn => ({ ...each, weight: each.amount }))
      const record = (sums + 2) * 8
      const [hist, seen, left] = [arena.zeros(256 * record), arena.zeros(256), arena.zeros(record)]
      const data = arena.zeros(rows.length * 32)
      for (const [i, { sum, amount, weight }] of drawn.entries()) {
        arena.f64.set([amount, 0, weight, 1], data / 8 + 4 * i)
        arena.i32[data / 4 + 8 * i + 2] = sum * 8
      }
      const all = arena.alloc(record)
      arena.f64.set(recordOf(drawn, sums), all / 8)
      const [out, spread] = [arena.alloc(record + 8), arena.alloc(4)]
      const index = putInts(arena, [...rows.keys()])
      const bins = putBytes(
        arena,
        rows.map(({ bin }) => bin),
      )
      const best = Number.NEGATIVE_INFINITY
      const found = kernels.forestSplit(
        ...([hist, seen, left, record, index, rows.length, bins, data, all, least] as const),
        ...([Number(entropy), best, out, spread] as const),
      )
      expect(arena.i32[spread / 4]).toBe(new Set(rows.map(({ bin }) => bin)).size)
      const emptied = [
        [hist, 256 * record],
        [seen, 256],
        [left, record],
      ] as const
      for (const [at, bytes] of emptied) expect(arena.u8.subarray(at, at + bytes).every(byte => byte === 0)).toBe(true)
      const wanted = forestSplitOf(drawn, sums, least, entropy, best)
      if (wanted === null) {
        expect(found).toBe(best)
        return
      }
      splits++
      expect(Math.abs(found - wanted.score)).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted.score)))
      const bin = arena.f64[(out + record) / 8]!
      const its = drawn.filter(each => each.bin <= bin)
      expect(Array.from(arena.f64.subarray(out / 8, (out + record) / 8))).toEqual(recordOf(its, sums))
    }),
    { seed: 7, numRuns: 400 },
  )
  expect(splits).toBeGreaterThan(200)
})
