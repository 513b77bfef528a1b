import type { Random } from '../../fuzz/random.ts'
import { LinkType } from '../../src/index.ts'
import { join } from '../frames.ts'
import { type PcapForm, pcapFile, pcapngFile, type Written } from './files.ts'
import { type Addresses, fragment6, ip, ip4, ip6, link, tcp } from './frames.ts'
import type { Said } from './talk.ts'

const LINKS = Object.values(LinkType).filter(type => type !== LinkType.IPV4 && type !== LinkType.IPV6)
const TAGS = [[], [], [], [0x8100], [0x88a8, 0x8100], [0x9100, 0x8100]]
const SHORTEST_ETHERNET = 60

/** Where a capture was made. */
export interface Network {
  readonly linkType: number
  readonly six: boolean
  readonly tags: readonly number[]
  /** One packet of so many is fragmented; 0: none. */
  readonly fragments: number
  /** The identification of the datagram that was fragmented last. */
  id: number
}

export function network(random: Random): Network {
  const linkType = random.pick(LINKS)
  const tagged = linkType === LinkType.ETHERNET || linkType === LinkType.LINUX_SLL || linkType === LinkType.LINUX_SLL2
  return {
    linkType,
    six: random.below(2) === 0,
    tags: tagged ? random.pick(TAGS) : [],
    fragments: random.pick([0, 0, 2, 8]),
    id: random.below(60_000),
  }
}

/** The client's address first. */
export function addressesOf(six: boolean): Addresses {
  const from = six
    ? Uint8Array.from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7])
    : Uint8Array.of(192, 0, 2, 7)
  const to = six ? Uint8Array.from([0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 9]) : Uint8Array.of(198, 51, 100, 9)
  return { from, to }
}

/** The frames in which a segment goes over the network. */
export function framesOf(said: Said, at: Network, random: Random): Uint8Array[] {
  const { from, to } = addressesOf(at.six)
  const addresses = said.up ? { from, to } : { from: to, to: from }
  const segment = tcp(addresses, said.fields)
  const packets =
    at.fragments > 0 && random.below(at.fragments) === 0 && segment.length > 8
      ? fragmented(addresses, segment, ++at.id, random)
      : [ip(addresses, segment)]
  return packets.map(packet => {
    const frame = link(at.linkType, packet, at.tags)
    if (at.linkType !== LinkType.ETHERNET || frame.length >= SHORTEST_ETHERNET) return frame
    return join([frame, new Uint8Array(SHORTEST_ETHERNET - frame.length)])
  })
}

function fragmented(addresses: Addresses, segment: Uint8Array, id: number, random: Random): Uint8Array[] {
  const packets: Uint8Array[] = []
  for (let offset = 0; offset < segment.length; ) {
    const stop = Math.min(segment.length, offset + 8 * (1 + random.below(1 + segment.length / 16)))
    const more = stop < segment.length
    const part = segment.subarray(offset, stop)
    packets.push(
      addresses.from.length === 4
        ? ip4(addresses, part, { id, offset, more })
        : ip6(addresses, fragment6(6, id, offset, more, part), 44),
    )
    offset = stop
  }
  return random.below(2) === 0 ? packets : packets.reverse()
}

/** Writes frames into a file of either kind, a millisecond apart, and no more than `snap` bytes of each. */
export function fileOf(frames: readonly Uint8Array[], linkType: number, random: Random, snap = 65_535): Uint8Array {
  const packets: Written[] = frames.map((frame, i) => ({
    time: 1_600_000_000_000 + i,
    bytes: frame.subarray(0, snap),
    originalLength: frame.length,
  }))
  const form: PcapForm = { little: random.below(2) === 0, nano: random.below(2) === 0, linkType }
  return random.below(2) === 0 ? pcapFile(packets, form) : pcapngFile(packets, form.little === true, linkType)
}
