import { net16 } from '../integers.ts'
import type { Datagram } from './datagram.ts'

/** The Internet checksum's sum (RFC 1071) over [start, end), on top of what was summed before. */
function sum(before: number, bytes: Uint8Array, start: number, end: number): number {
  let total = before
  let at = start
  for (; at + 1 < end; at += 2) total += net16(bytes, at)
  return at < end ? total + bytes[at] * 256 : total
}

function holds(total: number): boolean {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return folded === 0xffff
}

/** Whether the checksum of the IPv4 header in [start, end) is right. */
export function headerHolds(bytes: Uint8Array, start: number, end: number): boolean {
  return holds(sum(0, bytes, start, end))
}

/** Whether the checksum of a datagram's TCP segment is right (RFC 9293, section 3.1; RFC 8200, section 8.1); true where it was cut off. */
export function segmentHolds(datagram: Datagram): boolean {
  const { bytes, source, destination, start, end, version, length, protocol } = datagram
  if (end - start < length) return true
  const size = version === 4 ? 4 : 16
  const addresses = sum(sum(0, bytes, source, source + size), bytes, destination, destination + size)
  return holds(sum(addresses + length + protocol, bytes, start, end))
}
