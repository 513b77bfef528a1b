import {
  asCose,
  asEnvelope,
  asProperty,
  deviceSecret,
  type Seal,
  Sealer,
  type SealView,
  sealKey,
} from '@ringwall/proof'
import { encodePublish, Scanner } from '@ringwall/wire'
import { expect, test } from 'vitest'
import type { Principal } from '../contract/index.ts'
import { SealSlots } from '../seals/slots.ts'
import { ActView, NOWHERE } from './act.ts'
import { Unsealer } from './unseal.ts'

const utf8 = new TextEncoder()
const TOPIC = 'plant/pump-1/state'
const PAYLOAD = utf8.encode('{"on":true}')
const NOBODY: Principal = { site: 's', device: 'pump-1', roles: [], assurance: 'certificate', fingerprint: '' }
const KEY = sealKey(deviceSecret(new Uint8Array(32), 's', 'pump-1'), 'pump-1', 1)
const SLOTS = new SealSlots(() => null, 10_000)
const seal = (): Seal => new Sealer(KEY, 1).seal(TOPIC, PAYLOAD, 1_795_000_000_000)

/** A PUBLISH of QoS 1 in MQTT 5.0 with these properties. */
function publish5(properties: readonly number[], payload: Uint8Array): Uint8Array {
  const topic = utf8.encode(TOPIC)
  const rest = [0, topic.length, ...topic, 0, 7, ...varint(properties.length), ...properties, ...payload]
  return Uint8Array.from([0x32, ...varint(rest.length), ...rest])
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)]
}

function user(name: string, value: string): number[] {
  const text = (each: string) => [each.length >> 8, each.length & 0xff, ...utf8.encode(each)]
  return [0x26, ...text(name), ...text(value)]
}

/** What is found: the kind of seal, and the payload that guards see. */
function opened(version: 4 | 5, bytes: Uint8Array): [string, string] {
  const frame = new Scanner({ from: 'client', maxPacket: 10_000, aliasMaximum: 10 })
  frame.version = version
  frame.feed(bytes)
  expect(frame.next()).toBe(true)
  expect(frame.fault).toBe(null)
  const act = new ActView()
  act.aimAtMessage(NOBODY, frame, 'publish', NOWHERE)
  new Unsealer(SLOTS).open(act, frame)
  const kind =
    typeof act.seal === 'object' && act.seal !== null ? `message ${(act.seal as SealView).sequence}` : String(act.seal)
  return [kind, Buffer.from(act.bytes.subarray(act.payloadStart, act.payloadEnd)).toString()]
}

const OTHERS = [
  0x01,
  1,
  0x02,
  0,
  0,
  0,
  9,
  0x03,
  0,
  1,
  97,
  0x08,
  0,
  1,
  98,
  0x09,
  0,
  1,
  99,
  0x23,
  0,
  3,
  ...user('a', 'b'),
]

test('a user property, before and behind all others', () => {
  const own = user('rw-seal', asProperty(seal()))
  expect(opened(5, publish5([...own, ...OTHERS], PAYLOAD))).toEqual(['message 1', '{"on":true}'])
  expect(opened(5, publish5([...OTHERS, ...own], PAYLOAD))).toEqual(['message 1', '{"on":true}'])
  expect(opened(5, publish5(OTHERS, PAYLOAD))).toEqual(['null', '{"on":true}'])
})

test('an envelope and CBOR are taken off', () => {
  for (const version of [4, 5] as const) {
    const packet = (payload: Uint8Array) => encodePublish({ version, topic: TOPIC, payload, qos: 0 })
    expect(opened(version, packet(asEnvelope(seal(), PAYLOAD)))).toEqual(['message 1', '{"on":true}'])
    expect(opened(version, packet(asCose(seal(), PAYLOAD)))).toEqual(['message 1', '{"on":true}'])
    expect(opened(version, packet(PAYLOAD))).toEqual(['null', '{"on":true}'])
  }
})

test('what stands for a seal and is none is said to be malformed, and its payload stays', () => {
  const bad = user('rw-seal', 'AAAA')
  expect(opened(5, publish5(bad, PAYLOAD))).toEqual(['malformed', '{"on":true}'])
  const envelope = encodePublish({ version: 4, topic: TOPIC, payload: utf8.encode('rw1.AAAA.{}'), qos: 0 })
  expect(opened(4, envelope)).toEqual(['malformed', 'rw1.AAAA.{}'])
})
