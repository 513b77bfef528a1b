import type { CapturedPacket } from '../packet.ts'
import { headerHolds, segmentHolds } from './checksum.ts'
import { Datagram } from './datagram.ts'
import { Fragments } from './fragments.ts'
import { readDatagram } from './ip.ts'
import { LINK_UNKNOWN, networkAt } from './link.ts'
import { readSegment, Segment, TCP } from './segment.ts'

/** What became of a capture's packets. */
export interface PacketCounts {
  packets: number
  /** Of link layers that are not known. */
  linkUnknown: number
  /** ARP and whatever else is not IP. */
  notIp: number
  /** UDP, ICMP and whatever else is not TCP. */
  notTcp: number
  /** With an IP or TCP header that is malformed or was cut off. */
  malformed: number
  /** Left out for a wrong checksum. */
  wrongChecksum: number
  /** Fragments of IP datagrams, and datagrams of which some never came. */
  fragments: number
  fragmentsLost: number
  /** TCP segments that went into flows. */
  segments: number
}

/** Reads packets down to TCP: link layer, IP, fragments, TCP header. */
export class Decoder {
  readonly counts: PacketCounts
  readonly datagram: Datagram
  readonly segment: Segment
  readonly #fragments: Fragments
  readonly #verify: boolean

  /** @param verify leaves out what has a wrong checksum. */
  constructor(verify: boolean) {
    this.counts = {
      packets: 0,
      linkUnknown: 0,
      notIp: 0,
      notTcp: 0,
      malformed: 0,
      wrongChecksum: 0,
      fragments: 0,
      fragmentsLost: 0,
      segments: 0,
    }
    this.datagram = new Datagram()
    this.segment = new Segment()
    this.#fragments = new Fragments()
    this.#verify = verify
  }

  /** Reads a packet into `datagram` and `segment`; false where there is no segment to go on with. They hold until the next call. */
  decode(packet: CapturedPacket): boolean {
    const { datagram, counts } = this
    const { bytes, start, end, linkType } = packet
    counts.packets++
    const at = networkAt(linkType, bytes, start, end)
    if (at < 0) return this.#leave(at === LINK_UNKNOWN ? 'linkUnknown' : 'notIp')
    const wireEnd = start + Math.max(packet.originalLength, end - start)
    if (!readDatagram(bytes, at, end, wireEnd, datagram)) return this.#leave('malformed')
    if (this.#verify && datagram.version === 4 && !headerHolds(bytes, at, at + (bytes[at] & 15) * 4)) {
      return this.#leave('wrongChecksum')
    }
    if (datagram.fragment && !this.#putTogether(packet.time)) return false
    if (datagram.protocol !== TCP) return this.#leave('notTcp')
    if (!readSegment(datagram, this.segment)) return this.#leave('malformed')
    if (this.#verify && !segmentHolds(datagram)) return this.#leave('wrongChecksum')
    counts.segments++
    return true
  }

  #putTogether(time: number): boolean {
    this.counts.fragments++
    const whole = this.#fragments.put(this.datagram, time)
    this.counts.fragmentsLost = this.#fragments.lost
    return whole
  }

  #leave(why: keyof PacketCounts): false {
    this.counts[why]++
    return false
  }
}
