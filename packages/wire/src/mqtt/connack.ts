import { LARGEST_PACKET, PacketType, Reason } from './codes.ts'
import { textProperty } from './connect.ts'
import { Cursor } from './cursor.ts'
import type { Fault } from './fault.ts'
import { legalReason } from './legal.ts'
import { numberProperty } from './properties.ts'
import { Property } from './property.ts'

/** What a CONNACK says. Offsets are indexes into `bytes`, ends are exclusive. */
export interface Connack {
  readonly bytes: Uint8Array
  readonly version: 4 | 5
  readonly sessionPresent: boolean
  /** Reason code, in 3.1.1 the return code. */
  readonly reason: number
  /** 65,535 where absent. */
  readonly receiveMaximum: number
  /** Bytes; `LARGEST_PACKET` where absent. */
  readonly maximumPacketSize: number
  /** 0 where absent. */
  readonly topicAliasMaximum: number
  /** 2 where absent. */
  readonly maximumQos: number
  readonly retainAvailable: boolean
  /** Seconds; undefined where the client's own value stands. */
  readonly serverKeepAlive?: number | undefined
  /** Seconds; undefined where the client's own value stands. */
  readonly sessionExpiry?: number | undefined
  readonly assignedClientId?: string | undefined
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/** Reads the CONNACK whose variable header begins at `body`. */
export function readConnack(bytes: Uint8Array, body: number, end: number, version: 4 | 5): Connack | Fault {
  const cursor = new Cursor(bytes, body, end, version)
  const flags = cursor.u8('acknowledge flags')
  if (flags > 1) {
    const clause = version === 5 ? 'MQTT-3.2.2-1' : 'MQTT-3.2.2.1'
    cursor.fail('reserved_flags', clause, 'a reserved acknowledge flag is set', Reason.MALFORMED_PACKET, body)
  }
  const reason = cursor.u8('reason code')
  const legal = version === 5 ? legalReason(PacketType.CONNACK, reason, false) : reason <= 5
  if (!legal) {
    const clause = version === 5 ? 'MQTT-3.2.2-8' : 'MQTT-3.2.2.3'
    cursor.fail('reason_illegal', clause, `code ${reason} is none of CONNACK`, Reason.PROTOCOL_ERROR, body + 1)
  }
  if (reason !== 0 && flags === 1) {
    const clause = version === 5 ? 'MQTT-3.2.2-6' : 'MQTT-3.2.2-4'
    cursor.fail('session_present', clause, 'a refused session cannot be present', Reason.PROTOCOL_ERROR, body)
  }
  cursor.properties(PacketType.CONNACK, false)
  const { from, to } = cursor
  cursor.finish('MQTT-3.2.3')
  if (cursor.problem !== null) return cursor.problem
  const number = (id: number, absent: number) => numberProperty(bytes, from, to, id, absent)
  const optional = (id: number) => {
    const value = number(id, -1)
    return value < 0 ? undefined : value
  }
  return {
    bytes,
    version,
    sessionPresent: flags === 1,
    reason,
    receiveMaximum: number(Property.RECEIVE_MAXIMUM, 65535),
    maximumPacketSize: number(Property.MAXIMUM_PACKET_SIZE, LARGEST_PACKET),
    topicAliasMaximum: number(Property.TOPIC_ALIAS_MAXIMUM, 0),
    maximumQos: number(Property.MAXIMUM_QOS, 2),
    retainAvailable: number(Property.RETAIN_AVAILABLE, 1) === 1,
    serverKeepAlive: optional(Property.SERVER_KEEP_ALIVE),
    sessionExpiry: optional(Property.SESSION_EXPIRY_INTERVAL),
    assignedClientId: textProperty(bytes, from, to, Property.ASSIGNED_CLIENT_IDENTIFIER),
    propertiesStart: from,
    propertiesEnd: to,
  }
}
