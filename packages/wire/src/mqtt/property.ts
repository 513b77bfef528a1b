import { PacketType as T } from './codes.ts'

/** The property identifiers of MQTT 5.0 (table 2-4). */
export const Property = {
  PAYLOAD_FORMAT_INDICATOR: 1,
  MESSAGE_EXPIRY_INTERVAL: 2,
  CONTENT_TYPE: 3,
  RESPONSE_TOPIC: 8,
  CORRELATION_DATA: 9,
  SUBSCRIPTION_IDENTIFIER: 11,
  SESSION_EXPIRY_INTERVAL: 17,
  ASSIGNED_CLIENT_IDENTIFIER: 18,
  SERVER_KEEP_ALIVE: 19,
  AUTHENTICATION_METHOD: 21,
  AUTHENTICATION_DATA: 22,
  REQUEST_PROBLEM_INFORMATION: 23,
  WILL_DELAY_INTERVAL: 24,
  REQUEST_RESPONSE_INFORMATION: 25,
  RESPONSE_INFORMATION: 26,
  SERVER_REFERENCE: 28,
  REASON_STRING: 31,
  RECEIVE_MAXIMUM: 33,
  TOPIC_ALIAS_MAXIMUM: 34,
  TOPIC_ALIAS: 35,
  MAXIMUM_QOS: 36,
  RETAIN_AVAILABLE: 37,
  USER_PROPERTY: 38,
  MAXIMUM_PACKET_SIZE: 39,
  WILDCARD_SUBSCRIPTION_AVAILABLE: 40,
  SUBSCRIPTION_IDENTIFIER_AVAILABLE: 41,
  SHARED_SUBSCRIPTION_AVAILABLE: 42,
} as const

/** How a property's value is encoded. Every single-byte property of the standard is a flag of 0 or 1. */
export const Kind = { UNKNOWN: 0, FLAG: 1, U16: 2, U32: 3, VARIABLE: 4, TEXT: 5, BINARY: 6, PAIR: 7 } as const

/** The place of will properties in the owner masks, where type 0 is free. */
export const WILL = 0

const kinds = new Uint8Array(256)
const owners = new Uint16Array(256)
function define(id: number, kind: number, ...types: number[]): void {
  kinds[id] = kind
  for (const type of types) owners[id] |= 1 << type
}

define(Property.PAYLOAD_FORMAT_INDICATOR, Kind.FLAG, T.PUBLISH, WILL)
define(Property.MESSAGE_EXPIRY_INTERVAL, Kind.U32, T.PUBLISH, WILL)
define(Property.CONTENT_TYPE, Kind.TEXT, T.PUBLISH, WILL)
define(Property.RESPONSE_TOPIC, Kind.TEXT, T.PUBLISH, WILL)
define(Property.CORRELATION_DATA, Kind.BINARY, T.PUBLISH, WILL)
define(Property.SUBSCRIPTION_IDENTIFIER, Kind.VARIABLE, T.PUBLISH, T.SUBSCRIBE)
define(Property.SESSION_EXPIRY_INTERVAL, Kind.U32, T.CONNECT, T.CONNACK, T.DISCONNECT)
define(Property.ASSIGNED_CLIENT_IDENTIFIER, Kind.TEXT, T.CONNACK)
define(Property.SERVER_KEEP_ALIVE, Kind.U16, T.CONNACK)
define(Property.AUTHENTICATION_METHOD, Kind.TEXT, T.CONNECT, T.CONNACK, T.AUTH)
define(Property.AUTHENTICATION_DATA, Kind.BINARY, T.CONNECT, T.CONNACK, T.AUTH)
define(Property.REQUEST_PROBLEM_INFORMATION, Kind.FLAG, T.CONNECT)
define(Property.WILL_DELAY_INTERVAL, Kind.U32, WILL)
define(Property.REQUEST_RESPONSE_INFORMATION, Kind.FLAG, T.CONNECT)
define(Property.RESPONSE_INFORMATION, Kind.TEXT, T.CONNACK)
define(Property.SERVER_REFERENCE, Kind.TEXT, T.CONNACK, T.DISCONNECT)
define(Property.REASON_STRING, Kind.TEXT, 2, 4, 5, 6, 7, 9, 11, 14, 15)
define(Property.RECEIVE_MAXIMUM, Kind.U16, T.CONNECT, T.CONNACK)
define(Property.TOPIC_ALIAS_MAXIMUM, Kind.U16, T.CONNECT, T.CONNACK)
define(Property.TOPIC_ALIAS, Kind.U16, T.PUBLISH)
define(Property.MAXIMUM_QOS, Kind.FLAG, T.CONNACK)
define(Property.RETAIN_AVAILABLE, Kind.FLAG, T.CONNACK)
define(Property.USER_PROPERTY, Kind.PAIR, WILL, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15)
define(Property.MAXIMUM_PACKET_SIZE, Kind.U32, T.CONNECT, T.CONNACK)
define(Property.WILDCARD_SUBSCRIPTION_AVAILABLE, Kind.FLAG, T.CONNACK)
define(Property.SUBSCRIPTION_IDENTIFIER_AVAILABLE, Kind.FLAG, T.CONNACK)
define(Property.SHARED_SUBSCRIPTION_AVAILABLE, Kind.FLAG, T.CONNACK)

/** How the value of a property is encoded; `Kind.UNKNOWN` for an identifier that the standard does not have. */
export function propertyKind(id: number): number {
  return kinds[id]
}

/** Whether the property may stand in packets of this type (`WILL`: in will properties). */
export function propertyAllowed(id: number, owner: number): boolean {
  return ((owners[id] >> owner) & 1) === 1
}

const NAMES = new Map<number, string>(
  Object.entries(Property).map(([name, id]) => [id, name.toLowerCase().replaceAll('_', ' ')]),
)

/** The standard's name of a property in lower-case words. */
export function propertyName(id: number): string {
  return NAMES.get(id) ?? `property ${id}`
}
