import { net16 } from '../integers.ts'
import type { Datagram } from './datagram.ts'
import { behindExtensions } from './ip6-extensions.ts'

const IP4_HEADER = 20
const IP6_HEADER = 40
const MORE_FRAGMENTS = 0x2000
const FRAGMENT_OFFSET = 0x1fff

/**
 * Reads the IP header at `at` (RFC 791, RFC 8200) of a packet captured up to `end`, that on the wire went on to
 * `wireEnd`. False where it is malformed or cut off.
 */
export function readDatagram(bytes: Uint8Array, at: number, end: number, wireEnd: number, into: Datagram): boolean {
  into.bytes = bytes
  into.fragment = false
  into.contradicts = false
  if (at >= end) return false
  const version = bytes[at] >> 4
  return version === 4
    ? readIp4(bytes, at, end, wireEnd, into)
    : version === 6 && readIp6(bytes, at, end, wireEnd, into)
}

function readIp4(bytes: Uint8Array, at: number, end: number, wireEnd: number, into: Datagram): boolean {
  const header = (bytes[at] & 15) * 4
  if (header < IP4_HEADER || at + header > end) return false
  // Captured before the network card cut it into segments, a packet may be longer than its length field can say.
  const total = net16(bytes, at + 2) || wireEnd - at
  if (total < header) return false
  const flags = net16(bytes, at + 6)
  into.version = 4
  into.source = at + 12
  into.destination = at + 16
  into.protocol = bytes[at + 9]
  into.id = net16(bytes, at + 4)
  into.offset = (flags & FRAGMENT_OFFSET) * 8
  into.more = (flags & MORE_FRAGMENTS) !== 0
  into.fragment = into.more || into.offset > 0
  return setPayload(at + header, at + total, end, into)
}

function readIp6(bytes: Uint8Array, at: number, end: number, wireEnd: number, into: Datagram): boolean {
  if (at + IP6_HEADER > end) return false
  const announced = net16(bytes, at + 4)
  const stop = announced === 0 ? wireEnd : at + IP6_HEADER + announced
  into.version = 6
  into.source = at + 8
  into.destination = at + 24
  into.protocol = bytes[at + 6]
  const start = behindExtensions(bytes, at + IP6_HEADER, Math.min(stop, end), into)
  return start >= 0 && setPayload(start, stop, end, into)
}

/** The payload from `start` to `stop`, as far as it was captured. */
function setPayload(start: number, stop: number, end: number, into: Datagram): boolean {
  into.start = start
  into.end = Math.max(start, Math.min(stop, end))
  into.length = stop - start
  return stop >= start
}
