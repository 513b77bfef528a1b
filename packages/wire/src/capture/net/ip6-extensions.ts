import { net16, net32 } from '../integers.ts'
import type { Datagram } from './datagram.ts'

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION = 60
const MOBILITY = 135
const HOST_IDENTITY = 139
const SHIM6 = 140

/**
 * Passes over the extension headers of IPv6 (RFC 8200, section 4) up to the payload or, in a fragment, to what is fragmented.
 * `into.protocol` names the first header and in the end the payload. Answers where that begins, or -1.
 */
export function behindExtensions(bytes: Uint8Array, first: number, end: number, into: Datagram): number {
  let at = first
  for (;;) {
    switch (into.protocol) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION:
      case MOBILITY:
      case HOST_IDENTITY:
      case SHIM6:
        if (at + 8 > end) return -1
        into.protocol = bytes[at]
        at += (bytes[at + 1] + 1) * 8
        break
      case AUTHENTICATION:
        if (at + 8 > end) return -1
        into.protocol = bytes[at]
        at += (bytes[at + 1] + 2) * 4
        break
      case FRAGMENT:
        if (at + 8 > end) return -1
        into.protocol = bytes[at]
        into.offset = net16(bytes, at + 2) & 0xfff8
        into.more = (bytes[at + 3] & 1) !== 0
        into.id = net32(bytes, at + 4) >>> 0
        into.fragment = into.more || into.offset > 0
        at += 8
        // What follows the header of a fragment is to be read once the datagram is whole. An atomic one is whole (RFC 6946).
        if (into.fragment) return at
        break
      default:
        return at
    }
  }
}
