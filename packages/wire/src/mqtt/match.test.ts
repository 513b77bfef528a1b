import fc from 'fast-check'
import { expect, test } from 'vitest'
import { filterCovers, filterMatches } from './match.ts'
import { validTopicFilter } from './topic.ts'

test.each([
  ['sport/tennis/player1/#', 'sport/tennis/player1', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
  ['sport/#', 'sport', true],
  ['#', 'sport/tennis', true],
  ['sport/tennis/+', 'sport/tennis/player1', true],
  ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
  ['sport/+', 'sport', false],
  ['sport/+', 'sport/', true],
  ['+/+', '/finance', true],
  ['/+', '/finance', true],
  ['+', '/finance', false],
  ['#', '$SYS/monitor', false],
  ['+/monitor/Clients', '$SYS/monitor/Clients', false],
  ['$SYS/#', '$SYS/monitor', true],
  ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
  ['a/b', 'a/B', false],
  ['a/b', 'a/b/c', false],
])('filter %s, topic %s: %s (section 4.7 of the standard)', (filter, topic, expected) => {
  expect(filterMatches(filter, topic)).toBe(expected)
})

const alphabet = ['a', 'b', '', '$x']

/** All topics of up to four levels over the alphabet: enough to tell any two filters of up to three apart. */
const topics: string[] = []
for (let depth = 1, layer = ['']; depth <= 4; depth++) {
  layer = layer.flatMap(start => alphabet.map(level => (depth === 1 ? level : `${start}/${level}`)))
  topics.push(...layer.filter(topic => topic !== ''))
}

const filter = fc
  .tuple(fc.array(fc.constantFrom('a', '', '$x', '+', '+'), { maxLength: 3 }), fc.boolean())
  .map(([levels, deep]) => [...levels.slice(0, deep ? 2 : 3), ...(deep ? ['#'] : [])].join('/'))
  .filter(text => validTopicFilter(text))

test('a filter covers another exactly when it matches all of its topics', () => {
  let covered = 0
  fc.assert(
    fc.property(filter, filter, (grant, asked) => {
      const every = topics.every(topic => !filterMatches(asked, topic) || filterMatches(grant, topic))
      if (every && grant !== asked) covered++
      expect(filterCovers(grant, asked)).toBe(every)
    }),
    {
      numRuns: 5000,
      examples: [
        ['+/#', '#'],
        ['+/+/#', '/#'],
      ],
    },
  )
  expect(covered).toBeGreaterThan(100)
})
