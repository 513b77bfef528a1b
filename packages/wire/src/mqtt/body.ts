import { acknowledgementBody, authBody, disconnectBody, emptyBody } from './acks.ts'
import { PacketType, packetName, Reason } from './codes.ts'
import { readConnack } from './connack.ts'
import { readConnect } from './connect.ts'
import { type Fault, isFault } from './fault.ts'
import { blame, type Frame } from './frame.ts'
import { flagsClause, maySend, requiredFlags } from './legal.ts'
import { publishBody } from './publish.ts'
import { readSuback } from './suback.ts'
import { readSubscribe } from './subscribe.ts'
import { readUnsubscribe } from './unsubscribe.ts'

/** Reads the body of a whole frame into its fields and notes its first fault. */
export function readBody(frame: Frame): void {
  const type = frame.type
  if (type === PacketType.PUBLISH && frame.version !== 0) {
    publishBody(frame)
    return
  }
  if (frame.version === 0 && type !== PacketType.CONNECT) {
    tooEarly(frame)
    return
  }
  if (!maySend(frame.fromClient, type, frame.version)) {
    notFromHere(frame)
    return
  }
  if (frame.flags !== requiredFlags(type)) {
    const why = `the reserved flag bits of ${packetName(type)} are ${frame.flags}, they must be ${requiredFlags(type)}`
    blame(frame, 'reserved_flags', flagsClause(type, versionOf(frame)), why, Reason.MALFORMED_PACKET, frame.start)
  }
  switch (type) {
    case PacketType.PUBACK:
    case PacketType.PUBREC:
    case PacketType.PUBREL:
    case PacketType.PUBCOMP:
      acknowledgementBody(frame)
      return
    case PacketType.PINGREQ:
    case PacketType.PINGRESP:
      emptyBody(frame)
      return
    case PacketType.DISCONNECT:
      disconnectBody(frame)
      return
    case PacketType.AUTH:
      authBody(frame)
      return
    case PacketType.CONNECT:
      connectBody(frame)
      return
    default:
      rareBody(frame)
      return
  }
}

/** The version by which a packet's flags are judged: a CONNECT's own, where it has one. */
function versionOf({ version, bytes, body, end }: Frame): number {
  return version === 0 && body + 6 < end ? bytes[body + 6] : version
}

function connectBody(frame: Frame): void {
  const connect = readConnect(frame.bytes, frame.body, frame.end, frame.strict)
  if (isFault(connect)) {
    take(frame, connect)
    return
  }
  if (frame.version === 0) frame.version = connect.protocolVersion
  frame.propertiesStart = connect.propertiesStart
  frame.propertiesEnd = connect.propertiesEnd
}

function rareBody(frame: Frame): void {
  const { bytes, body, end } = frame
  const version = frame.version === 5 ? 5 : 4
  if (frame.type === PacketType.CONNACK) {
    const connack = readConnack(bytes, body, end, version)
    if (isFault(connack)) {
      take(frame, connack)
      return
    }
    frame.reason = connack.reason
    frame.propertiesStart = connack.propertiesStart
    frame.propertiesEnd = connack.propertiesEnd
    return
  }
  // The identifier is read first, so that the packet can be answered though the rest is illegal.
  if (end - body >= 2) frame.packetId = (bytes[body] << 8) | bytes[body + 1]
  const read =
    frame.type === PacketType.SUBSCRIBE
      ? readSubscribe(bytes, body, end, version, frame.strict)
      : frame.type === PacketType.UNSUBSCRIBE
        ? readUnsubscribe(bytes, body, end, version, frame.strict)
        : readSuback(bytes, body, end, version, frame.type)
  if (isFault(read)) {
    take(frame, read)
    return
  }
  frame.propertiesStart = read.propertiesStart
  frame.propertiesEnd = read.propertiesEnd
}

function take(frame: Frame, found: Fault): void {
  if (found.strict === true) frame.strictFault ??= found
  else if (frame.fault === null) frame.fault = found
}

function tooEarly(frame: Frame): void {
  const why = frame.fromClient
    ? `the first packet is ${packetName(frame.type)}, it must be CONNECT`
    : `${packetName(frame.type)} from a server before the version of the session is known`
  blame(frame, 'connect_expected', 'MQTT-3.1.0-1', why, Reason.PROTOCOL_ERROR, frame.start)
}

function notFromHere(frame: Frame): void {
  const name = packetName(frame.type)
  const side = frame.fromClient ? 'client' : 'server'
  const why =
    frame.type === PacketType.AUTH
      ? 'there is no AUTH in MQTT 3.1.1: packet type 15 is reserved'
      : `a ${side} may not send ${name} in this version`
  const clause = frame.version === 5 ? 'MQTT-2.1.2' : 'MQTT-2.2.1'
  blame(frame, 'wrong_direction', clause, why, Reason.PROTOCOL_ERROR, frame.start)
}
