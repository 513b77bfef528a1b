import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileGlobs } from '../config/glob.ts'
import { globsMeet, topicsMeet } from './overlap.ts'
import { TopicTemplate } from './topic.ts'

test.each([
  ['*', 's-*', true],
  ['s-*', '*-1', true],
  ['s-?', 's-1', true],
  ['s-??', 's-1', false],
  ['level-*', 'valve-*', false],
  ['a*c', 'ab', false],
  ['', '*', true],
])('%s and %s: %j', (one, other, meet) => {
  expect(globsMeet(one, other)).toBe(meet)
  expect(globsMeet(other, one)).toBe(meet)
})

test('globs meet where some short text matches both, and only there', () => {
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 4 })
  // What two globs of four characters share at all, they share in eight.
  const texts = [''].concat(
    Array.from({ length: 8 }, (_, length) =>
      Array.from({ length: 2 ** (length + 1) }, (_, bits) =>
        bits
          .toString(2)
          .padStart(length + 1, '0')
          .replaceAll('0', 'a')
          .replaceAll('1', 'b'),
      ),
    ).flat(),
  )
  fc.assert(
    fc.property(glob, glob, (one, other) => {
      const [left, right] = [compileGlobs([one]), compileGlobs([other])]
      expect(globsMeet(one, other)).toBe(texts.some(text => left(text) && right(text)))
    }),
    { seed: 7, numRuns: 300 },
  )
})

const place = (text: string, ids: readonly string[]) => {
  const topic = TopicTemplate.read(text, 'mill-3', true)
  if (!(topic instanceof TopicTemplate)) throw new Error(topic.what)
  return { topic, owns: (id: string) => ids.includes(id) }
}

test('templates of two types meet only where both know the device of a common topic', () => {
  const [mine, others] = [
    ['a', 'ab'],
    ['b', 'xa'],
  ]
  const level = fc.constantFrom('a', 'b', 'xa', '+', '${device}', 'x${device}')
  const template = fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
  const names = ['a', 'b', 'ab', 'xa', 'xb', 'xab', 'xxa']
  const topics = names.flatMap(x => [[x], ...names.flatMap(y => [[x, y], ...names.map(z => [x, y, z])])])
  fc.assert(
    fc.property(template, template, (left, right) => {
      const [one, other] = [place(left, mine), place(right, others)]
      const speaks = ({ topic, owns }: typeof one, levels: string[]) => {
        const id = topic.deviceOf(levels)
        return id === '' || (id !== null && owns(id))
      }
      // Never too lax: whatever both match is found.
      if (topics.some(levels => speaks(one, levels) && speaks(other, levels))) {
        expect(topicsMeet(one, other, false)).toBe(true)
        expect(topicsMeet(other, one, false)).toBe(true)
      }
    }),
    { seed: 7, numRuns: 2_000 },
  )
})
