import { packetName, Reason } from './codes.ts'
import { type Fault, fault, strictFault } from './fault.ts'
import { Kind, Property, propertyAllowed, propertyKind, propertyName, WILL } from './property.ts'
import { oddCharacter, TextProblem, textProblem } from './utf8.ts'
import { variableAt, variableMinimal, variableSize, variableValue } from './variable.ts'

/** Where the checker leaves what it found, so that a PUBLISH costs no allocation. */
export interface PropertySlot {
  alias: number
  utf8Payload: boolean
  readonly strict: boolean
  strictFault: Fault | null
}

/**
 * Checks the properties in `[start, end)` of a packet of type `owner` (`WILL`: will properties): identifiers allowed
 * there, none twice, value types and ranges (MQTT 5.0, section 2.2.2.2). Answers the first fault.
 */
export function checkProperties(
  bytes: Uint8Array,
  start: number,
  end: number,
  owner: number,
  fromClient: boolean,
  slot: PropertySlot,
): Fault | null {
  let seenLow = 0
  let seenHigh = 0
  let at = start
  while (at < end) {
    const id = bytes[at]
    const kind = propertyKind(id)
    if (kind === Kind.UNKNOWN || !propertyAllowed(id, owner)) return misplaced(id, kind, owner, at)
    if (id !== Property.USER_PROPERTY) {
      const mask = 1 << (id & 31)
      const repeated = id < 32 ? seenLow & mask : seenHigh & mask
      // A server names every matching subscription, each in its own property (MQTT-3.3.4-4).
      if (repeated !== 0 && !(id === Property.SUBSCRIPTION_IDENTIFIER && owner !== 8)) return twice(id, at)
      if (id < 32) seenLow |= mask
      else seenHigh |= mask
    }
    const next = valueEnd(bytes, at + 1, end, kind)
    if (next < 0) return broken(id, next, at)
    if (slot.strict && kind >= Kind.VARIABLE) slot.strictFault ??= doubtful(bytes, at, next, id, kind)
    const problem = checkValue(bytes, at, next, id, kind, owner, fromClient)
    if (problem !== null && problem.strict !== true) return problem
    if (slot.strict) slot.strictFault ??= problem
    if (id === Property.TOPIC_ALIAS) slot.alias = (bytes[at + 1] << 8) | bytes[at + 2]
    else if (id === Property.PAYLOAD_FORMAT_INDICATOR) slot.utf8Payload = bytes[at + 1] === 1
    else if (id === Property.SUBSCRIPTION_IDENTIFIER && owner === 3 && fromClient) slot.strictFault ??= notTheirs(at)
    at = next
  }
  const needsMethod = seenLow & (1 << Property.AUTHENTICATION_DATA)
  if (needsMethod !== 0 && (seenLow & (1 << Property.AUTHENTICATION_METHOD)) === 0) {
    const why = 'authentication data without an authentication method'
    return fault('authentication_data_alone', 'MQTT-3.1.2.11.10', why, Reason.PROTOCOL_ERROR, start)
  }
  return null
}

const OVERRUN = -1
const NOT_VARIABLE = -2

/** Where the value at `at` ends; negative where it does not fit or is not well formed. */
function valueEnd(bytes: Uint8Array, at: number, end: number, kind: number): number {
  let next = 0
  switch (kind) {
    case Kind.FLAG:
      next = at + 1
      break
    case Kind.U16:
      next = at + 2
      break
    case Kind.U32:
      next = at + 4
      break
    case Kind.VARIABLE: {
      const read = variableAt(bytes, at, end)
      if (read < 0) return NOT_VARIABLE
      next = at + variableSize(read)
      break
    }
    default:
      next = prefixedEnd(bytes, at, end)
      if (kind === Kind.PAIR && next <= end) next = prefixedEnd(bytes, next, end)
  }
  return next > end ? OVERRUN : next
}

function prefixedEnd(bytes: Uint8Array, at: number, end: number): number {
  return at + 2 > end ? end + 1 : at + 2 + ((bytes[at] << 8) | bytes[at + 1])
}

function checkValue(
  bytes: Uint8Array,
  at: number,
  next: number,
  id: number,
  kind: number,
  owner: number,
  fromClient: boolean,
): Fault | null {
  switch (kind) {
    case Kind.FLAG:
      if (bytes[at + 1] > 1) return outOfRange(id, bytes[at + 1], at)
      return null
    case Kind.TEXT:
      return checkText(bytes, at + 3, next, id)
    case Kind.PAIR: {
      const middle = prefixedEnd(bytes, at + 1, next)
      return checkText(bytes, at + 3, middle, id) ?? checkText(bytes, middle + 2, next, id)
    }
    case Kind.BINARY:
      return null
    default:
      return checkNumber(bytes, at, next, id, owner, fromClient)
  }
}

function checkNumber(
  bytes: Uint8Array,
  at: number,
  next: number,
  id: number,
  owner: number,
  fromClient: boolean,
): Fault | null {
  if (id === Property.SESSION_EXPIRY_INTERVAL && owner === 14 && !fromClient) {
    const why = 'a server may not put a session expiry interval into a DISCONNECT'
    return fault('session_expiry_from_server', 'MQTT-3.14.2-2', why, Reason.PROTOCOL_ERROR, at)
  }
  const mustNotBeZero =
    id === Property.TOPIC_ALIAS ||
    id === Property.RECEIVE_MAXIMUM ||
    id === Property.MAXIMUM_PACKET_SIZE ||
    id === Property.SUBSCRIPTION_IDENTIFIER
  if (!mustNotBeZero) return null
  for (let i = at + 1; i < next; i++) if (bytes[i] !== 0) return null
  return outOfRange(id, 0, at)
}

/** Not relaxed: passed on by a broker, it would tell readers of a subscription that they did not make. */
function notTheirs(at: number): Fault {
  const why = 'a client may not put a subscription identifier into a PUBLISH'
  return strictFault('subscription_identifier_from_client', 'MQTT-3.3.4-6', why, Reason.PROTOCOL_ERROR, at)
}

/** What of a value a receiver may refuse though it need not. */
function doubtful(bytes: Uint8Array, at: number, next: number, id: number, kind: number): Fault | null {
  if (kind === Kind.VARIABLE) {
    if (variableMinimal(variableAt(bytes, at + 1, next))) return null
    const why = `the ${propertyName(id)} is not in its shortest form`
    return strictFault('property_not_shortest', 'MQTT-1.5.5-1', why, Reason.MALFORMED_PACKET, at)
  }
  if (kind === Kind.BINARY) return null
  const middle = kind === Kind.PAIR ? prefixedEnd(bytes, at + 1, next) : next
  let found = oddCharacter(bytes, at + 3, middle)
  if (found < 0 && kind === Kind.PAIR) found = oddCharacter(bytes, middle + 2, next)
  return found < 0 ? null : oddText(propertyName(id), 5, found)
}

/** A text holds a control character or a non-character at `at`. */
export function oddText(what: string, version: 4 | 5, at: number): Fault {
  const why = `the ${what} holds a control character or a non-character`
  const clause = version === 5 ? 'MQTT-1.5.4' : 'MQTT-1.5.3'
  return strictFault('text_control', clause, why, Reason.MALFORMED_PACKET, at)
}

function checkText(bytes: Uint8Array, start: number, end: number, id: number): Fault | null {
  const problem = textProblem(bytes, start, end)
  if (problem !== TextProblem.NONE) return badText(problem, propertyName(id), id === Property.USER_PROPERTY, start)
  if (id !== Property.RESPONSE_TOPIC) return null
  if (start === end) {
    const why = 'the response topic is empty'
    return strictFault('response_topic_empty', 'MQTT-4.7.3-1', why, Reason.PROTOCOL_ERROR, start)
  }
  for (let i = start; i < end; i++) {
    if (bytes[i] === 0x23 || bytes[i] === 0x2b) {
      const why = `the response topic holds the wildcard ${bytes[i] === 0x23 ? '#' : '+'}`
      return strictFault('response_topic_wildcard', 'MQTT-3.3.2-14', why, Reason.PROTOCOL_ERROR, i)
    }
  }
  return null
}

function badText(problem: number, what: string, pair: boolean, at: number): Fault {
  if (problem === TextProblem.NULL) {
    const why = `the ${what} holds the character U+0000`
    return fault('text_null', pair ? 'MQTT-1.5.7-1' : 'MQTT-1.5.4-2', why, Reason.MALFORMED_PACKET, at)
  }
  const why = `the ${what} is not well-formed UTF-8`
  return fault('text_malformed', pair ? 'MQTT-1.5.7-1' : 'MQTT-1.5.4-1', why, Reason.MALFORMED_PACKET, at)
}

function misplaced(id: number, kind: number, owner: number, at: number): Fault {
  const place = owner === WILL ? 'will properties' : packetName(owner)
  const known = kind !== Kind.UNKNOWN
  const why = known ? `${propertyName(id)} is not a property of ${place}` : `there is no property with identifier ${id}`
  const code = known ? 'property_not_allowed' : 'property_unknown'
  return fault(code, 'MQTT-2.2.2.2', why, Reason.MALFORMED_PACKET, at)
}

function twice(id: number, at: number): Fault {
  const why = `${propertyName(id)} stands twice in one packet`
  return fault('property_twice', 'MQTT-2.2.2.2', why, Reason.PROTOCOL_ERROR, at)
}

function broken(id: number, problem: number, at: number): Fault {
  if (problem === OVERRUN) {
    const why = `the ${propertyName(id)} reaches beyond the properties`
    return fault('property_truncated', 'MQTT-2.2.2.2', why, Reason.MALFORMED_PACKET, at)
  }
  const why = `the ${propertyName(id)} is not a variable byte integer`
  return fault('property_malformed', 'MQTT-1.5.5', why, Reason.MALFORMED_PACKET, at)
}

function outOfRange(id: number, value: number, at: number): Fault {
  const why = `${propertyName(id)} may not be ${value}`
  // MQTT-3.3.2-8 forbids a topic alias of 0; the other ranges are protocol errors without a numbered clause.
  if (id === Property.TOPIC_ALIAS) {
    return fault('alias_zero', 'MQTT-3.3.2-8', why, Reason.TOPIC_ALIAS_INVALID, at)
  }
  // Nothing is said of a payload format indicator that is neither 0 nor 1.
  const make = id === Property.PAYLOAD_FORMAT_INDICATOR ? strictFault : fault
  return make('property_value', 'MQTT-2.2.2.2', why, Reason.PROTOCOL_ERROR, at)
}

/**
 * Where the value of a property begins in properties that were checked, or -1. Only the first of several is found.
 */
export function findProperty(bytes: Uint8Array, start: number, end: number, id: number): number {
  let at = start
  while (at < end) {
    if (bytes[at] === id) return at + 1
    at = valueEnd(bytes, at + 1, end, propertyKind(bytes[at]))
    if (at < 0) return -1
  }
  return -1
}

/** Where the property at `at` ends in properties that were checked. */
export function propertyEnd(bytes: Uint8Array, at: number, end: number): number {
  return valueEnd(bytes, at + 1, end, propertyKind(bytes[at]))
}

/** A numeric property's value in properties that were checked, or `absent`. */
export function numberProperty(bytes: Uint8Array, start: number, end: number, id: number, absent: number): number {
  const at = findProperty(bytes, start, end, id)
  if (at < 0) return absent
  switch (propertyKind(id)) {
    case Kind.FLAG:
      return bytes[at]
    case Kind.U16:
      return (bytes[at] << 8) | bytes[at + 1]
    case Kind.U32:
      return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
    default:
      return variableValue(variableAt(bytes, at, end))
  }
}
