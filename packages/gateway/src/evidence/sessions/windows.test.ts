import { describe, expect, test } from 'vitest'
import { type Happening, happening } from '../happening.ts'
import { COLUMN_NAMES, type SessionRow, SessionWindows, type WindowSize } from './index.ts'

const SIZE: WindowSize = { span: 1_000, most: 100 }
const BEGAN = Date.UTC(2026, 0, 5)

type Parts = Partial<Happening> & Pick<Happening, 'kind' | 'time'>

/** Rows of what one address did; times are milliseconds from the beginning. */
function rowsOf(parts: readonly Parts[], size = SIZE, flush = true): SessionRow[] {
  const rows: SessionRow[] = []
  const windows = new SessionWindows(size, row => void rows.push(row))
  for (const each of parts)
    windows.take(happening({ address: '10.0.0.5', device: 'pump-1', connection: 7, ...each, time: BEGAN + each.time }))
  if (flush) windows.flush()
  return rows
}

const value = ({ values }: SessionRow, name: string): number => {
  expect(COLUMN_NAMES).toContain(name)
  return values[COLUMN_NAMES.indexOf(name)]
}
const told = (row: SessionRow, ...names: string[]): Record<string, number> =>
  Object.fromEntries(names.map(name => [name, value(row, name)]))

const SESSION: readonly Parts[] = [
  { kind: 'opened', time: 0 },
  { kind: 'progress', time: 50, bytes: 9 },
  { kind: 'connect', time: 100, user: 'ada', secret: 5, topic: 'a/will', clean: true, keepAlive: 2, bytes: 40 },
  { kind: 'connack', time: 120, code: 'accepted' },
  { kind: 'subscribe', time: 200, topic: 'plant/+/set', qos: 1 },
  { kind: 'publish', time: 300, topic: 'plant/x', bytes: 10, qos: 1, retain: true },
  { kind: 'publish', time: 500, topic: 'plant/x', bytes: 30, qos: 1, dup: true },
  { kind: 'receive', time: 600, topic: '$SYS/up', bytes: 5 },
]

test('a window is told by its counts, sizes, times, topics and by what its CONNECT said', () => {
  const [row, ...others] = rowsOf(SESSION)
  expect(others).toEqual([])
  expect(told(row, 'seconds', 'happenings', 'publishes', 'receives', 'bytes', 'waits', 'waiting_bytes')).toEqual({
    seconds: 0.6,
    happenings: 8,
    publishes: 2,
    receives: 1,
    bytes: 45,
    waits: 1,
    waiting_bytes: 9,
  })
  expect(told(row, 'sent_mean', 'sent_deviation', 'sent_least', 'sent_most', 'received_most')).toEqual({
    sent_mean: 20,
    sent_deviation: 10,
    sent_least: 10,
    sent_most: 30,
    received_most: 5,
  })
  expect(value(row, 'gap_most')).toBeCloseTo(0.2, 6)
  expect(value(row, 'own_gap_mean')).toBeCloseTo(0.45 / 4, 6)
  expect(value(row, 'qos1_share')).toBeCloseTo(2 / 3, 9)
  expect(told(row, 'topics', 'topic_depth_most', 'topic_length_most', 'wildcards', 'odd_topics')).toEqual({
    topics: 3,
    topic_depth_most: 3,
    topic_length_most: 11,
    wildcards: 1,
    odd_topics: 1,
  })
  expect(told(row, 'clean', 'user', 'password', 'will', 'keep_alive', 'keep_alive_off', 'refused')).toEqual({
    clean: 1,
    user: 1,
    password: 1,
    will: 1,
    keep_alive: 2,
    keep_alive_off: 0,
    refused: 0,
  })
  expect(value(row, 'connect_after')).toBeCloseTo(0.1, 6)
  expect(value(row, 'answer_after')).toBeCloseTo(0.02, 6)
  expect(value(row, 'keep_alive_used')).toBeCloseTo(0.1, 6)
  expect(told(row, 'source_open', 'source_connects', 'source_users', 'source_unconnected', 'source_messages')).toEqual({
    source_open: 1,
    source_connects: 1,
    source_users: 1,
    source_unconnected: 0,
    source_messages: 3,
  })
})

test('what is not known is not a number, and nothing is infinite', () => {
  const [row] = rowsOf([{ kind: 'publish', time: 0, topic: 'a', bytes: 1 }])
  for (const name of ['idle_before', 'clean', 'keep_alive', 'keep_alive_used', 'connect_after', 'refused'])
    expect(value(row, name)).toBeNaN()
  for (const each of row.values) expect(Math.abs(each)).not.toBe(Number.POSITIVE_INFINITY)
})

describe('a window ends', () => {
  const publishes = (...times: number[]): Parts[] =>
    times.map(time => ({ kind: 'publish', time, topic: 'a', bytes: 1 }))

  test('after its span, counted from its first happening; the silence before the next is told', () => {
    const rows = rowsOf(publishes(0, 999, 1_000, 5_000))
    expect(rows.map(row => value(row, 'publishes'))).toEqual([2, 1, 1])
    expect(rows.map(row => value(row, 'idle_before'))).toEqual([Number.NaN, 0.001, 4])
    expect(value(rows[2], 'own_gap_most')).toBe(0)
  })

  test('after so many happenings', () => {
    expect(rowsOf(publishes(0, 1, 2, 3, 4), { span: 1_000, most: 2 }).map(row => value(row, 'publishes'))).toEqual([
      2, 2, 1,
    ])
  })

  test('with its session, and with an illegal packet: what a capture has behind that was never to be', () => {
    const illegal: Parts[] = [{ kind: 'fault', time: 3, code: 'malformed' }, ...publishes(4, 5)]
    const rows = rowsOf([{ kind: 'opened', time: 0 }, ...illegal, { kind: 'closed', time: 6 }], SIZE, false)
    expect(rows.map(row => told(row, 'happenings', 'faults', 'publishes'))).toEqual([
      { happenings: 2, faults: 1, publishes: 0 },
    ])
    const closed = rowsOf([...publishes(0), { kind: 'closed', time: 1 }], SIZE, false)
    expect(closed.map(row => value(row, 'closed'))).toEqual([1])
  })

  test('as time goes on, though its session is silent', () => {
    const rows: SessionRow[] = []
    const windows = new SessionWindows(SIZE, row => void rows.push(row))
    windows.take(happening({ kind: 'opened', time: BEGAN, connection: 1 }))
    windows.advance(BEGAN + 999)
    expect(rows).toEqual([])
    windows.advance(BEGAN + 1_000)
    windows.flush()
    expect(rows).toHaveLength(1)
  })
})

test('a row says nothing of who, where and when: names, numbers and days may be others', () => {
  const shift: Record<string, string> = {
    plant: 'tnalp',
    'plant/x': 'tnalp/q',
    'plant/+/set': 'tnalp/+/tes',
    ada: 'bob',
  }
  const renamed = SESSION.map(each => ({
    ...each,
    time: each.time + 86_400_000,
    device: 'valve-99',
    address: '2001:db8::9',
    connection: 4_711,
    ...(each.topic === undefined ? {} : { topic: shift[each.topic] ?? each.topic }),
    ...(each.user === undefined ? {} : { user: 'bob' }),
    ...(each.secret === undefined ? {} : { secret: 77 }),
  }))
  const [one, other] = [rowsOf(SESSION), rowsOf(renamed)]
  expect(other[0].values).toEqual(one[0].values)
  expect(other[0].device).not.toBe(one[0].device)
})

test('what only a gateway sees, and what its broker did wrong, is in no row', () => {
  const more: Parts[] = [
    { kind: 'verdict', time: 700, code: 'x' },
    { kind: 'handshake', time: 701 },
    { kind: 'fault', time: 702, code: 'broker_malformed' },
  ]
  expect(rowsOf([...SESSION, ...more])).toEqual(rowsOf(SESSION))
})

test('an address is told by what it did of late, in all its sessions', () => {
  const tries: Parts[] = Array.from({ length: 40 }, (_, n) => [
    { kind: 'opened', time: 50 * n, connection: n },
    { kind: 'connect', time: 50 * n + 1, connection: n, user: 'root', secret: n + 1 },
    { kind: 'connack', time: 50 * n + 2, connection: n, code: 'credentials' },
    { kind: 'closed', time: 50 * n + 3, connection: n },
  ]).flat() as Parts[]
  const rows = rowsOf(tries)
  expect(rows).toHaveLength(40)
  expect(told(rows[0], 'source_opened', 'source_refused')).toEqual({ source_opened: 1, source_refused: 1 })
  // Twenty a second, whenever it is.
  for (const row of rows.slice(20)) {
    expect(value(row, 'source_refused')).toBeGreaterThan(18)
    expect(value(row, 'source_refused')).toBeLessThan(22)
  }
  expect(told(rows[39], 'source_users', 'source_open', 'source_unconnected')).toEqual({
    source_users: 1,
    source_open: 0,
    source_unconnected: 0,
  })
  expect(value(rows[39], 'source_passwords')).toBe(20)
  const later = rowsOf([...tries, { kind: 'opened', time: 60_000, connection: 99 }])
  expect(told(later[40], 'source_opened', 'source_refused')).toEqual({ source_opened: 1, source_refused: 0 })
})
