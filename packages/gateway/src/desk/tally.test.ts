import { expect, test } from 'vitest'
import { totals } from './desk.testkit.ts'
import { TallyBook } from './tally.ts'

const state = (each: number, connections = 0, buffered = 0) => ({ counts: totals(each), connections, buffered })

test('totals are what the workers told last, together', () => {
  const book = new TallyBook()
  expect(book.totals).toEqual(totals(0))
  book.update(0, state(5, 1, 10))
  book.update(1, state(7, 2, 20))
  book.update(0, state(6, 3, 30))
  expect(book.totals).toEqual(totals(13))
  expect([book.connections, book.buffered]).toEqual([5, 50])
})

test('a worker that died keeps its counts and none of its connections; the next begins at zero', () => {
  const book = new TallyBook()
  book.update(0, state(5, 4, 40))
  book.update(1, state(1))
  book.end(0)
  expect(book.totals).toEqual(totals(6))
  expect([book.connections, book.buffered]).toEqual([0, 0])
  book.update(0, state(2, 1))
  expect(book.totals).toEqual(totals(8))
  book.end(0)
  book.end(0)
  book.end(7)
  expect(book.totals).toEqual(totals(8))
})

test('findings are joined by guard, code and decision', () => {
  const book = new TallyBook()
  const finding = { guard: 'access', code: 'publish_denied', decision: 'refuse', count: 2 } as const
  book.count(finding)
  book.count({ ...finding, count: 3 })
  book.count({ ...finding, decision: 'flag' })
  expect(book.codes).toEqual([
    { ...finding, count: 5 },
    { ...finding, decision: 'flag' },
  ])
  expect(finding.count).toBe(2)
})
