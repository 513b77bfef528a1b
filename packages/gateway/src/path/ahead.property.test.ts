import { bindMac } from '@ringwall/native'
import {
  asCose,
  asEnvelope,
  asProperty,
  HmacKey,
  type Seal,
  Sealer,
  type SealView,
  sealKeyBytes,
} from '@ringwall/proof'
import { encodePublish, Scanner } from '@ringwall/wire'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Principal } from '../contract/index.ts'
import { nowhere, SealSlots } from '../seals/slots.ts'
import { ActView, NOWHERE } from './act.ts'
import { Unsealer } from './unseal.ts'

const utf8 = new TextEncoder()
const SPEAKER: Principal = { site: 's', device: 'pump-1', roles: [], assurance: 'certificate', fingerprint: '' }
const keyOf = (device: string, epoch: number) => (epoch > 2 ? null : sealKeyBytes(new Uint8Array(32), device, epoch))

interface Message {
  readonly carrier: 'property' | 'envelope' | 'cose' | 'none' | 'ping'
  readonly epoch: number
  readonly length: number
  readonly isForged: boolean
  readonly isOther: boolean
}

const message: fc.Arbitrary<Message> = fc.record({
  carrier: fc.constantFrom('property', 'property', 'envelope', 'cose', 'none', 'ping'),
  epoch: fc.constantFrom(1, 1, 1, 2, 3),
  length: fc.constantFrom(0, 20, 25, 60, 135, 135, 135, 400, 3_000),
  isForged: fc.boolean(),
  isOther: fc.boolean(),
})

function packetOf({ carrier, epoch, length, isForged, isOther }: Message, index: number): Uint8Array {
  if (carrier === 'ping') return Uint8Array.of(0xc0, 0)
  const topic = isOther ? 'plant/pump-1/something-else' : 'plant/pump-1/state'
  const payload = new Uint8Array(length).fill(index)
  const key = sealKeyBytes(new Uint8Array(32), 'pump-1', epoch)
  const made = new Sealer(new HmacKey(key), epoch).seal(topic, payload, 1_795_000_000_000)
  const seal: Seal = isForged ? { ...made, tag: made.tag.with(index % 32, made.tag[index % 32] ^ 1) } : made
  const body = carrier === 'envelope' ? asEnvelope(seal, payload) : carrier === 'cose' ? asCose(seal, payload) : payload
  const user: [string, string][] = carrier === 'property' ? [['rw-seal', asProperty(seal)]] : []
  const properties = user.flatMap(([name, value]) => [0x26, ...text(name), ...text(value)])
  return encodePublish({ version: 5, topic, payload: body, qos: 0, properties: Uint8Array.from(properties) })
}

const text = (value: string): number[] => [value.length >> 8, value.length & 0xff, ...utf8.encode(value)]

/**
 * What is found of each message of chunks that are cut at these places, up to the first that is no legal packet.
 * @param ahead whether others may be looked at with it @param bind the addon, or null for WebAssembly
 */
function found(
  bytes: Uint8Array,
  cuts: readonly number[],
  ahead: boolean,
  most?: number,
  bind = bindMac,
): [number, string][] {
  const slots = new SealSlots(keyOf, 100_000, most, bind)
  const unsealer = new Unsealer(slots)
  const frame = new Scanner({ from: 'client', maxPacket: 10_000 })
  frame.version = 5
  if (!ahead) Object.defineProperty(frame, 'received', { get: () => frame.end })
  const act = new ActView()
  const place = nowhere()
  const all: [number, string][] = []
  const ends = [...cuts, bytes.length]
  for (const [index, end] of ends.entries()) {
    frame.feed(bytes.slice(ends[index - 1] ?? 0, end))
    while (frame.next()) {
      if (frame.fault !== null) return all
      if (frame.type !== 3) continue
      act.aimAtMessage(SPEAKER, frame, 'publish', NOWHERE)
      unsealer.open(act, frame)
      all.push([judged(act, frame, slots, place), payloadOf(act)])
    }
  }
  return all
}

function judged(
  { seal, bytes, payloadStart, payloadEnd }: ActView,
  frame: Scanner,
  slots: SealSlots,
  place: ReturnType<typeof nowhere>,
): number {
  if (seal === null || typeof seal === 'string') return -2
  const view = seal as SealView
  slots.find(place, 'pump-1', view.epoch)
  const { topicStart, topicEnd } = frame
  return slots.judge(place, view, { topic: bytes, topicStart, topicEnd, payload: bytes, payloadStart, payloadEnd })
}

const payloadOf = ({ bytes, payloadStart, payloadEnd }: ActView) =>
  Buffer.from(bytes.slice(payloadStart, payloadEnd)).toString('hex')

test('what is found of seals together is what is found of each by itself, however messages lie in what was received', () => {
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 14 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
      fc.constantFrom(1, 2, 4_096),
      (messages, places, most) => {
        const bytes = Buffer.concat(messages.map(packetOf))
        const cuts = places.map(place => Math.floor(place * bytes.length)).toSorted((a, b) => a - b)
        const alone = found(bytes, cuts, false)
        expect(found(bytes, cuts, true, most)).toEqual(alone)
        expect(found(bytes, cuts, true, most, null)).toEqual(alone)
        const told = messages.filter(({ carrier }) => carrier !== 'ping')
        const right = told.map(({ carrier, epoch, isForged }) =>
          carrier === 'none' ? -2 : epoch === 3 ? -1 : isForged ? 0 : 1,
        )
        expect(alone.map(([mac]) => mac)).toEqual(right)
      },
    ),
    { seed: 11, numRuns: 400 },
  )
})

test('bytes that were changed anywhere come to the same, by the addon, by WebAssembly, together and alone', () => {
  const envelope = message.map(one => ({ ...one, carrier: 'envelope' as const, epoch: 1 }))
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
  fc.assert(
    fc.property(
      fc.array(envelope, { minLength: 2, maxLength: 6 }),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (messages, changes) => {
        const first = packetOf({ ...messages[0], isForged: false, isOther: false }, 0)
        const bytes = Buffer.concat(messages.map(packetOf))
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        const all = Buffer.concat([first, bytes])
        // The first message tells by which key the device seals.
        const alone = found(all, [first.length], false, undefined, null)
        expect(found(all, [first.length], true)).toEqual(alone)
        expect(found(all, [first.length], true, undefined, null)).toEqual(alone)
      },
    ),
    { seed: 12, numRuns: 3_000 },
  )
})

test('a seal that was changed in its headers, spelled otherwise, cut or lengthened comes to the same by the addon and in TypeScript', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 255 }))
  const changes = fc.array(change, { minLength: 1, maxLength: 3 })
  const time = fc.constantFrom(0, 23_000, 24_000, 255_000, 256_000, 65_536_000, 1_795_000_000_000, 2 ** 34 * 1_000)
  const shape = fc.record({
    changes,
    time,
    after: fc.integer({ min: 0, max: 3 }),
    longer: fc.integer({ min: -2, max: 2 }),
  })
  fc.assert(
    fc.property(fc.array(shape, { minLength: 1, maxLength: 4 }), shapes => {
      const first = packetOf({ carrier: 'envelope', epoch: 1, length: 20, isForged: false, isOther: false }, 0)
      const others = shapes.map(one => {
        const payload = new Uint8Array(20)
        const sealer = new Sealer(new HmacKey(sealKeyBytes(new Uint8Array(32), 'pump-1', 1)), 1)
        for (let i = 0; i < one.after; i++) sealer.seal('plant/pump-1/state', payload, one.time)
        const envelope = Buffer.from(asEnvelope(sealer.seal('plant/pump-1/state', payload, one.time), payload))
        const dot = envelope.indexOf('.', 4)
        const seal = Buffer.from(envelope.subarray(4, dot).toString(), 'base64url')
        for (const [at, value] of one.changes) seal[at % seal.length] = value
        const changed =
          one.longer < 0 ? seal.subarray(0, one.longer) : Buffer.concat([seal, Buffer.alloc(one.longer, 0xf6)])
        const body = Buffer.concat([Buffer.from(`rw1.${changed.toString('base64url')}.`), payload])
        return encodePublish({ version: 5, topic: 'plant/pump-1/state', payload: body, qos: 0 })
      })
      const all = Buffer.concat([first, ...others])
      const alone = found(all, [first.length], false, undefined, null)
      expect(found(all, [first.length], true)).toEqual(alone)
    }),
    { seed: 13, numRuns: 5_000 },
  )
})

test('four messages of one chunk are verified at once, and one by itself is verified alone', () => {
  const slots = new SealSlots(keyOf, 100_000, undefined, null)
  const [alone, together] = [vi.spyOn(slots.verifier, 'verify'), vi.spyOn(slots.verifier, 'flush')]
  const unsealer = new Unsealer(slots)
  const place = nowhere()
  const act = new ActView()
  const frame = new Scanner({ from: 'client', maxPacket: 10_000 })
  frame.version = 5
  const same: Message = { carrier: 'property', epoch: 1, length: 135, isForged: false, isOther: false }
  frame.feed(Buffer.concat(Array.from({ length: 8 }, (_, index) => packetOf(same, index))))
  while (frame.next()) {
    act.aimAtMessage(SPEAKER, frame, 'publish', NOWHERE)
    unsealer.open(act, frame)
    expect(judged(act, frame, slots, place)).toBe(1)
  }
  expect(alone).not.toHaveBeenCalled()
  expect(together.mock.results.filter(({ value }) => value === 0b1111)).toHaveLength(2)
  frame.feed(packetOf(same, 9))
  expect(frame.next()).toBe(true)
  act.aimAtMessage(SPEAKER, frame, 'publish', NOWHERE)
  unsealer.open(act, frame)
  expect(judged(act, frame, slots, place)).toBe(1)
  expect(alone).toHaveBeenCalledTimes(1)
})
