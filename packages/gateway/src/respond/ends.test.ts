import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ends } from './ends.ts'

const step = fc.record({
  what: fc.constantFrom('set', 'set', 'delete', 'take'),
  key: fc.constantFrom(...'abcdefghij'),
  until: fc.nat(50),
})

test('the first is always one of those that end first, whatever was moved or taken away', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), steps => {
      const ends = new Ends()
      const known = new Map<string, number>()
      for (const { what, key, until } of steps) {
        if (what === 'set') {
          ends.set(key, until)
          known.set(key, until)
        } else {
          const gone = what === 'take' ? ends.first()?.key : key
          ends.delete(gone ?? key)
          known.delete(gone ?? key)
        }
        expect(ends.size).toBe(known.size)
        const first = ends.first()
        expect(first?.until).toBe(known.size === 0 ? undefined : Math.min(...known.values()))
        if (first !== undefined) expect(known.get(first.key)).toBe(first.until)
      }
    }),
    { numRuns: 300 },
  )
})
