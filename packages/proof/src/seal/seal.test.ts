import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyMac0 } from '../cose/mac0.ts'
import { asCose, asEnvelope, asProperty, readCose, readEnvelope, readProperty } from './carriers.ts'
import { deviceSecret, sealKey } from './keys.ts'
import { SealView } from './layout.ts'
import { type Seal, Sealer } from './sealer.ts'
import { macHolds } from './verify.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const SITE = Uint8Array.from({ length: 32 }, (_, i) => i)
const SECRET = deviceSecret(SITE, 'mill-3', 'pump-1')
const KEY = sealKey(SECRET, 'pump-1', 1)
const TOPIC = 'plant/pump-1/state'
const NOW = 1_795_000_000_123

function sealed(payload: Uint8Array, topic = TOPIC, before = 0): Seal {
  const sealer = new Sealer(KEY, 1)
  for (let i = 0; i < before; i++) sealer.seal(topic, payload, NOW)
  return sealer.seal(topic, payload, NOW)
}

test('keys are those of HKDF with the written info', () => {
  const info = (...parts: string[]) => parts.join('\0')
  const secret = Buffer.from(hkdfSync('sha256', SITE, '', info('ringwall/seal/v1/secret', 'mill-3', 'pump-1'), 32))
  expect(Buffer.from(SECRET)).toEqual(secret)
  const wanted = Buffer.from(hkdfSync('sha256', secret, '', info('ringwall/seal/v1/key', 'pump-1', '\0\0\x01\0'), 32))
  const other = createHmac('sha256', wanted).update('x').digest()
  expect(Buffer.from(sealKey(SECRET, 'pump-1', 256).mac(ascii('x')))).toEqual(other)
})

test.each([[0], [1], [5]])('what is sealed is a COSE_Mac0 to anybody (message %d before it)', before => {
  const payload = ascii('{"on":true}')
  const whole = asCose(sealed(payload, TOPIC, before), payload)
  const read = verifyMac0(KEY, whole, { external: ascii(TOPIC) })
  expect(read.payload).toEqual(payload)
  expect(read.secured.get(4)).toEqual(Uint8Array.of(1, 1))
  expect(read.secured.get(6)).toEqual(Uint8Array.of(before + 1))
  expect(read.secured.get(15)).toEqual(new Map([[6, 1_795_000_000]]))
  expect((read.secured.get(-65_537) as Uint8Array).length).toBe(before === 0 ? 0 : 8)
})

const numbers = { epoch: fc.integer({ min: 1, max: 2 ** 32 - 1 }), sequence: fc.maxSafeInteger().filter(n => n > 0) }
const clock = fc.oneof(fc.nat(300), fc.nat(2 ** 31), fc.nat(70_000), fc.integer({ min: 2 ** 32 - 2, max: 2 ** 33 }))
const small = { epoch: fc.constant(1), sequence: fc.integer({ min: 1, max: 300 }) }
const message = fc.record({ ...numbers, clock, payload: fc.uint8Array({ maxLength: 400 }), linked: fc.boolean() })
const early = fc.record({
  ...small,
  clock: fc.nat(70_000),
  payload: fc.uint8Array({ maxLength: 30 }),
  linked: fc.boolean(),
})

test('each carrier gives back what was sealed, and its MAC holds', () => {
  fc.assert(
    fc.property(fc.oneof(message, early), ({ epoch, sequence, payload, linked, clock }) => {
      const previous = linked ? Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) : new Uint8Array(0)
      const seal = new Sealer(KEY, epoch, { sequence: sequence - 1, previous }).seal(TOPIC, payload, clock * 1_000)
      const view = new SealView()
      const holds = (inner: Uint8Array) => {
        expect([view.epoch, view.sequence, view.time]).toEqual([epoch, sequence, clock])
        expect(view.previous).toEqual(previous)
        expect(macHolds(KEY, view, ascii(TOPIC), inner)).toBe(true)
        expect(macHolds(KEY, view, ascii('plant/pump-2/state'), inner)).toBe(false)
        expect(macHolds(KEY, view, ascii(TOPIC), Uint8Array.of(...inner, 0))).toBe(false)
      }
      const property = ascii(asProperty(seal))
      expect(readProperty(property, 0, property.length, view)).toBe(true)
      holds(payload)
      const envelope = Uint8Array.of(9, ...asEnvelope(seal, payload), 9)
      const from = readEnvelope(envelope, 1, envelope.length - 1, view)
      holds(envelope.subarray(from, envelope.length - 1))
      const cose = asCose(seal, payload)
      expect(verifyMac0(KEY, cose, { external: ascii(TOPIC) }).payload).toEqual(payload)
      expect(readCose(cose, 0, cose.length, view)).toBe(true)
      holds(cose.subarray(view.payloadStart, view.payloadEnd))
    }),
    { seed: 11, numRuns: 300 },
  )
})

describe('nothing but the one spelling is read', () => {
  const payload = ascii('{"n":7}')
  const whole = asCose(sealed(payload, TOPIC, 1), payload)

  test('of all bytes that differ from a seal in one, those that are read say something else, and no MAC holds', () => {
    const view = new SealView()
    let read = 0
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = whole.with(at, whole[at] ^ (1 << bit))
        if (!readCose(changed, 0, changed.length, view)) continue
        read++
        const inner = changed.subarray(view.payloadStart, view.payloadEnd)
        expect(macHolds(KEY, view, ascii(TOPIC), inner)).toBe(false)
      }
    }
    expect(read).toBeGreaterThan(300)
  })

  test('what is cut off or goes on is none', () => {
    const view = new SealView()
    for (let end = 0; end < whole.length; end++) expect(readCose(whole, 0, end, view)).toBe(false)
    expect(readCose(Uint8Array.of(...whole, 0), 0, whole.length + 1, view)).toBe(false)
  })

  test('any bytes are read or not, and what is read is spelled as it would be written', () => {
    const view = new SealView()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(whole.length), (noise, at) => {
        const bytes = Uint8Array.of(...whole.subarray(0, at), ...noise, ...whole.subarray(at + noise.length))
        if (!readCose(bytes, 0, bytes.length, view)) return
        const { epoch, sequence, time, previous, tag } = view
        const state = { sequence: sequence - 1, previous }
        const { fields, secured } = new Sealer(KEY, epoch, state).seal(TOPIC, payload, time * 1_000)
        const again = asCose({ fields, secured, tag }, bytes.slice(view.payloadStart, view.payloadEnd))
        expect(Buffer.from(again)).toEqual(Buffer.from(bytes))
      }),
      { seed: 12, numRuns: 3_000 },
    )
  })

  test.each([
    ['no mark', '{"n":1}', 0],
    ['a mark and nothing', 'rw1.', -1],
    ['no dot', `rw1.${'A'.repeat(300)}`, -1],
    ['no seal', 'rw1.AAAA.{}', -1],
    ['padding', `rw1.${asProperty(sealed(payload))}=.{}`, -1],
  ])('%s', (_, text, wanted) => {
    const bytes = ascii(text)
    expect(readEnvelope(bytes, 0, bytes.length, new SealView())).toBe(wanted)
  })
})

test('the chain: each message names the tag of the one before, over a rotation of keys too', () => {
  const sealer = new Sealer(KEY, 1)
  const first = sealer.seal(TOPIC, ascii('1'), NOW)
  sealer.rotate(sealKey(SECRET, 'pump-1', 2), 2)
  const second = sealer.seal(TOPIC, ascii('2'), NOW)
  expect(first.fields.previous).toEqual(new Uint8Array(0))
  expect(second.fields).toMatchObject({ epoch: 2, sequence: 2, previous: first.tag.slice(0, 8) })
})

test('what is out of range is refused', () => {
  expect(() => sealKey(SECRET, 'pump-1', 0)).toThrow(expect.objectContaining({ code: 'seal_epoch' }))
  expect(() => sealKey(SECRET.subarray(1), 'pump-1', 1)).toThrow(expect.objectContaining({ code: 'seal_secret' }))
  const last = new Sealer(KEY, 1, { sequence: Number.MAX_SAFE_INTEGER, previous: new Uint8Array(0) })
  expect(() => last.seal(TOPIC, ascii(''), NOW)).toThrow(expect.objectContaining({ code: 'seal_exhausted' }))
  const sealer = new Sealer(KEY, 1)
  for (const time of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => sealer.seal(TOPIC, ascii(''), time)).toThrow(expect.objectContaining({ code: 'seal_time' }))
  }
  expect(sealer.state.sequence).toBe(0)
})
