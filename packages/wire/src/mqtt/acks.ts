import { PacketType, packetName, Reason } from './codes.ts'
import { blame, doubt, type Frame } from './frame.ts'
import { legalReason, reasonClause } from './legal.ts'
import { findProperty } from './properties.ts'
import { propertiesField } from './properties-field.ts'
import { Property } from './property.ts'

/** Reads and checks PUBACK, PUBREC, PUBREL and PUBCOMP. */
export function acknowledgementBody(frame: Frame): void {
  const bytes = frame.bytes
  const at = frame.body
  if (at + 2 > frame.end) {
    cutOff(frame)
    return
  }
  frame.packetId = (bytes[at] << 8) | bytes[at + 1]
  if (frame.packetId === 0) {
    const clause = frame.version === 5 ? 'MQTT-2.2.1-5' : 'MQTT-2.3.1-6'
    blame(frame, 'packet_id_zero', clause, 'the packet identifier is 0', Reason.PROTOCOL_ERROR, at)
  }
  if (at + 2 === frame.end) return
  if (frame.version === 4) {
    tooLong(frame, at + 2)
    return
  }
  reasonAndProperties(frame, at + 2)
}

/** Reads and checks DISCONNECT. */
export function disconnectBody(frame: Frame): void {
  if (frame.body === frame.end) return
  if (frame.version === 4) {
    tooLong(frame, frame.body)
    return
  }
  reasonAndProperties(frame, frame.body)
}

/** Reads and checks AUTH. Without a body it means success without properties (section 3.15.2.1). */
export function authBody(frame: Frame): void {
  if (frame.body === frame.end) {
    if (!legalReason(PacketType.AUTH, 0, frame.fromClient)) illegalReason(frame, frame.body)
    return
  }
  reasonAndProperties(frame, frame.body)
  const { bytes, propertiesStart, propertiesEnd } = frame
  if (findProperty(bytes, propertiesStart, propertiesEnd, Property.AUTHENTICATION_METHOD) < 0) {
    const why = 'an AUTH without an authentication method'
    blame(frame, 'authentication_method_missing', 'MQTT-3.15.2.2.2', why, Reason.PROTOCOL_ERROR, frame.body)
  }
}

/** Checks that a PINGREQ or PINGRESP has no body. */
export function emptyBody(frame: Frame): void {
  if (frame.body !== frame.end) tooLong(frame, frame.body)
}

function reasonAndProperties(frame: Frame, at: number): void {
  frame.reason = frame.bytes[at]
  if (!legalReason(frame.type, frame.reason, frame.fromClient)) illegalReason(frame, at)
  // Section 3.4.2.2.1 and its like: a reason code may stand without a property length.
  if (at + 1 === frame.end) return
  const next = propertiesField(frame, at + 1)
  if (next >= 0 && next < frame.end) tooLong(frame, next)
}

function illegalReason(frame: Frame, at: number): void {
  const code = `0x${frame.reason.toString(16).padStart(2, '0')}`
  const side = frame.fromClient ? 'client' : 'server'
  const why = `reason code ${code} is not one that a ${side}'s ${packetName(frame.type)} may carry`
  // Of these codes the standard says nothing more, and brokers take any; an AUTH with another goes nowhere.
  const note = frame.type === PacketType.AUTH ? blame : doubt
  note(frame, 'reason_illegal', reasonClause(frame.type), why, Reason.PROTOCOL_ERROR, at)
}

function tooLong(frame: Frame, at: number): void {
  const why = `${frame.end - at} bytes follow after the end of the ${packetName(frame.type)}`
  blame(frame, 'trailing_bytes', `MQTT-3.${frame.type}.2`, why, Reason.MALFORMED_PACKET, at)
}

function cutOff(frame: Frame): void {
  const why = `the ${packetName(frame.type)} ends within its packet identifier`
  blame(frame, 'truncated', `MQTT-3.${frame.type}.2`, why, Reason.MALFORMED_PACKET, frame.end)
}
