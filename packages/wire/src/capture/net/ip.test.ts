import { expect, test } from 'vitest'
import { fragment6, ip4, ip6 } from '../../../test/capture/frames.ts'
import { addressesOf } from '../../../test/capture/network.ts'
import { hex, join } from '../../../test/frames.ts'
import { Datagram } from './datagram.ts'
import { readDatagram } from './ip.ts'

const four = addressesOf(false)
const six = addressesOf(true)
const payload = hex('01 02 03 04 05 06 07 08')

function read(packet: Uint8Array, captured = packet.length, wire = packet.length): Datagram | null {
  const into = new Datagram()
  return readDatagram(packet, 0, captured, wire, into) ? into : null
}

/** What a reader of the payload needs to know. */
function found(packet: Uint8Array, captured?: number, wire?: number) {
  const read4 = read(packet, captured, wire)
  if (read4 === null) return null
  const { protocol, start, end, length, fragment } = read4
  return { protocol, start, end, length, fragment }
}

test('IPv4: options are passed over, and what lies behind the announced length does not count', () => {
  const options = hex('94 04 00 00')
  expect(found(ip4(four, payload))).toEqual({ protocol: 6, start: 20, end: 28, length: 8, fragment: false })
  expect(found(ip4(four, payload, { options }))).toEqual({
    protocol: 6,
    start: 24,
    end: 32,
    length: 8,
    fragment: false,
  })
  const padded = join([ip4(four, payload), new Uint8Array(18)])
  expect(found(padded)).toEqual({ protocol: 6, start: 20, end: 28, length: 8, fragment: false })
})

test('IPv4: without an announced length all that was on the wire counts', () => {
  const packet = ip4(four, payload, { totalLength: 0 })
  expect(found(packet, 24, 70_000)).toEqual({ protocol: 6, start: 20, end: 24, length: 69_980, fragment: false })
})

test('IPv4: a fragment says where it belongs', () => {
  const datagram = read(ip4(four, payload, { id: 0x1234, offset: 16, more: true }))
  expect(datagram).toMatchObject({ fragment: true, id: 0x1234, offset: 16, more: true, source: 12, destination: 16 })
  expect(read(ip4(four, payload, { id: 1, more: true }))?.fragment).toBe(true)
  // "Don't fragment" is not "more fragments".
  const whole = ip4(four, payload)
  whole[6] = 0x40
  expect(read(whole)?.fragment).toBe(false)
})

test('IPv6: extension headers are passed over', () => {
  const hopByHop = hex('3c 00 01 04 00 00 00 00')
  const destination = join([hex('2b 01'), new Uint8Array(14)])
  const routing = hex('33 00 00 00 00 00 00 00')
  const authentication = join([hex('06 04'), new Uint8Array(22)])
  const packet = ip6(six, join([hopByHop, destination, routing, authentication, payload]), 0)
  expect(found(packet)).toEqual({ protocol: 6, start: 96, end: 104, length: 8, fragment: false })
  for (let captured = 0; captured < 96; captured++) {
    expect(read(packet, captured)?.end ?? 0).toBeLessThanOrEqual(96)
  }
})

test('IPv6: a fragment, and one that is a whole datagram', () => {
  const part = read(ip6(six, fragment6(6, 0xdeadbeef, 8, true, payload), 44))
  expect(part).toMatchObject({
    fragment: true,
    protocol: 6,
    id: 0xdeadbeef,
    offset: 8,
    more: true,
    start: 48,
    length: 8,
  })
  expect(read(ip6(six, fragment6(6, 1, 0, false, payload), 44))).toMatchObject({
    fragment: false,
    protocol: 6,
    start: 48,
  })
})

test('IPv6: a jumbogram announces no length', () => {
  const jumbo = ip6(six, join([hex('06 00 c2 04 00 01 00 00'), payload]), 0, 0)
  expect(found(jumbo)).toEqual({ protocol: 6, start: 48, end: 56, length: 8, fragment: false })
})

test('what is malformed or cut off within its headers is not read', () => {
  for (const packet of [
    new Uint8Array(0),
    hex('55'),
    ip4(four, payload).slice(0, 19),
    ip4(four, payload, { totalLength: 19 }),
    ip6(six, payload).slice(0, 39),
    ip6(six, hex('06 ff 00 00 00 00 00 00'), 60),
  ]) {
    expect(read(packet)).toBeNull()
  }
  const short = ip4(four, payload)
  short[0] = 0x44
  expect(read(short)).toBeNull()
})
