import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteQueue } from './queue.ts'

test('what is added comes out in its order, and what was given out stays as it was', () => {
  const steps = fc.array(
    fc.record({ add: fc.uint8Array({ maxLength: 60_000 }), drop: fc.double({ min: 0, max: 1, noNaN: true }) }),
    {
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(steps, all => {
      const queue = new ByteQueue()
      let wanted = Buffer.alloc(0)
      for (const { add, drop } of all) {
        queue.add(add)
        wanted = Buffer.concat([wanted, add])
        const given = queue.slice(0)
        const before = wanted
        expect(Buffer.compare(given, wanted)).toBe(0)
        const count = Math.floor(drop * wanted.length)
        queue.drop(count)
        wanted = wanted.subarray(count)
        queue.add(Uint8Array.of(1, 2, 3))
        wanted = Buffer.concat([wanted, Uint8Array.of(1, 2, 3)])
        expect(Buffer.compare(queue.slice(0), wanted)).toBe(0)
        expect(Buffer.compare(given, before)).toBe(0)
      }
    }),
    { seed: 5, numRuns: 60 },
  )
})
