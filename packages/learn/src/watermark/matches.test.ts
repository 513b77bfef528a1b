import { expect, test } from 'vitest'
import { randomOf } from '../base/random.ts'
import { matchTail } from './matches.ts'

/** All orders of some labels. */
function* ordersOf(labels: readonly number[]): Generator<number[]> {
  if (labels.length === 0) return yield []
  for (const [i, first] of labels.entries())
    for (const rest of ordersOf(labels.filter((_, j) => j !== i))) yield [first, ...rest]
}

function pairsOf(answers: readonly number[], labels: readonly number[], classes: number) {
  const count = (list: readonly number[], code: number) => list.filter(each => each === code).length
  return Array.from({ length: classes }, (_, code) => ({ answers: count(answers, code), labels: count(labels, code) }))
}

test.each([
  [
    [0, 0, 1, 1, 2, 2],
    [0, 0, 1, 1, 2, 2],
  ],
  [
    [0, 0, 0, 0, 1, 2],
    [0, 0, 1, 1, 2, 2],
  ],
  [
    [0, 9, 9, 1, 1, 2, 2],
    [0, 0, 0, 1, 1, 2, 2],
  ],
])('it counts what all orders give: answers %j, labels %j', (answers, labels) => {
  const agreeing = [...ordersOf(labels)].map(order => order.filter((label, i) => label === answers[i]).length)
  for (let hits = 0; hits <= labels.length; hits++) {
    const exact = agreeing.filter(each => each >= hits).length / agreeing.length
    expect(matchTail(hits, labels.length, pairsOf(answers, labels, 3))).toBeCloseTo(exact, 12)
  }
})

test('two classes of 64, all of 128 agree: one of all ways to deal them', () => {
  const even = [
    { answers: 64, labels: 64 },
    { answers: 64, labels: 64 },
  ]
  let ways = 1
  for (let i = 1; i <= 64; i++) ways *= (64 + i) / i
  expect(matchTail(128, 128, even) * ways).toBeCloseTo(1, 10)
  expect(matchTail(126, 128, even)).toBeLessThan(2 ** -64)
})

test('the same answer everywhere says nothing: it agrees 64 times, whatever the order', () => {
  const same = [
    { answers: 128, labels: 64 },
    { answers: 0, labels: 64 },
  ]
  expect(matchTail(64, 128, same)).toBe(1)
  expect(matchTail(65, 128, same)).toBe(0)
})

test('under the null p is below a level no more often than the level says', () => {
  const random = randomOf(11)
  const draws = 4_000
  for (const [classes, commonest] of [
    [2, 0.5],
    [2, 0.9],
    [5, 0.3],
    [40, 0.1],
  ] as const) {
    const answers = Array.from({ length: 128 }, () => (random.next() < commonest ? 0 : random.below(classes)))
    const labels = Array.from({ length: 128 }, (_, i) => i % classes)
    const pairs = pairsOf(answers, labels, classes)
    const tails = Array.from({ length: 129 }, (_, hits) => matchTail(hits, 128, pairs))
    const ps = Array.from({ length: draws }, () => {
      for (let last = 127; last > 0; last--) {
        const other = random.below(last + 1)
        const held = labels[last]!
        labels[last] = labels[other]!
        labels[other] = held
      }
      return tails[labels.filter((label, i) => label === answers[i]).length]!
    })
    // Four deviations of a count of draws.
    for (const level of [0.5, 0.1, 0.01]) {
      const most = draws * level + 4 * Math.sqrt(draws * level * (1 - level))
      expect(ps.filter(p => p <= level).length).toBeLessThan(most)
    }
    expect(ps.filter(p => p <= 0.5).length).toBeGreaterThan(draws * 0.2)
  }
})
