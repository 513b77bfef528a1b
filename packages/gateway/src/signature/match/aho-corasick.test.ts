import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AhoCorasick } from './aho-corasick.ts'
import { small } from './search.ts'

// Few different bytes, so that words are met often; the last is none that a word has.
const bytes = fc.array(fc.constantFrom(0x61, 0x61, 0x41, 0x61, 0x41, 0x62, 0x42, 0x63), { maxLength: 40 })
const words = (minLength: number) =>
  fc.array(fc.array(fc.constantFrom(0x61, 0x41, 0x61, 0x62), { minLength, maxLength: minLength + 3 }), {
    minLength: 1,
    maxLength: 12,
  })

/** Which words stand in a text, looked for one by one. */
function naive(all: readonly number[][], text: readonly number[]): Set<number> {
  const folded = text.map(small)
  return new Set(
    [...all.keys()].filter(index =>
      folded.some((_, at) => all[index].every((byte, offset) => small(byte) === folded[at + offset])),
    ),
  )
}

test.each([1, 3, 4, 5, 6, 9])('all words of %d bytes and more are found, wherever the search begins', least => {
  let hits = 0
  fc.assert(
    fc.property(words(least), bytes, bytes, fc.array(fc.nat(11), { maxLength: 3 }), (all, text, before, picks) => {
      const whole = [...picks.flatMap(pick => [0x63, ...all[pick % all.length]]), ...text]
      const automaton = new AhoCorasick(all.map((word, tells) => ({ bytes: Uint8Array.from(word), tells })))
      const found = new Set<number>()
      const around = Uint8Array.from([...before, ...whole, 0x61, 0x61])
      automaton.search(around, before.length, before.length + whole.length, told => found.add(told))
      hits += found.size
      expect(found).toEqual(naive(all, whole))
      expect(automaton.has(around, before.length, before.length + whole.length)).toBe(found.size > 0)
    }),
    { seed: 6, numRuns: 600 },
  )
  expect(hits).toBeGreaterThan(300)
})

test('every byte may have a class of its own', () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const automaton = new AhoCorasick([{ bytes: every, tells: 1 }])
  const found: number[] = []
  automaton.search(every, 0, 256, told => found.push(told))
  automaton.search(every, 1, 256, told => found.push(told))
  expect(found).toEqual([1])
})
