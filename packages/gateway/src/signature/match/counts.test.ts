import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COUNT_WORDS, Counts } from './counts.ts'

const table = (places: number) => new Counts(new Float64Array(places * COUNT_WORDS + 5), 5, places)

test('counts are kept by rule and name, in windows that begin with their first match', () => {
  const counts = table(64)
  expect([0, 400, 999].map(time => counts.count(1, 'a', time, 1_000))).toEqual([1, 2, 3])
  expect(counts.count(1, 'b', 999, 1_000)).toBe(1)
  expect(counts.count(2, 'a', 999, 1_000)).toBe(1)
  expect(counts.count(1, 'a', 1_000, 1_000)).toBe(1)
  counts.clear(1, 'a')
  expect(counts.count(1, 'a', 1_001, 1_000)).toBe(1)
})

test('a clock that was set back begins a window', () => {
  const counts = table(64)
  counts.count(1, 'a', 5_000, 1_000)
  expect(counts.count(1, 'a', 100, 1_000)).toBe(1)
  expect(counts.count(1, 'a', 1_099, 1_000)).toBe(2)
})

test('where all places are taken the oldest gives way, and words of others are left alone', () => {
  const words = new Float64Array(3 * COUNT_WORDS + 4).fill(0)
  words[0] = 77
  words[words.length - 1] = 78
  const counts = new Counts(words, 2, 3)
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) counts.count(1, name, index, 1_000)
  expect(counts.count(1, 'b', 4, 1_000)).toBe(2)
  expect(counts.count(1, 'a', 5, 1_000)).toBe(1)
  expect([words[0], words[1], words[words.length - 2], words[words.length - 1]]).toEqual([77, 0, 0, 78])
})

test('with room for all a table counts as a map does', () => {
  const step = fc.tuple(fc.nat(5), fc.constantFrom('', 'a', 'b', '10.0.0.1'), fc.nat(700))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const counts = table(512)
      const windows = new Map<string, { since: number; count: number }>()
      let time = 0
      for (const [rule, name, wait] of steps) {
        time += wait
        const key = `${rule} ${name}`
        const known = windows.get(key)
        const window = known === undefined || time - known.since >= 1_000 ? { since: time, count: 0 } : known
        window.count++
        windows.set(key, window)
        expect(counts.count(rule, name, time, 1_000)).toBe(window.count)
      }
    }),
    { seed: 9, numRuns: 300 },
  )
})
