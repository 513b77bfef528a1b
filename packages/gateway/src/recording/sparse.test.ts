import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sparse, whole } from './sparse.ts'

const word = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.double(), fc.constant(-0))

test('numbers come back to the bit, and zeros cost nothing', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), list => {
      const words = Float64Array.from(list)
      const bytes = sparse(words)
      expect(Buffer.from(whole(bytes, words.length).buffer)).toEqual(Buffer.from(words.buffer))
      expect(bytes.length).toBeLessThanOrEqual(12 * list.filter(each => !Object.is(each, 0)).length)
    }),
    { numRuns: 300 },
  )
  expect(sparse(new Float64Array(2_048)).length).toBe(0)
})

test('bytes that are none of it are an error that says so', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
      try {
        whole(Buffer.from(bytes), 100)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})
