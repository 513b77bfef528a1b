import { encode } from 'cbor2'
import sparkplug from 'sparkplug-payload'
import { describe, expect, test } from 'vitest'
import type { Act } from '../contract/index.ts'
import { book, form, profile } from '../profile/profile.testkit.ts'
import { act, ask, lane, principal, scene } from './guards.testkit.ts'
import { ProfileDesk } from './payload.ts'
import { schema } from './schema.ts'

type Members = Record<string, unknown>

/** What the guard says of one act after another of level-1; what goes through is learned. */
function bench(property: Members) {
  const compiled = book([profile({ 'rw:devices': ['level-1'], properties: { telemetry: property } })])
  const desk = new ProfileDesk(compiled, { all: false }, 0)
  const guard = schema(desk, { undeclared: true, strangers: false })
  return (bytes: Uint8Array, about: Partial<Act> & { topic?: string } = {}) => {
    const topic = about.topic ?? 'mill-3/level-1/telemetry'
    const whole = { bytes, start: 0, end: bytes.length, payloadStart: 0, payloadEnd: bytes.length }
    const one = act({ ...whole, speaker: principal('level-1'), ...about, topic })
    const said = ask(guard, one)
    if (said.lines.length === 0) guard.learn?.(one, lane(), scene())
    return said.lines.map(line => line.replace('add ', ''))
  }
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

test('CBOR is judged by the same schema', () => {
  const said = bench({
    type: 'object',
    properties: {
      device: { const: '${device}' },
      value: { type: 'number', maximum: 2, unit: 'm', 'rw:name': 'level' },
    },
    required: ['device', 'value'],
    additionalProperties: false,
    forms: [form('${site}/${device}/telemetry', { contentType: 'application/cbor' })],
  })
  expect(said(encode({ device: 'level-1', value: 1.5 }))).toEqual([])
  expect(said(encode({ device: 'level-1', value: 2.5 }))).toEqual(['value_range'])
  expect(said(encode({ device: 'level-2', value: 1 }))).toEqual(['value_enum'])
  expect(said(text({ device: 'level-1', value: 1.5 })).length).toBe(1)
})

describe('SenML', () => {
  const property = (contentType: string): Members => ({
    type: 'object',
    properties: { level: { type: 'number', minimum: 0, maximum: 2, unit: 'm', 'rw:name': 'level' } },
    required: ['level'],
    additionalProperties: false,
    'rw:baseName': '${device}:',
    'rw:clock': { field: 'time', skew: '5s' },
    forms: [form('${site}/${device}/telemetry', { contentType })],
  })
  const pack = (parts: Members = {}) => [{ bn: 'level-1:', bt: 1_700_000_000, n: 'level', u: 'm', v: 1.5, ...parts }]

  test('in JSON: names, units and ranges', () => {
    const said = bench(property('application/senml+json'))
    expect(said(text(pack()))).toEqual([])
    expect(said(text(pack({ v: 2.5 })))).toEqual(['value_range'])
    for (const parts of [{ bn: 'level-2:' }, { u: 'cm' }, { n: 'height' }])
      expect(said(text(pack(parts))).length).toBe(1)
  })

  test('in CBOR, by its integer labels', () => {
    const said = bench(property('application/senml+cbor'))
    const record = (value: number) =>
      new Map<number, unknown>([
        [-2, 'level-1:'],
        [0, 'level'],
        [1, 'm'],
        [2, value],
        [6, 1_700_000_000],
      ])
    expect(said(encode([record(1.5)]))).toEqual([])
    expect(said(encode([record(2.5)]))).toEqual(['value_range'])
  })
})

describe('Sparkplug B', () => {
  const { encodePayload } = sparkplug.get('spBv1.0')!
  const property: Members = {
    type: 'object',
    properties: { level: { type: 'number', minimum: 0, maximum: 2, unit: 'm', 'rw:name': 'level' } },
    forms: [
      {
        href: 'mqtts://gateway',
        'mqv:filter': 'spBv1.0/${site}/+/${device}/#',
        contentType: 'application/x-sparkplug-b',
      },
    ],
  }
  const metric = (name: string, value: number, type = 'Double') => ({ name, value, type, timestamp: 1_700_000_000_000 })
  const message = (seq: number | undefined, ...metrics: ReturnType<typeof metric>[]) =>
    encodePayload({ timestamp: 1_700_000_000_000, ...(seq === undefined ? {} : { seq }), metrics } as Parameters<
      typeof encodePayload
    >[0])
  const at = (type: string, parts: Partial<Act> = {}) => ({ topic: `spBv1.0/mill-3/${type}/level-1`, ...parts })
  const born = () => {
    const said = bench(property)
    expect(said(new Uint8Array(0), { action: 'connect' })).toEqual([])
    expect(said(message(undefined, metric('bdSeq', 0, 'UInt64')), at('NDEATH', { action: 'will', qos: 1 }))).toEqual([])
    const rebirth = { ...metric('Node Control/Rebirth', 0, 'Boolean'), value: false as never }
    const birth = message(0, metric('bdSeq', 0, 'UInt64'), rebirth, metric('level', 1))
    expect(said(birth, at('NBIRTH'))).toEqual([])
    return said
  }

  test('an edge node is born and tells its metrics within their ranges', () => {
    const said = born()
    expect(said(message(1, metric('level', 1.5)), at('NDATA'))).toEqual([])
    expect(said(message(2, metric('level', 2.5)), at('NDATA'))).toEqual(['value_range'])
  })

  test('gaps in the sequence, metrics that were not born, and how it is delivered', () => {
    expect(born()(message(5, metric('level', 1)), at('NDATA'))).toEqual(['sparkplug_sequence'])
    expect(born()(message(1, metric('other', 1)), at('NDATA'))).toEqual(['sparkplug_metric'])
    expect(born()(message(1, metric('level', 1)), at('NDATA', { retain: true }))).toEqual(['sparkplug_delivery'])
    expect(born()(message(1, metric('level', 1)), { topic: 'spBv1.0/mill-3/NDATUM/level-1' })).toEqual([
      'sparkplug_topic',
    ])
  })

  test('one that connects anew has to be born anew', () => {
    const said = born()
    said(new Uint8Array(0), { action: 'connect' })
    expect(said(message(1, metric('level', 1)), at('NDATA'))).toEqual(['sparkplug_unborn'])
  })
})
