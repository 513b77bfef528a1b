import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Posture, Tier } from '../contract/index.ts'
import { act, lane, scene } from '../guards/guards.testkit.ts'
import { decodeRecord } from './decode.ts'
import { encodeAct } from './encode.ts'
import { ACTIONS, At } from './layout.ts'
import { outcomeBytes, readOutcome } from './outcome.ts'
import { SharedRing } from './ring.ts'

const finding = fc.record({
  guard: fc.string(),
  code: fc.string(),
  severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical'),
  clause: fc.string({ unit: 'grapheme' }),
  why: fc.string({ unit: 'grapheme' }),
})
const number = fc.double({ noNaN: true, noDefaultInfinity: true })

test('an act comes back as its guards saw it', () => {
  const parts = fc.record({
    action: fc.constantFrom(...ACTIONS),
    qos: fc.constantFrom(0, 1, 2),
    retain: fc.boolean(),
    weight: fc.nat(70_000),
    bytes: fc.uint8Array({ minLength: 8, maxLength: 300 }),
    topic: fc.string({ unit: 'grapheme' }),
  })
  const where = fc.record({
    now: number,
    wall: fc.double({ min: 0, max: 4e12, noNaN: true }),
    keepAlive: number,
    mode: fc.integer({ min: -1, max: 100 }),
    maintenance: fc.boolean(),
    tier: fc.constantFrom<Tier>(0, 1, 2, 3),
    posture: fc.constantFrom<Posture>(0, 1, 2, 3),
    version: fc.constantFrom<0 | 4 | 5>(0, 4, 5),
  })
  fc.assert(
    fc.property(
      parts,
      where,
      fc.array(number, { maxLength: 9 }),
      fc.array(finding, { maxLength: 3 }),
      number,
      fc.boolean(),
      (act_, there, numbers, findings, wait, isGlance) => {
        const ring = new SharedRing(64 * 1024)
        const end = act_.bytes.length
        const said = act({ ...act_, start: 2, end, payloadStart: 5, payloadEnd: end })
        const outcome = outcomeBytes(findings.length === 0 ? 0 : 2, findings, wait)
        const reads = Float64Array.from(numbers)
        const judged = { outcome, reads, readCount: reads.length, same: false, isGlance }
        expect(encodeAct(ring, said, lane(), { ...scene(), ...there }, judged)).toBe(true)
        const read = decodeRecord(Buffer.from(ring.next() ?? []))
        if (read.kind !== 'act') throw new Error('it is no act')
        const { recorded } = read
        const { action, direction, qos, retain, weight } = said
        expect(recorded.act).toEqual({ action, direction, qos, retain, weight })
        expect(recorded.scene).toEqual(there)
        expect(recorded.isGlance).toBe(isGlance)
        expect(recorded.address.toString()).toBe(said.address.text)
        expect([...recorded.packet]).toEqual([...act_.bytes.subarray(2)])
        expect([recorded.payloadStart, recorded.payloadLength]).toEqual([3, end - 5])
        expect([...recorded.reads]).toEqual(numbers)
        const decision = findings.length === 0 ? 0 : 2
        expect(readOutcome(recorded.outcome)).toEqual({ decision, wait: decision === 2 ? wait : 0, findings })
      },
    ),
    { numRuns: 300 },
  )
})

test.each([-1, 2 ** 32 * 1_000, Number.NaN, Number.POSITIVE_INFINITY])('an act at %d is none', wall => {
  const ring = new SharedRing(64 * 1024)
  const judged = {
    outcome: outcomeBytes(0, [], 0),
    reads: new Float64Array(),
    readCount: 0,
    same: false,
    isGlance: false,
  }
  expect(encodeAct(ring, act({ bytes: new Uint8Array(8) }), lane(), scene(), judged)).toBe(true)
  const record = Buffer.from(ring.next() ?? [])
  expect(() => decodeRecord(record)).not.toThrow()
  record.writeDoubleLE(wall, At.wall)
  expect(() => decodeRecord(record)).toThrow('an act has no time')
})

test('what is no record is an error that says so, and nothing else', () => {
  const first = fc.integer({ min: 0, max: 6 })
  fc.assert(
    fc.property(first, fc.uint8Array({ maxLength: 200 }), (kind, rest) => {
      try {
        decodeRecord(Buffer.from([kind, ...rest]))
      } catch (error) {
        expect(error instanceof RangeError || error instanceof SyntaxError).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})
