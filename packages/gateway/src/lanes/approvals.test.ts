import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SharedApprovals } from './approvals.ts'

const KEY = [1, 2, 3, 4] as const
const bytes = (text: string) => new TextEncoder().encode(text)
const T = 1_700_000_000_000

/** Commands by site, topic and payload. */
function book(entries: number, memory?: SharedArrayBuffer) {
  const approvals = new SharedApprovals(memory ?? entries, KEY)
  return {
    buffer: approvals.buffer,
    grant: (topic: string, payload: string, until = T, site = 'mill-3') =>
      approvals.grant(site, bytes(topic), bytes(payload), 0, payload.length, until),
    holds: (topic: string, payload: string, now = T - 1, site = 'mill-3') =>
      approvals.holds(site, bytes(topic), bytes(payload), 0, payload.length, now),
  }
}

describe('what was said', () => {
  test('holds for the same site, topic and payload, and for nothing else', () => {
    const one = book(64)
    one.grant('valve/set', '{"value":1}')
    expect(one.holds('valve/set', '{"value":1}')).toBe(true)
    expect(one.holds('valve/set', '{"value":0}')).toBe(false)
    expect(one.holds('valve/se', 't{"value":1}')).toBe(false)
    expect(one.holds('valve/set', '{"value":1}', T - 1, 'mill-4')).toBe(false)
    expect(one.holds('', '')).toBe(false)
  })

  test('holds until it expires, and said again it lasts longer', () => {
    const one = book(64)
    one.grant('a', 'x', T)
    expect(one.holds('a', 'x', T)).toBe(false)
    one.grant('a', 'x', T + 10_000)
    expect(one.holds('a', 'x', T + 9_000)).toBe(true)
    expect(one.holds('a', 'x', T + 10_000)).toBe(false)
  })

  test('holds past 2038, where seconds no longer fit into 31 bits', () => {
    const one = book(64)
    const late = 2 ** 31 * 1_000
    one.grant('a', 'x', late + 60_000)
    expect(one.holds('a', 'x', late + 59_000)).toBe(true)
    expect(one.holds('a', 'x', late + 60_000)).toBe(false)
  })

  test('is known to all threads that have the memory and the key', () => {
    const one = book(64)
    one.grant('a', 'x')
    expect(book(64, one.buffer).holds('a', 'x')).toBe(true)
    const stranger = new SharedApprovals(one.buffer, [1, 2, 3, 5])
    expect(stranger.holds('mill-3', bytes('a'), bytes('x'), 0, 1, T - 1)).toBe(false)
  })

  test('of a full bucket what expires first goes, and the memory stays what it was', () => {
    const one = book(8)
    for (let index = 0; index < 9; index++) one.grant('a', String(index), T + index * 1_000)
    const held = Array.from({ length: 9 }, (_, index) => one.holds('a', String(index)))
    expect(held).toEqual([false, ...Array(8).fill(true)])
    expect(one.buffer.byteLength).toBe(8 * 16)
  })

  test('an entry that somebody else is writing is passed over', () => {
    const one = book(8)
    const words = new Int32Array(one.buffer)
    for (let way = 0; way < 7; way++) words[way * 4] = 1
    one.grant('a', 'x')
    expect(words[7 * 4]).toBe(2)
    expect(one.holds('a', 'x')).toBe(true)
    words[7 * 4] = 3
    expect(one.holds('a', 'x')).toBe(false)
    one.grant('a', 'y')
    expect(one.holds('a', 'y')).toBe(false)
  })

  test('nothing holds that nobody granted', () => {
    const command = fc.tuple(fc.string({ maxLength: 6 }), fc.string({ maxLength: 6 }))
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), command, (granted, asked) => {
        const one = book(1_024)
        for (const [topic, payload] of granted) one.grant(topic, payload)
        const wasGranted = granted.some(([topic, payload]) => topic === asked[0] && payload === asked[1])
        expect(one.holds(...asked)).toBe(wasGranted)
      }),
      { numRuns: 300, seed: 6 },
    )
  })
})
