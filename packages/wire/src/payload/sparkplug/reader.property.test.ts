import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare } from './compare.testkit.ts'
import { payload, write } from './payloads.testkit.ts'

const PLACES = [
  { birth: true, definitions: true },
  { birth: false, definitions: false },
]

test('reads what the reference writes, and refuses what the standard does', () => {
  fc.assert(
    fc.property(payload, fc.constantFrom(...PLACES), (message, place) => {
      expect(compare(write(message), place)).toBe(null)
    }),
    { numRuns: 3000, seed: 42 },
  )
})

test('cut anywhere it agrees with the reference', () => {
  fc.assert(
    fc.property(payload, message => {
      const bytes = write(message)
      for (let end = 0; end < bytes.length; end++) expect(compare(bytes.slice(0, end), PLACES[0])).toBe(null)
    }),
    { numRuns: 150, seed: 43 },
  )
})

test('with bytes changed it agrees with the reference', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(payload, changes, fc.constantFrom(...PLACES), (message, some, place) => {
      const bytes = write(message).slice()
      for (const [at, byte] of some) if (bytes.length > 0) bytes[at % bytes.length] = byte
      expect(compare(bytes, place)).toBe(null)
    }),
    { numRuns: 5000, seed: 44 },
  )
})
