import { expect, test } from 'vitest'
import { ip, tcp } from '../../../test/capture/frames.ts'
import { addressesOf } from '../../../test/capture/network.ts'
import { hex } from '../../../test/frames.ts'
import { Datagram } from './datagram.ts'
import { readDatagram } from './ip.ts'
import { Flag, readSegment, Segment } from './segment.ts'

const addresses = addressesOf(false)
const fields = { source: 50_000, destination: 1883, sequence: 0xffff_fff0, acknowledgement: 7, flags: 'SUA' }

function read(packet: Uint8Array, captured = packet.length): Segment | null {
  const datagram = new Datagram()
  const segment = new Segment()
  if (!readDatagram(packet, 0, captured, packet.length, datagram)) return null
  return readSegment(datagram, segment) ? segment : null
}

test('a header is read and its options are passed over', () => {
  const options = hex('02 04 05 b4 01 03 03 07')
  const segment = read(ip(addresses, tcp(addresses, { ...fields, options, data: hex('aa bb cc') })))
  expect(segment).toMatchObject({
    sourcePort: 50_000,
    destinationPort: 1883,
    sequence: -16,
    acknowledgement: 7,
    flags: Flag.SYN | Flag.URG | Flag.ACK,
    start: 48,
    end: 51,
    length: 3,
  })
})

test('what the capture cut off counts as announced; without a whole fixed header nothing is read', () => {
  const packet = ip(addresses, tcp(addresses, { ...fields, options: hex('01 01 01 01'), data: hex('aa bb cc') }))
  expect(read(packet, 45)).toMatchObject({ start: 44, end: 45, length: 3 })
  // Within the options.
  expect(read(packet, 42)).toMatchObject({ start: 42, end: 42, length: 3 })
  expect(read(packet, 39)).toBeNull()
})

test('a header that says it is longer than its segment, or shorter than any, is malformed', () => {
  for (const offset of [4, 6, 15]) {
    const packet = ip(addresses, tcp(addresses, fields))
    packet[32] = offset << 4
    expect(read(packet)).toBeNull()
  }
})
