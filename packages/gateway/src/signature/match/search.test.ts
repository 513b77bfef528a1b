import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Search } from './search.ts'

const text = fc.array(fc.constantFrom('a', 'A', 'b', 'B', '@'), { maxLength: 60 }).map(parts => parts.join(''))
const word = fc.array(fc.constantFrom('a', 'A', 'b'), { minLength: 1, maxLength: 5 }).map(parts => parts.join(''))
const bytesOf = (one: string) => new TextEncoder().encode(one)

test('a content is found wherever indexOf finds it', () => {
  fc.assert(
    fc.property(text, word, fc.boolean(), fc.nat(20), fc.nat(20), (whole, wanted, nocase, skip, cut) => {
      const bytes = bytesOf(whole)
      const [from, end] = [Math.min(skip, bytes.length), Math.max(0, bytes.length - cut)]
      const fold = (one: string) => (nocase ? one.toLowerCase() : one)
      const part = fold(whole.slice(0, end))
      const ends: number[] = []
      for (let at = part.indexOf(fold(wanted), from); at >= 0; at = part.indexOf(fold(wanted), at + 1)) {
        ends.push(at + wanted.length)
      }
      const search = new Search(bytesOf(wanted), nocase)
      expect(search.next(bytes, from, end)).toBe(ends[0] ?? -1)
      const into = new Int32Array(bytes.length + 1)
      expect([...into.subarray(0, search.all(bytes, from, end, into))]).toEqual(ends)
    }),
    { seed: 2, numRuns: 500 },
  )
})
