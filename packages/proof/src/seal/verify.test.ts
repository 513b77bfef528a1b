import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LANES, MacKernel } from '../hash/kernel.ts'
import { asCose, asEnvelope, asProperty, readCose, readEnvelope, readProperty } from './carriers.ts'
import { sealKey, sealKeyBytes } from './keys.ts'
import { SealView } from './layout.ts'
import { Sealer } from './sealer.ts'
import { type Covered, macHolds, SealVerifier } from './verify.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const SECRET = Uint8Array.from({ length: 32 }, (_, i) => 7 * i)
const DEVICES = ['pump-1', 'pump-2', 'valve-1', 'level-1']
const kernel = new MacKernel(DEVICES.length)
const verifier = new SealVerifier(kernel)
for (const [slot, device] of DEVICES.entries()) kernel.setKey(slot, sealKeyBytes(SECRET, device, 1))
const keys = DEVICES.map(device => sealKey(SECRET, device, 1))

interface Sent {
  readonly view: SealView
  readonly covered: Covered
}

/** A message as it lies in a chunk behind other bytes. */
function send(slot: number, topic: string, payload: Uint8Array, carrier: number, spoil: number): Sent {
  const seal = new Sealer(keys[slot], 1).seal(topic, payload, 1_795_000_000_000)
  const view = new SealView()
  const inside = [payload, asEnvelope(seal, payload), asCose(seal, payload)][carrier]
  const chunk = Uint8Array.of(0x30, 0x99, ...ascii(topic), ...inside)
  const start = 2 + ascii(topic).length
  let payloadStart = start
  if (carrier === 0) {
    const property = ascii(asProperty(seal))
    expect(readProperty(property, 0, property.length, view)).toBe(true)
  } else if (carrier === 1) payloadStart = readEnvelope(chunk, start, chunk.length, view)
  else {
    expect(readCose(chunk, start, chunk.length, view)).toBe(true)
    payloadStart = view.payloadStart
  }
  const payloadEnd = payloadStart + payload.length
  // What somebody on the way does to topic or payload.
  if (spoil >= 0) chunk[2 + (spoil % (start - 2))] ^= 1
  return { view, covered: { topic: chunk, topicStart: 2, topicEnd: start, payload: chunk, payloadStart, payloadEnd } }
}

const sent = fc.record({
  slot: fc.nat(LANES - 1),
  under: fc.nat(LANES - 1),
  topic: fc.constantFrom('plant/pump-1/state', 'a', `long/${'x'.repeat(300)}`),
  payload: fc.uint8Array({ maxLength: 300 }),
  carrier: fc.nat(2),
  spoil: fc.oneof(fc.constant(-1), fc.nat(400)),
})

test('the kernel finds what the twin in TypeScript finds, alone and in fours', () => {
  let batches = 0
  fc.assert(
    fc.property(fc.array(sent, { minLength: 1, maxLength: 9 }), all => {
      const expected: boolean[] = []
      const found: boolean[] = []
      const flush = () => {
        const waiting = verifier.waiting
        const mask = verifier.flush()
        expect(mask >> waiting).toBe(0)
        if (waiting > 1) batches++
        for (let i = 0; i < waiting; i++) found.push(((mask >> i) & 1) === 1)
      }
      for (const { slot, under, topic, payload, carrier, spoil } of all) {
        const { view, covered } = send(slot, topic, payload, carrier, spoil)
        const { topicStart, topicEnd, payloadStart, payloadEnd } = covered
        const inner = covered.payload.subarray(payloadStart, payloadEnd)
        const holds = macHolds(keys[under], view, covered.topic.subarray(topicStart, topicEnd), inner)
        expect(holds).toBe(slot === under && spoil < 0)
        expected.push(holds)
        if (!verifier.add(under, view, covered)) {
          flush()
          expect(verifier.add(under, view, covered)).toBe(true)
        }
      }
      flush()
      expect(found).toEqual(expected)
      for (const [i, { slot, under, topic, payload, carrier, spoil }] of all.entries()) {
        const { view, covered } = send(slot, topic, payload, carrier, spoil)
        expect(verifier.verify(under, view, covered)).toBe(expected[i])
      }
    }),
    { seed: 31, numRuns: 200 },
  )
  expect(batches).toBeGreaterThan(50)
})

test('what is longer than there is room for does not hold, nor goes into four', () => {
  const small = new SealVerifier(kernel)
  const long = send(0, 'a', new Uint8Array(5_000), 0, -1)
  expect(small.add(0, long.view, long.covered)).toBe(false)
  expect(small.verify(0, long.view, long.covered)).toBe(true)
  const longest = send(0, 'a', new Uint8Array(kernel.longest), 0, -1)
  expect(small.verify(0, longest.view, longest.covered)).toBe(false)
})

test('nothing is verified alone over messages that wait', () => {
  const { view, covered } = send(0, 'a', ascii('1'), 0, -1)
  const waiting = new SealVerifier(kernel)
  waiting.add(0, view, covered)
  expect(() => waiting.verify(0, view, covered)).toThrow(RangeError)
  expect(waiting.flush()).toBe(1)
  expect(waiting.flush()).toBe(0)
})
