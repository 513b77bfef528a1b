import { describe, expect, test } from 'vitest'
import type { Act } from '../contract/index.ts'
import { book, controller, form, pump, sensor } from '../profile/profile.testkit.ts'
import { act, ask, principal } from './guards.testkit.ts'
import { ProfileDesk } from './payload.ts'
import { schema } from './schema.ts'

type Members = Record<string, unknown>
const GOOD = { n: 1, ts: 1_700_000_000_000, device: 'level-1', value: 1.5, unit: 'm' }

/** What the guard says of a message under a sensor's profile with these parts. */
function bench(parts: Members = {}, values: Members = {}, options = { undeclared: true, strangers: false }) {
  const desk = new ProfileDesk(book([sensor(parts, values), pump(), controller()]), { all: false }, 0)
  const guard = schema(desk, options)
  return (message: unknown, about: Partial<Act> & { topic?: string } = {}) => {
    const bytes = new TextEncoder().encode(typeof message === 'string' ? message : JSON.stringify(message))
    const topic = about.topic ?? 'mill-3/level-1/telemetry'
    const speaker = about.speaker ?? principal('level-1')
    const whole = { bytes, start: 0, end: bytes.length, payloadStart: 0, payloadEnd: bytes.length }
    const said = ask(guard, act({ ...whole, speaker, ...about, topic }))
    return { lines: said.lines.map(line => line.replace('add ', '')), why: said.why }
  }
}

test('a message that is as its profile says passes', () => {
  expect(bench()(GOOD).lines).toEqual([])
})

describe('payloads', () => {
  test.each([
    ['{', 'payload_syntax'],
    [{ ...GOOD, device: 'level-2' }, 'value_enum'],
    [{ ...GOOD, value: 2.5 }, 'value_range'],
    [{ ...GOOD, value: '1' }, 'value_type'],
    [{ ...GOOD, more: 1 }, 'value_unknown'],
    [{ ...GOOD, n: undefined }, 'value_missing'],
    ['{"n":1,"n":2}', 'payload_duplicate_key'],
  ])('%j: %s', (message, code) => expect(bench()(message).lines).toEqual([code]))

  test('the sentence begins with the place', () => {
    expect(bench()({ ...GOOD, value: 2.5 }).why).toMatch(/^\/value: /)
  })

  test('wills are judged as messages are', () => {
    expect(bench()('x', { action: 'will' }).lines).toEqual(['payload_syntax'])
  })

  test('any bytes will do where the form says so', () => {
    const said = bench({
      type: undefined,
      properties: undefined,
      required: undefined,
      additionalProperties: undefined,
      forms: [form('${site}/${device}/telemetry', { contentType: 'application/octet-stream' })],
    })
    expect(said('\u0000x').lines).toEqual([])
  })

  test('plain texts', () => {
    const plain = {
      type: 'string',
      enum: ['online', 'offline'],
      properties: undefined,
      required: undefined,
      additionalProperties: undefined,
    }
    const said = bench({ ...plain, forms: [form('${site}/${device}/telemetry', { contentType: 'text/plain' })] })
    expect(said('online').lines).toEqual([])
    expect(said('on').lines).toEqual(['value_enum'])
  })
})

describe('the form', () => {
  test('retain and QoS are those of the form', () => {
    expect(bench()(GOOD, { retain: true }).lines).toEqual(['form_retain'])
    expect(bench()(GOOD, { qos: 2 }).lines).toEqual(['form_qos'])
    expect(bench()(GOOD, { qos: 1 }).lines).toEqual([])
  })

  test('so is the largest payload', () => {
    expect(bench({ 'rw:maximumBytes': '70B' })(GOOD).lines).toEqual([])
    expect(bench({ 'rw:maximumBytes': '50B' })(GOOD).lines).toEqual(['payload_too_large'])
  })
})

describe('commands', () => {
  test('are not larger than their profile says, up and down', () => {
    const small = pump({ 'rw:maximumBytes': '16B' })
    const desk = new ProfileDesk(book([small, controller()]), { all: false }, 0)
    const bytes = new TextEncoder().encode(JSON.stringify({ value: 0.5, more: 'x'.repeat(20) }))
    const whole = { bytes, payloadStart: 0, payloadEnd: bytes.length, topic: 'mill-3/pump-1/set' }
    const guard = schema(desk, { undeclared: true, strangers: false })
    for (const action of ['publish', 'receive'] as const) {
      const said = ask(guard, act({ ...whole, action, speaker: principal('pump-1') }))
      expect(said.lines).toEqual(['add payload_too_large'])
    }
  })
})

describe('topics', () => {
  const elsewhere = { topic: 'mill-3/level-1/other' }
  const stranger = { speaker: principal('x-1') }
  test('that the profile does not declare are refused, or not', () => {
    expect(bench()(GOOD, elsewhere).lines).toEqual(['topic_undeclared'])
    expect(bench({}, {}, { undeclared: false, strangers: true })(GOOD, elsewhere).lines).toEqual([])
  })

  test('of devices without a profile too', () => {
    expect(bench()(GOOD, stranger).lines).toEqual([])
    expect(bench({}, {}, { undeclared: false, strangers: true })(GOOD, stranger).lines).toEqual(['device_undeclared'])
  })

  test('commands are judged in both directions, for whom they are', () => {
    const command = { topic: 'mill-3/pump-1/set' }
    expect(bench()({ value: 0.5 }, { ...command, ...stranger }).lines).toEqual([])
    expect(bench()({ value: 5 }, { ...command, ...stranger }).lines).toEqual(['value_range'])
    const down: Partial<Act> = { direction: 'down', action: 'receive', speaker: principal('pump-1') }
    expect(bench()({ value: 5 }, { ...command, ...down }).lines).toEqual(['value_range'])
    expect(bench()({ value: 5 }, { ...command, ...down, speaker: principal('pump-2') }).lines).toEqual([])
  })

  test('subscriptions and connections are none of its business', () => {
    for (const action of ['subscribe', 'connect', 'control'] as const) {
      expect(bench()('x', { action, ...elsewhere }).lines).toEqual([])
    }
  })
})

describe('units', () => {
  const said = bench({ 'rw:unit': { of: '/value', field: '/unit' } })
  test('a reading in another declared unit is converted before its range is judged', () => {
    expect(said({ ...GOOD, value: 150, unit: 'cm' }).lines).toEqual([])
    expect(said({ ...GOOD, value: 150, unit: 'm' }).lines).toEqual(['value_range'])
    expect(said({ ...GOOD, value: 250, unit: 'cm' }).why).toBe('/value: 2.5 m after conversion, allowed are 0 to 2')
  })

  test('a unit that is always the same converts like any other', () => {
    const fixed = bench({ 'rw:unit': { of: '/value', field: '/unit' } }, { unit: { const: 'cm' } })
    expect(fixed({ ...GOOD, value: 150, unit: 'cm' }).lines).toEqual([])
    expect(fixed({ ...GOOD, value: 250, unit: 'cm' }).lines).toEqual(['value_range'])
  })

  test('exclusive bounds are those of the converted reading', () => {
    const value = { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 2, unit: 'm', 'rw:name': 'level' }
    const open = bench({ 'rw:unit': { of: '/value', field: '/unit' } }, { value })
    expect(open({ ...GOOD, value: 150, unit: 'cm' }).lines).toEqual([])
    expect(open({ ...GOOD, value: 0, unit: 'cm' }).lines).toEqual(['value_range'])
    expect(open({ ...GOOD, value: 200, unit: 'cm' }).why).toBe(
      '/value: 2 m after conversion, allowed are more than 0 to less than 2',
    )
    expect(said({ ...GOOD, unit: 'mm' }).lines).toEqual(['value_enum'])
  })
})

describe('what is said twice', () => {
  const copy = { kind: 'copy', of: '/value', field: '/cm', tolerance: 0.0001 }
  test('a copy in another unit', () => {
    const said = bench({ 'rw:redundant': [copy] })
    expect(said({ ...GOOD, cm: 150 }).lines).toEqual([])
    expect(said({ ...GOOD, cm: 151 }).lines).toEqual(['redundancy_mismatch'])
    expect(said({ ...GOOD, cm: 151 }).why).toBe('/cm: it says 1.51, the reading 1.5; 0.0001 apart is allowed')
    expect(said(GOOD).lines).toEqual(['redundancy_mismatch'])
  })

  test('a copy beside a reading in several units', () => {
    const said = bench({ 'rw:redundant': [copy], 'rw:unit': { of: '/value', field: '/unit' } })
    expect(said({ ...GOOD, value: 150, unit: 'cm', cm: 150 }).lines).toEqual([])
    expect(said({ ...GOOD, value: 150, unit: 'cm', cm: 1.5 }).lines).toEqual(['redundancy_mismatch'])
  })

  test.each([
    ['decimal', '1.5', '1.6'],
    ['float32-hex', '3fc00000', '3fc00001'],
  ])('a copy as %s', (encoding, right, wrong) => {
    const said = bench(
      { 'rw:redundant': [{ ...copy, tolerance: 0, field: '/text', encoding }] },
      { text: { type: 'string' } },
    )
    expect(said({ ...GOOD, text: right }).lines).toEqual([])
    expect(said({ ...GOOD, text: wrong }).lines).toEqual(['redundancy_mismatch'])
    expect(said({ ...GOOD, text: 'x' }).lines.length).toBe(1)
  })

  test('a scaled copy', () => {
    const said = bench({ 'rw:redundant': [{ ...copy, field: '/milli', scale: 0.001 }] }, { milli: { type: 'integer' } })
    expect(said({ ...GOOD, milli: 1500 }).lines).toEqual([])
    expect(said({ ...GOOD, milli: 1501 }).lines).toEqual(['redundancy_mismatch'])
  })

  test('a check digit over the digits as they were sent', () => {
    const said = bench({ 'rw:redundant': [{ kind: 'check-digit', of: '/value', field: '/check', method: 'damm' }] })
    const text = (value: string, check: number) => JSON.stringify({ ...GOOD, check }).replace('1.5', value)
    expect(said(text('0.572', 4)).lines).toEqual([])
    expect(said(text('0.5720', 4)).lines).toEqual(['redundancy_mismatch'])
    expect(said(text('0.573', 4)).lines).toEqual(['redundancy_mismatch'])
  })
})
