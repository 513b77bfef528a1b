import { PacketType } from '@ringwall/wire/mqtt'

/** What the first bytes of a direction say: MQTT, something else, or not enough to tell. */
export type Recognized = 'yes' | 'no' | 'more'

const NAMES = ['MQTT', 'MQIsdp'].map(name => Uint8Array.of(0, name.length, ...new TextEncoder().encode(name)))

/** What is known of a connection when its first bytes come. */
export interface Circumstances {
  /** One of its ports is a well-known one. */
  readonly known: boolean
  /** The capture begins within the connection, or its beginning is lost. */
  readonly midstream: boolean
}

/**
 * Says by their content whether bytes are MQTT. A CONNECT is known on any port. On a well-known port any packet type with a
 * possible QoS is enough, as for Suricata's probing parser; elsewhere, where a connection is met in its midst, the bytes must be
 * whole packets of the standard one after the other, at least one of them with a topic.
 */
export function recognize(
  bytes: Uint8Array,
  start: number,
  end: number,
  { known, midstream }: Circumstances,
): Recognized {
  if (bytes[start] === 0x10) {
    const connect = isConnect(bytes, start, end)
    if (connect !== 'no') return connect
  }
  if (known) return probe(bytes, start, end)
  if (midstream) return arePackets(bytes, start, end) ? 'yes' : 'no'
  // What else a server on such a port says its client's CONNECT has explained before, or nothing will.
  return 'no'
}

/** More bytes than it takes to tell. */
export const ENOUGH = 16

function isConnect(bytes: Uint8Array, start: number, end: number): Recognized {
  const body = bodyOf(bytes, start, end)
  if (body < 0) return body === MORE ? 'more' : 'no'
  for (const name of NAMES) {
    let same = 0
    while (same < name.length && body + same < end && bytes[body + same] === name[same]) same++
    if (same === name.length) return 'yes'
    if (body + same >= end) return 'more'
  }
  return 'no'
}

function probe(bytes: Uint8Array, start: number, end: number): Recognized {
  if (bytes[start] < 0x10 || (bytes[start] & 6) === 6) return 'no'
  const body = bodyOf(bytes, start, end)
  return body >= 0 ? 'yes' : body === MORE ? 'more' : 'no'
}

const MORE = -1
const NONE = -2

/** Where the content of the packet at `start` begins; `MORE` or `NONE`. */
function bodyOf(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at <= start + 4; at++) {
    if (at >= end) return MORE
    if (bytes[at] < 0x80) return at + 1
  }
  return NONE
}

function arePackets(bytes: Uint8Array, start: number, end: number): boolean {
  let topics = 0
  let at = start
  while (at < end) {
    const body = bodyOf(bytes, at, end)
    if (body < 0) return false
    let length = 0
    for (let i = body - 1; i > at; i--) length = length * 128 + (bytes[i] & 0x7f)
    const next = body + length
    if (next > end || !legalShape(bytes[at], length)) return false
    if (bytes[at] >> 4 === PacketType.PUBLISH) {
      if (!hasTopic(bytes, body, next)) return false
      topics++
    }
    at = next
  }
  return topics > 0
}

/** The flags and the length that a packet of this type may have (3.1.1 and 5.0, sections 2.2 and 2.1). */
function legalShape(first: number, length: number): boolean {
  const flags = first & 15
  switch (first >> 4) {
    case PacketType.PUBLISH:
      return (flags & 6) !== 6 && length >= 3
    case PacketType.PINGREQ:
    case PacketType.PINGRESP:
      return flags === 0 && length === 0
    case PacketType.PUBREL:
      return flags === 2 && length >= 2
    case PacketType.SUBSCRIBE:
    case PacketType.UNSUBSCRIBE:
      return flags === 2 && length >= 5
    case PacketType.CONNECT:
    case 0:
      return false
    default:
      return flags === 0
  }
}

function hasTopic(bytes: Uint8Array, body: number, end: number): boolean {
  const stop = body + 2 + ((bytes[body] << 8) | bytes[body + 1])
  if (stop > end || stop === body + 2) return false
  for (let at = body + 2; at < stop; at++)
    if (bytes[at] < 0x20 || bytes[at] === 0x23 || bytes[at] === 0x2b) return false
  return true
}
