import { PacketType } from '@ringwall/wire/mqtt'
import { typeBit } from './buffers.ts'
import type { Fields } from './fields.ts'

/** The types of packets that can carry reason codes, the CONNACK's return code among them. */
export const REASON_TYPES =
  typeBit(PacketType.CONNACK) |
  typeBit(PacketType.PUBACK) |
  typeBit(PacketType.PUBREC) |
  typeBit(PacketType.PUBREL) |
  typeBit(PacketType.PUBCOMP) |
  typeBit(PacketType.SUBACK) |
  typeBit(PacketType.UNSUBACK) |
  typeBit(PacketType.DISCONNECT) |
  typeBit(PacketType.AUTH)

/**
 * Whether any reason code of the packet is wanted. In MQTT 5.0 a code that is left out is 0 (sections 3.4.2.1, 3.14.2.1);
 * before it only CONNACK and SUBACK have codes.
 */
export function hasReason(fields: Fields, wanted: (code: number) => boolean): boolean {
  const { bytes, body, end, type } = fields.packet
  const five = fields.version === 5
  switch (type) {
    case PacketType.CONNACK:
      return body + 2 <= end && wanted(bytes[body + 1])
    case PacketType.PUBACK:
    case PacketType.PUBREC:
    case PacketType.PUBREL:
    case PacketType.PUBCOMP:
      return five && body + 2 <= end && wanted(body + 2 < end ? bytes[body + 2] : 0)
    case PacketType.SUBACK:
      return anyOf(bytes, five ? behindProperties(bytes, body + 2, end) : body + 2, end, wanted)
    case PacketType.UNSUBACK:
      return five && anyOf(bytes, behindProperties(bytes, body + 2, end), end, wanted)
    case PacketType.DISCONNECT:
    case PacketType.AUTH:
      return five && wanted(body < end ? bytes[body] : 0)
    default:
      return false
  }
}

function anyOf(bytes: Uint8Array, from: number, end: number, wanted: (code: number) => boolean): boolean {
  for (let at = from; at < end; at++) if (wanted(bytes[at])) return true
  return false
}

function behindProperties(bytes: Uint8Array, at: number, end: number): number {
  let length = 0
  for (let i = 0; i < 4 && at + i < end; i++) {
    length |= (bytes[at + i] & 0x7f) << (7 * i)
    if (bytes[at + i] < 0x80) return at + i + 1 + length
  }
  return end
}
