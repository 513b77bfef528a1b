import { LARGEST_PACKET, PacketType, Reason } from './codes.ts'
import { Cursor } from './cursor.ts'
import { type Fault, fault, strictFault } from './fault.ts'
import { findProperty, numberProperty } from './properties.ts'
import { Property } from './property.ts'
import { textOf } from './utf8.ts'
import { readWill, type Will } from './will.ts'

/** What a CONNECT says. Offsets are indexes into `bytes`, ends are exclusive; views share those bytes. */
export interface Connect {
  readonly bytes: Uint8Array
  readonly protocolVersion: 4 | 5
  /** Clean Session in 3.1.1. */
  readonly cleanStart: boolean
  /** Seconds; 0 switches it off. */
  readonly keepAlive: number
  readonly clientId: string
  readonly username?: string | undefined
  readonly password?: Uint8Array | undefined
  readonly will?: Will | undefined
  /** 65,535 where absent. */
  readonly receiveMaximum: number
  /** Bytes; `LARGEST_PACKET` where absent. */
  readonly maximumPacketSize: number
  /** 0 where absent. */
  readonly topicAliasMaximum: number
  /** Seconds; 0 where absent, 0xffffffff for never. */
  readonly sessionExpiry: number
  readonly requestProblemInformation: boolean
  readonly requestResponseInformation: boolean
  readonly authenticationMethod?: string | undefined
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/**
 * Reads the CONNECT whose variable header begins at `body`, strictly by its own version's rules: MQTT 3.1.1 or 5.0.
 * MQTT 3.1 (`MQIsdp`) and every other version is a fault with code `protocol_version`. With `strict` that is a fault too which
 * a receiver may refuse though it need not; a scanner does so by itself.
 */
export function readConnect(bytes: Uint8Array, body: number, end: number, strict = false): Connect | Fault {
  const version = protocolVersion(bytes, body, end)
  if (typeof version !== 'number') return version
  const cursor = new Cursor(bytes, body + 7, end, version, strict)
  const flags = cursor.u8('connect flags')
  checkFlags(cursor, flags, version)
  const keepAlive = cursor.u16('keep alive')
  cursor.properties(PacketType.CONNECT, true)
  const { from, to } = cursor
  const cleanStart = (flags & 2) !== 0
  const idAt = cursor.at
  const clientId = cursor.text('client identifier', 'MQTT-3.1.3-4')
  if (version === 4 && clientId === '' && !cleanStart) {
    const why = 'the client identifier is empty and the session is not clean'
    cursor.fail('client_id_empty', 'MQTT-3.1.3-7', why, Reason.CLIENT_IDENTIFIER_NOT_VALID, idAt)
  }
  const will = (flags & 4) !== 0 ? readWill(cursor, flags) : undefined
  const nameClause = version === 5 ? 'MQTT-3.1.3-12' : 'MQTT-3.1.3-11'
  if ((flags & 0x80) !== 0) cursor.promised('user name', version === 5 ? 'MQTT-3.1.2-17' : 'MQTT-3.1.2-19')
  const username = (flags & 0x80) !== 0 ? cursor.text('user name', nameClause) : undefined
  if ((flags & 0x40) !== 0) cursor.promised('password', version === 5 ? 'MQTT-3.1.2-19' : 'MQTT-3.1.2-21')
  const password = (flags & 0x40) !== 0 ? cursor.binary('password') : undefined
  cursor.finish('MQTT-3.1.3-1')
  if (cursor.problem !== null) return cursor.problem
  const number = (id: number, absent: number) => numberProperty(bytes, from, to, id, absent)
  return {
    bytes,
    protocolVersion: version,
    cleanStart,
    keepAlive,
    clientId,
    username,
    password,
    will,
    receiveMaximum: number(Property.RECEIVE_MAXIMUM, 65535),
    maximumPacketSize: number(Property.MAXIMUM_PACKET_SIZE, LARGEST_PACKET),
    topicAliasMaximum: number(Property.TOPIC_ALIAS_MAXIMUM, 0),
    sessionExpiry: number(Property.SESSION_EXPIRY_INTERVAL, 0),
    requestProblemInformation: number(Property.REQUEST_PROBLEM_INFORMATION, 1) === 1,
    requestResponseInformation: number(Property.REQUEST_RESPONSE_INFORMATION, 0) === 1,
    authenticationMethod: textProperty(bytes, from, to, Property.AUTHENTICATION_METHOD),
    propertiesStart: from,
    propertiesEnd: to,
  }
}

/** A text property's value in properties that were checked, or undefined. */
export function textProperty(bytes: Uint8Array, start: number, end: number, id: number): string | undefined {
  const at = findProperty(bytes, start, end, id)
  if (at < 0) return undefined
  return textOf(bytes, at + 2, at + 2 + ((bytes[at] << 8) | bytes[at + 1]))
}

const OLD_NAME = 'MQIsdp'

function protocolVersion(bytes: Uint8Array, body: number, end: number): 4 | 5 | Fault {
  const length = end - body < 2 ? -1 : (bytes[body] << 8) | bytes[body + 1]
  if (length < 0 || body + 2 + length + 1 > end) {
    const why = 'the packet ends within its protocol name or version'
    return fault('truncated', 'MQTT-3.1.2', why, Reason.MALFORMED_PACKET, end)
  }
  const name = String.fromCharCode(...bytes.subarray(body + 2, body + 2 + Math.min(length, OLD_NAME.length + 1)))
  if (name === OLD_NAME) {
    const why = 'MQTT 3.1 (MQIsdp) is not spoken here: use MQTT 3.1.1 or 5.0'
    const make = (bytes[body + 8] & 0x7f) === 3 ? strictFault : fault
    return make('protocol_version', 'MQTT-3.1.2-2', why, Reason.UNSUPPORTED_PROTOCOL_VERSION, body)
  }
  if (name !== 'MQTT') {
    return fault('protocol_name', 'MQTT-3.1.2-1', 'the protocol name is not MQTT', Reason.MALFORMED_PACKET, body)
  }
  const version = bytes[body + 6]
  if (version === 4 || version === 5) return version
  const why = `protocol version ${version} is not spoken here: use 4 (MQTT 3.1.1) or 5 (MQTT 5.0)`
  // Mosquitto marks its bridges by the highest bit, and takes that as a version of its own.
  const make = version === 0x84 || version === 0x85 ? strictFault : fault
  return make('protocol_version', 'MQTT-3.1.2-2', why, Reason.UNSUPPORTED_PROTOCOL_VERSION, body + 6)
}

function checkFlags(cursor: Cursor, flags: number, version: 4 | 5): void {
  if (cursor.fault !== null) return
  const at = cursor.at - 1
  const malformed = (code: string, clause: string, why: string) =>
    cursor.fail(code, clause, why, Reason.MALFORMED_PACKET, at)
  if ((flags & 1) !== 0) malformed('reserved_flags', 'MQTT-3.1.2-3', 'the reserved connect flag is set')
  const willQos = (flags >> 3) & 3
  if ((flags & 4) === 0) {
    const qosClause = version === 5 ? 'MQTT-3.1.2-11' : 'MQTT-3.1.2-13'
    const retainClause = version === 5 ? 'MQTT-3.1.2-13' : 'MQTT-3.1.2-15'
    if (willQos !== 0) malformed('will_flags', qosClause, `will QoS ${willQos} without a will`)
    if ((flags & 0x20) !== 0) malformed('will_flags', retainClause, 'will retain without a will')
  } else if (willQos === 3) {
    malformed('will_flags', version === 5 ? 'MQTT-3.1.2-12' : 'MQTT-3.1.2-14', 'both will QoS bits are set')
  }
  if (version === 4 && (flags & 0xc0) === 0x40) {
    malformed('password_alone', 'MQTT-3.1.2-22', 'a password without a user name')
  }
}
