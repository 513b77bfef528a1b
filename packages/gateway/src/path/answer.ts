import { encodeAcknowledgement, encodeConnack, encodeDisconnect, PacketType, Reason } from '@ringwall/wire'
import type { Finding } from '../contract/index.ts'
import type { Flow } from '../session/flow.ts'
import type { Connection } from './connection.ts'
import type { Sink } from './run.ts'

/** Smaller packets than this may be all that a device takes: no reason string then. */
const ROOM_FOR_TEXT = 256

/** The MQTT 5.0 reason code that tells a device which kind of guard refused its act. */
export function reasonOf(findings: readonly Finding[]): number {
  switch (findings[0]?.guard) {
    case 'access':
    case 'quarantine':
    case 'signature':
      return Reason.NOT_AUTHORIZED
    case 'size':
    case 'rate':
      return Reason.QUOTA_EXCEEDED
    case 'schema':
      return schemaReason(findings[0].code)
    default:
      return Reason.IMPLEMENTATION_SPECIFIC_ERROR
  }
}

/** What the guard `schema` says of a payload, and of the message around it. */
const OF_PAYLOADS = /^(value|payload|redundancy|sparkplug)_/
const AROUND: Readonly<Record<string, number>> = {
  topic_undeclared: Reason.TOPIC_NAME_INVALID,
  device_undeclared: Reason.NOT_AUTHORIZED,
  payload_too_large: Reason.QUOTA_EXCEEDED,
}

function schemaReason(code: string): number {
  const payload = OF_PAYLOADS.test(code) ? Reason.PAYLOAD_FORMAT_INVALID : Reason.IMPLEMENTATION_SPECIFIC_ERROR
  return AROUND[code] ?? payload
}

/** Hands out the PUBACKs and PUBRECs for refused messages whose turn has come. */
export function answerRefused(flow: Flow, version: 4 | 5, put: (packet: Uint8Array) => void): void {
  flow.once.due((id, reason) => put(encodeAcknowledgement(PacketType.PUBACK, version, id, reason)))
  flow.exact.due((id, reason) => put(encodeAcknowledgement(PacketType.PUBREC, version, id, reason)))
}

/** Whether `answerRefused` may have something to hand out. */
export function owesAnswers(flow: Flow): boolean {
  return flow.once.pending || flow.exact.pending
}

/** Completes the exchange of a message that was refused (QoS 2 in 3.1.1). */
export function complete(sink: Pick<Sink, 'send'>, version: 4 | 5, packetId: number): void {
  const packet = encodeAcknowledgement(PacketType.PUBCOMP, version, packetId)
  sink.send(packet, 0, packet.length)
}

/** Reasons that MQTT 5.0 knows for DISCONNECT only (table 3-1), with the nearest that a CONNACK may carry. */
const IN_CONNACK: Readonly<Record<number, number>> = {
  [Reason.SERVER_SHUTTING_DOWN]: Reason.SERVER_UNAVAILABLE,
  [Reason.SESSION_TAKEN_OVER]: Reason.SERVER_BUSY,
  [Reason.KEEP_ALIVE_TIMEOUT]: Reason.UNSPECIFIED_ERROR,
  [Reason.TOPIC_FILTER_INVALID]: Reason.PROTOCOL_ERROR,
  [Reason.RECEIVE_MAXIMUM_EXCEEDED]: Reason.PROTOCOL_ERROR,
  [Reason.TOPIC_ALIAS_INVALID]: Reason.PROTOCOL_ERROR,
}

/** Reasons that it knows for CONNACK only (table 3-13): a broker that is gone has none of its own in a DISCONNECT. */
const IN_DISCONNECT: Readonly<Record<number, number>> = {
  [Reason.SERVER_UNAVAILABLE]: Reason.UNSPECIFIED_ERROR,
  [Reason.CLIENT_IDENTIFIER_NOT_VALID]: Reason.UNSPECIFIED_ERROR,
}

/** The gateway's last packet on a connection that it ends: CONNACK before the session stands, else DISCONNECT. */
export function farewell(c: Connection, reason: number, code: string): Uint8Array | null {
  const { session } = c
  if (!session.connected) return refusedConnect(c, reason)
  if (session.parted) return null
  const { version } = session
  if (!session.established) {
    const told = IN_CONNACK[reason] ?? reason
    return encodeConnack({ version, sessionPresent: false, reason: told }, textProperty(c, code))
  }
  if (version === 4) return null
  return encodeDisconnect(5, IN_DISCONNECT[reason] ?? reason, c.clientMaximum >= ROOM_FOR_TEXT ? code : undefined)
}

/** A CONNECT that cannot be read is answered where the standard asks for it: an unknown version, an identifier that is not allowed. */
function refusedConnect({ scanner }: Connection, reason: number): Uint8Array | null {
  const { type, bytes, body } = scanner
  const told = reason === Reason.UNSUPPORTED_PROTOCOL_VERSION || reason === Reason.CLIENT_IDENTIFIER_NOT_VALID
  if (type !== PacketType.CONNECT || !told) return null
  return encodeConnack({ version: bytes[body + 6] === 5 ? 5 : 4, sessionPresent: false, reason })
}

const REASON_STRING = 0x1f

function textProperty(c: Connection, code: string): [number, string][] {
  return c.clientMaximum >= ROOM_FOR_TEXT ? [[REASON_STRING, code]] : []
}
