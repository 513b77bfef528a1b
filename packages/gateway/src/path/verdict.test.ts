import { describe, expect, test } from 'vitest'
import type { Finding } from '../contract/index.ts'
import { act } from '../guards/guards.testkit.ts'
import { type Subject, subjectOf, VerdictBook } from './verdict.ts'

const MINUTE = 60_000
const finding = (code: string, guard = 'access'): Finding => ({ guard, code, severity: 'high', clause: '', why: '' })
const subject = (parts: Partial<Subject> = {}): Subject => ({
  device: 'pump-1',
  peer: '192.0.2.1:5000',
  direction: 'up',
  action: 'publish',
  address: 'a',
  bytes: new Uint8Array(3_000).fill(7),
  start: 10,
  end: 20,
  ...parts,
})

describe('a verdict', () => {
  test('holds its own copy of the first kilobyte of the act, and its whole length', () => {
    const book = new VerdictBook('3')
    const about = subject({ end: 2_510 })
    book.note('refuse', [finding('denied')], about, 5)
    about.bytes.fill(0)
    const [verdict] = book.take().verdicts
    expect(verdict).toMatchObject({ id: '3-0', time: 5, decision: 'refuse', device: 'pump-1', length: 2_500 })
    expect(verdict.bytes.length).toBe(1_024)
    expect(verdict.bytes.every(byte => byte === 7)).toBe(true)
  })

  test('has a number that no other of its worker has', () => {
    const book = new VerdictBook('0')
    for (let i = 0; i < 100; i++) book.note('flag', [finding(`code-${i}`)], subject(), 0)
    const more = Array.from({ length: 2 }, () => book.take().verdicts)
    expect(new Set(more.flat().map(({ id }) => id)).size).toBe(100)
    expect(more[1]).toEqual([])
  })

  test('of an act names its speaker and its address', () => {
    expect(subjectOf(act({ topic: 'plant/x' }), 'p:1')).toMatchObject({ device: 'pump-1', address: 'plant/x', end: 24 })
  })
})

describe('what is remembered', () => {
  test('is the first twenty of a kind by device and minute; all are counted', () => {
    const book = new VerdictBook('0')
    for (let i = 0; i < 50; i++) book.note('refuse', [finding('denied')], subject(), MINUTE + i)
    book.note('refuse', [finding('too_large', 'size')], subject(), MINUTE)
    book.note('refuse', [finding('denied')], subject({ device: 'pump-2' }), MINUTE)
    book.note('refuse', [finding('denied')], subject(), 2 * MINUTE)
    const { verdicts, tallies } = book.take()
    expect(verdicts.length).toBe(23)
    expect(tallies).toEqual([
      { guard: 'access', code: 'denied', decision: 'refuse', count: 52 },
      { guard: 'size', code: 'too_large', decision: 'refuse', count: 1 },
    ])
    expect(book.take()).toEqual({ verdicts: [], tallies: [], surplus: [] })
  })

  test('of those without a name is by address, whatever the port', () => {
    const book = new VerdictBook('0')
    for (let port = 0; port < 50; port++) {
      book.note('disconnect', [finding('handshake')], subject({ device: '', peer: `2001:db8::1:${port}` }), 0)
      book.note('disconnect', [finding('handshake')], subject({ device: '', peer: `192.0.2.${port}:1` }), 0)
    }
    expect(book.take().verdicts.length).toBe(20 + 50)
  })

  test('is bounded however many devices there are', () => {
    const book = new VerdictBook('0')
    for (let i = 0; i < 10_000; i++) book.note('refuse', [finding('denied')], subject({ device: `d${i}` }), 0)
    const { verdicts, tallies } = book.take()
    expect(verdicts.length).toBe(4_096)
    expect(tallies[0].count).toBe(10_000)
    book.note('refuse', [finding('denied')], subject({ device: 'd9999' }), MINUTE)
    expect(book.take().verdicts.length).toBe(1)
  })
})

test('every finding is counted by the decision that it led to', () => {
  const book = new VerdictBook('0')
  book.note('flag', [finding('a'), finding('b', 'size')], subject(), 0)
  book.note('refuse', [finding('a')], subject(), 0)
  expect(
    book.take().tallies.map(({ guard, code, decision, count }) => `${guard} ${code} ${decision} ${count}`),
  ).toEqual(['access a flag 1', 'size b flag 1', 'access a refuse 1'])
})
