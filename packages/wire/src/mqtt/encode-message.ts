import { changeProperties, type PropertyChange } from './change-properties.ts'
import { PacketType } from './codes.ts'
import { writeProperties } from './encode-session.ts'
import type { Subscribe, SubscribeFilter } from './subscribe.ts'
import { Writer } from './writer.ts'

const NONE = new Uint8Array(0)

/** What a PUBLISH is made from. */
export interface PublishFields {
  readonly version: 4 | 5
  /** As text or as its bytes; empty where an alias stands for it. */
  readonly topic: string | Uint8Array
  readonly qos: number
  readonly dup?: boolean
  readonly retain?: boolean
  /** Needed above QoS 0. */
  readonly packetId?: number
  readonly payload: Uint8Array
  /** Raw properties to carry over, without their length. */
  readonly properties?: Uint8Array
}

/** Encodes a PUBLISH, with chosen properties (such as the topic alias) set or removed. */
export function encodePublish(publish: PublishFields, changes: readonly PropertyChange[] = []): Uint8Array {
  const { version, qos, packetId = 0 } = publish
  if (qos !== 0 && packetId === 0) throw new RangeError(`a PUBLISH of QoS ${qos} needs a packet identifier`)
  const writer = new Writer().prefixed(publish.topic)
  if (qos !== 0) writer.u16(packetId)
  if (version === 5) writeProperties(writer, changeProperties(publish.properties, changes))
  writer.raw(publish.payload)
  return writer.packet(0x30 | (publish.dup === true ? 8 : 0) | (qos << 1) | (publish.retain === true ? 1 : 0))
}

/** The packet types that acknowledge by packet identifier and reason. */
export type AcknowledgementType =
  | typeof PacketType.PUBACK
  | typeof PacketType.PUBREC
  | typeof PacketType.PUBREL
  | typeof PacketType.PUBCOMP

/** Encodes a PUBACK, PUBREC, PUBREL or PUBCOMP in the shortest form; 3.1.1 has neither reason nor properties. */
export function encodeAcknowledgement(
  type: AcknowledgementType,
  version: 4 | 5,
  packetId: number,
  reason = 0,
  changes: readonly PropertyChange[] = [],
): Uint8Array {
  const writer = new Writer().u16(packetId)
  if (version === 5) {
    if (reason !== 0 || changes.length !== 0) writer.u8(reason)
    if (changes.length !== 0) writeProperties(writer, changeProperties(undefined, changes))
  }
  return writer.packet((type << 4) | (type === PacketType.PUBREL ? 2 : 0))
}

/** Encodes a SUBSCRIBE from one that was read, with the chosen of its filters. */
export function encodeSubscribe(
  subscribe: Subscribe,
  filters: readonly SubscribeFilter[] = subscribe.filters,
  changes: readonly PropertyChange[] = [],
): Uint8Array {
  const { bytes, version, packetId, propertiesStart, propertiesEnd } = subscribe
  const writer = new Writer().u16(packetId)
  if (version === 5) writeProperties(writer, changeProperties(bytes, changes, propertiesStart, propertiesEnd))
  for (const filter of filters) {
    const options =
      filter.qos | (filter.noLocal ? 4 : 0) | (filter.retainAsPublished ? 8 : 0) | (filter.retainHandling << 4)
    writer.prefixed(filter.text).u8(options)
  }
  return writer.packet(0x82)
}

/** Encodes a SUBACK, with raw properties where there are any; in 3.1.1 every code from 0x80 on becomes 0x80. */
export function encodeSuback(
  version: 4 | 5,
  packetId: number,
  reasons: Uint8Array,
  properties?: Uint8Array,
): Uint8Array {
  const writer = new Writer().u16(packetId)
  if (version === 4) return writer.raw(reasons.map(code => Math.min(code, 0x80))).packet(0x90)
  writeProperties(writer, properties ?? NONE)
  return writer.raw(reasons).packet(0x90)
}

/** Encodes an UNSUBACK; 3.1.1 has no reason codes in it. */
export function encodeUnsuback(
  version: 4 | 5,
  packetId: number,
  reasons: Uint8Array,
  changes: readonly PropertyChange[] = [],
): Uint8Array {
  const writer = new Writer().u16(packetId)
  if (version === 4) return writer.packet(0xb0)
  writeProperties(writer, changeProperties(undefined, changes))
  return writer.raw(reasons).packet(0xb0)
}
