import { net16, net32 } from '../integers.ts'
import type { Datagram } from './datagram.ts'

const HEADER = 20
const EMPTY = new Uint8Array(0)

/** IANA's number of TCP. */
export const TCP = 6

export const Flag = { FIN: 1, SYN: 2, RST: 4, ACK: 16, URG: 32 } as const

/** A TCP segment, used again for the next. Offsets are indexes into `bytes`. */
export class Segment {
  bytes: Uint8Array
  sourcePort: number
  destinationPort: number
  /** Sequence and acknowledgement numbers as signed 32-bit integers: they are compared by their difference. */
  sequence: number
  acknowledgement: number
  /** Bits of `Flag`. */
  flags: number
  start: number
  end: number
  /** Bytes of data as announced; more than `end - start` where the capture cut them off. */
  length: number

  constructor() {
    this.bytes = EMPTY
    this.sourcePort = 0
    this.destinationPort = 0
    this.sequence = 0
    this.acknowledgement = 0
    this.flags = 0
    this.start = 0
    this.end = 0
    this.length = 0
  }
}

/** Reads the TCP header of a datagram (RFC 9293, section 3.1) and passes over its options. False where it is malformed or cut off. */
export function readSegment(datagram: Datagram, into: Segment): boolean {
  const { bytes, start: at, end } = datagram
  if (at + HEADER > end) return false
  const header = (bytes[at + 12] >> 4) * 4
  if (header < HEADER || header > datagram.length) return false
  into.bytes = bytes
  into.sourcePort = net16(bytes, at)
  into.destinationPort = net16(bytes, at + 2)
  into.sequence = net32(bytes, at + 4)
  into.acknowledgement = net32(bytes, at + 8)
  into.flags = bytes[at + 13]
  into.start = Math.min(at + header, end)
  into.end = end
  into.length = datagram.length - header
  return true
}
