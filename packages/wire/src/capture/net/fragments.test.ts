import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fragment6, ip4, ip6 } from '../../../test/capture/frames.ts'
import { addressesOf } from '../../../test/capture/network.ts'
import { join } from '../../../test/frames.ts'
import { Datagram } from './datagram.ts'
import { Fragments } from './fragments.ts'
import { readDatagram } from './ip.ts'

interface Part {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly more: boolean
}

const datagram = new Datagram()

/** Puts a fragment in; answers the whole datagram's payload once it is there. */
function put(
  fragments: Fragments,
  six: boolean,
  id: number,
  { offset, bytes, more }: Part,
  time = 0,
): Uint8Array | null {
  const addresses = addressesOf(six)
  const packet = six
    ? ip6(addresses, fragment6(6, id, offset, more, bytes), 44)
    : ip4(addresses, bytes, { id, offset, more })
  if (!readDatagram(packet, 0, packet.length, packet.length, datagram)) throw new Error('the fragment is not read')
  if (!fragments.put(datagram, time)) return null
  return datagram.bytes.slice(datagram.start, datagram.end)
}

function cutUp(payload: Uint8Array, sizes: readonly number[]): Part[] {
  const parts: Part[] = []
  for (let offset = 0, i = 0; offset < payload.length; i++) {
    const stop = Math.min(payload.length, offset + 8 * sizes[i % sizes.length])
    parts.push({ offset, bytes: payload.slice(offset, stop), more: stop < payload.length })
    offset = stop
  }
  return parts
}

const whole = fc.uint8Array({ minLength: 9, maxLength: 400 })
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })

test('fragments in any order, some of them twice, make the datagram that was cut up', () => {
  fc.assert(
    fc.property(whole, sizes, fc.boolean(), fc.infiniteStream(fc.nat()), (payload, some, six, stream) => {
      const parts = cutUp(payload, some)
      fc.pre(parts.length > 1)
      const shuffled = parts
        .map(part => ({ part, order: stream.next().value }))
        .sort((a, b) => a.order - b.order)
        .flatMap(({ part, order }) => (order % 5 === 0 ? [part, part] : [part]))
      const fragments = new Fragments()
      const made = shuffled.map(part => put(fragments, six, 7, part)).find(one => one !== null)
      expect(made).toEqual(payload)
      expect(datagram.contradicts).toBe(false)
      expect(datagram.protocol).toBe(6)
    }),
    { numRuns: 300 },
  )
})

test('of fragments that contradict each other the bytes that came first hold, and it is told', () => {
  const fragments = new Fragments()
  const a = new Uint8Array(16).fill(0x61)
  const b = new Uint8Array(16).fill(0x62)
  expect(put(fragments, false, 1, { offset: 8, bytes: a, more: true })).toBeNull()
  expect(put(fragments, false, 1, { offset: 16, bytes: b, more: false })).toBeNull()
  const made = put(fragments, false, 1, { offset: 0, bytes: b, more: true })
  expect(Buffer.from(made ?? []).toString()).toBe(`${'b'.repeat(8)}${'a'.repeat(16)}${'b'.repeat(8)}`)
  expect(datagram.contradicts).toBe(true)
})

test('what comes behind the last fragment is not put in', () => {
  const fragments = new Fragments()
  put(fragments, false, 1, { offset: 8, bytes: new Uint8Array(8), more: false })
  expect(put(fragments, false, 1, { offset: 16, bytes: new Uint8Array(8), more: true })).toBeNull()
  expect(put(fragments, false, 1, { offset: 0, bytes: new Uint8Array(8), more: true })).toHaveLength(16)
  expect(datagram.contradicts).toBe(true)
})

test('a datagram that is not whole after thirty seconds is lost, and so is the oldest of sixty-five', () => {
  const fragments = new Fragments()
  const first: Part = { offset: 0, bytes: new Uint8Array(8), more: true }
  const last: Part = { offset: 8, bytes: new Uint8Array(8), more: false }
  put(fragments, false, 1, first, 0)
  expect(put(fragments, false, 1, last, 30_001)).toBeNull()
  expect(fragments.lost).toBe(1)
  for (let id = 2; id < 66; id++) put(fragments, false, id, first, 30_002 + id)
  expect(fragments.lost).toBe(2)
  expect(put(fragments, false, 65, last, 30_100)).toHaveLength(16)
  expect(put(fragments, false, 2, last, 30_100)).toHaveLength(16)
  expect(put(fragments, false, 1, first, 30_100)).toBeNull()
})

test('no fragment reaches beyond what IP can carry', () => {
  const fragments = new Fragments()
  expect(put(fragments, false, 1, { offset: 65_528, bytes: new Uint8Array(64), more: false })).toBeNull()
  const parts = cutUp(new Uint8Array(65_500).fill(7), [150])
  expect(join(parts.map(part => put(fragments, true, 2, part)).filter(one => one !== null))).toHaveLength(65_500)
})
