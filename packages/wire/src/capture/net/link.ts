import { net16, u32 } from '../integers.ts'
import { LinkType } from '../packet.ts'

/** There is a link layer that is not known. */
export const LINK_UNKNOWN = -1
/** The packet holds something else than IP, or too little. */
export const NOT_IP = -2

const EtherType = { IPV4: 0x0800, IPV6: 0x86dd, VLAN: 0x8100, QINQ: 0x88a8, QINQ_OLD: 0x9100 } as const

// Address families of IPv4 everywhere, of IPv6 on Linux, NetBSD and OpenBSD, FreeBSD, macOS.
const FAMILIES = [2, 10, 24, 28, 30]

/** Where in [start, end) the IP header begins, or `LINK_UNKNOWN` or `NOT_IP`. */
export function networkAt(linkType: number, bytes: Uint8Array, start: number, end: number): number {
  switch (linkType) {
    case LinkType.ETHERNET:
      return behindType(bytes, start + 12, start + 14, end)
    case LinkType.LINUX_SLL:
      return behindType(bytes, start + 14, start + 16, end)
    case LinkType.LINUX_SLL2:
      return behindType(bytes, start, start + 20, end)
    case LinkType.RAW:
    case LinkType.RAW_BSD:
    case LinkType.RAW_OPENBSD:
    case LinkType.IPV4:
    case LinkType.IPV6:
      return start < end ? start : NOT_IP
    case LinkType.NULL:
    case LinkType.LOOP:
      return behindFamily(bytes, start, end)
    default:
      return LINK_UNKNOWN
  }
}

/** Passes over VLAN tags (IEEE 802.1Q, 802.1ad): each puts four bytes in, its own type last. */
function behindType(bytes: Uint8Array, type: number, body: number, end: number): number {
  let typeAt = type
  let at = body
  while (at < end) {
    switch (net16(bytes, typeAt)) {
      case EtherType.IPV4:
      case EtherType.IPV6:
        return at
      case EtherType.VLAN:
      case EtherType.QINQ:
      case EtherType.QINQ_OLD:
        typeAt = at + 2
        at += 4
        break
      default:
        return NOT_IP
    }
  }
  return NOT_IP
}

/** The family stands in the byte order of the machine that captured, which need not be this one. */
function behindFamily(bytes: Uint8Array, start: number, end: number): number {
  if (start + 4 >= end) return NOT_IP
  const known = FAMILIES.includes(u32(bytes, start, true)) || FAMILIES.includes(u32(bytes, start, false))
  return known ? start + 4 : NOT_IP
}
