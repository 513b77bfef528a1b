import { changeProperties, type PropertyChange } from './change-properties.ts'
import { Reason } from './codes.ts'
import type { Connect } from './connect.ts'
import { Writer } from './writer.ts'

/** What the gateway says differently from the CONNECT that it mirrors; what is absent is carried over. */
export interface ConnectChanges {
  readonly clientId?: string
  readonly cleanStart?: boolean
  /** Seconds. */
  readonly keepAlive?: number
  /** null leaves it out. */
  readonly username?: string | null
  /** null leaves it out. */
  readonly password?: Uint8Array | null
  /** Ignored in 3.1.1, which has no properties. */
  readonly properties?: readonly PropertyChange[]
}

/** Encodes a CONNECT from one that was read: every field and property is carried over but for the changes. */
export function encodeConnect(connect: Connect, changes: ConnectChanges = {}): Uint8Array {
  const { bytes, will, protocolVersion } = connect
  const username = changes.username === undefined ? connect.username : (changes.username ?? undefined)
  const password = changes.password === undefined ? connect.password : (changes.password ?? undefined)
  let flags = (changes.cleanStart ?? connect.cleanStart) ? 2 : 0
  if (will !== undefined) flags |= 4 | (will.qos << 3) | (will.retain ? 0x20 : 0)
  if (password !== undefined) flags |= 0x40
  if (username !== undefined) flags |= 0x80
  const writer = new Writer()
  writer.prefixed('MQTT').u8(protocolVersion).u8(flags)
  writer.u16(changes.keepAlive ?? connect.keepAlive)
  if (protocolVersion === 5) {
    const { propertiesStart, propertiesEnd } = connect
    writeProperties(writer, changeProperties(bytes, changes.properties, propertiesStart, propertiesEnd))
  }
  writer.prefixed(changes.clientId ?? connect.clientId)
  if (will !== undefined) {
    if (protocolVersion === 5) writeProperties(writer, bytes.subarray(will.propertiesStart, will.propertiesEnd))
    writer.prefixed(bytes.subarray(will.topicStart, will.topicEnd))
    writer.prefixed(bytes.subarray(will.payloadStart, will.payloadEnd))
  }
  if (username !== undefined) writer.prefixed(username)
  if (password !== undefined) writer.prefixed(password)
  return writer.packet(0x10)
}

/** What a CONNACK is made from; a `Connack` that was read fits. */
export interface ConnackFields {
  readonly version: 4 | 5
  readonly sessionPresent: boolean
  /** An MQTT 5.0 reason code; for 3.1.1 it is turned into a return code. */
  readonly reason: number
  readonly bytes?: Uint8Array
  readonly propertiesStart?: number
  readonly propertiesEnd?: number
}

/** Encodes a CONNACK, with chosen properties set or removed. */
export function encodeConnack(connack: ConnackFields, changes: readonly PropertyChange[] = []): Uint8Array {
  const writer = new Writer().u8(connack.sessionPresent ? 1 : 0)
  if (connack.version === 4) return writer.u8(returnCode(connack.reason)).packet(0x20)
  const { bytes, propertiesStart, propertiesEnd } = connack
  writer.u8(connack.reason)
  writeProperties(writer, changeProperties(bytes, changes, propertiesStart, propertiesEnd))
  return writer.packet(0x20)
}

/** The return code of MQTT 3.1.1 (table 3.1) that comes nearest to a reason code; codes up to 5 stay. */
export function returnCode(reason: number): number {
  switch (reason) {
    case Reason.UNSUPPORTED_PROTOCOL_VERSION:
      return 1
    case Reason.CLIENT_IDENTIFIER_NOT_VALID:
      return 2
    case Reason.SERVER_UNAVAILABLE:
    case Reason.SERVER_BUSY:
    case Reason.QUOTA_EXCEEDED:
    case Reason.CONNECTION_RATE_EXCEEDED:
    case Reason.USE_ANOTHER_SERVER:
    case Reason.SERVER_MOVED:
    case Reason.UNSPECIFIED_ERROR:
    case Reason.IMPLEMENTATION_SPECIFIC_ERROR:
      return 3
    case Reason.BAD_USER_NAME_OR_PASSWORD:
      return 4
    default:
      return Math.min(reason, 5)
  }
}

/** Encodes a DISCONNECT; 3.1.1 has neither reason nor text. */
export function encodeDisconnect(version: 4 | 5, reason = 0, reasonString?: string): Uint8Array {
  const writer = new Writer()
  if (version === 4 || (reason === 0 && reasonString === undefined)) return writer.packet(0xe0)
  writer.u8(reason)
  if (reasonString !== undefined) writeProperties(writer, changeProperties(undefined, [[0x1f, reasonString]]))
  return writer.packet(0xe0)
}

/** Encodes an AUTH of MQTT 5.0 from raw properties and changes to them. */
export function encodeAuth(
  reason: number,
  properties?: Uint8Array,
  changes: readonly PropertyChange[] = [],
): Uint8Array {
  const writer = new Writer().u8(reason)
  writeProperties(writer, changeProperties(properties, changes))
  return writer.packet(0xf0)
}

export function encodePingreq(): Uint8Array {
  return Uint8Array.of(0xc0, 0)
}

export function encodePingresp(): Uint8Array {
  return Uint8Array.of(0xd0, 0)
}

/** Writes the Properties field: its length and the properties. */
export function writeProperties(writer: Writer, properties: Uint8Array): void {
  writer.variable(properties.length).raw(properties)
}
