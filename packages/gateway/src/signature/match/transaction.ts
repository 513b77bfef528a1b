import { PacketType } from '@ringwall/wire/mqtt'
import type { SignedPacket } from '../packet.ts'
import { typeBit } from './buffers.ts'

/** What answers another packet counts for both directions, since it belongs to the transaction that the other opened. */
export const ANSWERS =
  typeBit(PacketType.CONNACK) |
  typeBit(PacketType.PUBACK) |
  typeBit(PacketType.PUBREC) |
  typeBit(PacketType.PUBREL) |
  typeBit(PacketType.PUBCOMP) |
  typeBit(PacketType.SUBACK) |
  typeBit(PacketType.UNSUBACK)

const OPENERS =
  typeBit(PacketType.CONNECT) |
  typeBit(PacketType.PUBLISH) |
  typeBit(PacketType.SUBSCRIBE) |
  typeBit(PacketType.UNSUBSCRIBE)

const CLOSERS =
  typeBit(PacketType.CONNACK) |
  typeBit(PacketType.PUBACK) |
  typeBit(PacketType.PUBCOMP) |
  typeBit(PacketType.SUBACK) |
  typeBit(PacketType.UNSUBACK)

export const opens = (type: number): boolean => (OPENERS & typeBit(type)) !== 0
export const closes = (type: number): boolean => (CLOSERS & typeBit(type)) !== 0

/** What is not part of a transaction of several packets. */
export const ALONE = -1

/**
 * A number for the transaction that a packet belongs to, the same for all of its packets: by kind, by the direction of its
 * opener, and by packet identifier. `ALONE` for what nobody answers.
 */
export function transactionOf(packet: SignedPacket): number {
  const { type } = packet
  const up = packet.direction === 'up' ? 1 : 0
  switch (type) {
    case PacketType.CONNECT:
      return numberOf(0, up, 0)
    case PacketType.CONNACK:
      return numberOf(0, 1 - up, 0)
    case PacketType.PUBLISH:
      return (packet.flags & 6) === 0 ? ALONE : withId(1, up, packet, publishId(packet))
    case PacketType.PUBREL:
      return withId(1, up, packet, packet.body)
    case PacketType.PUBACK:
    case PacketType.PUBREC:
    case PacketType.PUBCOMP:
      return withId(1, 1 - up, packet, packet.body)
    case PacketType.SUBSCRIBE:
      return withId(2, up, packet, packet.body)
    case PacketType.SUBACK:
      return withId(2, 1 - up, packet, packet.body)
    case PacketType.UNSUBSCRIBE:
      return withId(3, up, packet, packet.body)
    case PacketType.UNSUBACK:
      return withId(3, 1 - up, packet, packet.body)
    default:
      return ALONE
  }
}

function publishId({ bytes, body, end }: SignedPacket): number {
  return body + 2 > end ? end : body + 2 + ((bytes[body] << 8) | bytes[body + 1])
}

function withId(kind: number, up: number, { bytes, end }: SignedPacket, at: number): number {
  return at + 2 > end ? ALONE : numberOf(kind, up, (bytes[at] << 8) | bytes[at + 1])
}

const numberOf = (kind: number, up: number, id: number) => ((kind * 2 + up) << 16) | id
