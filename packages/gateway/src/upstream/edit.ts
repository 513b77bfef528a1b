import { SEAL_PROPERTY } from '@ringwall/proof'
import {
  type Connack,
  type Connect,
  encodeConnack,
  encodeConnect,
  encodePublish,
  encodeSuback,
  encodeSubscribe,
  type Frame,
  lowered,
  Property,
  type PropertyChange,
  type Suback,
  type Subscribe,
} from '@ringwall/wire'
import { type Opened, sealProperty, textEnd } from '../seals/opened.ts'

/** How the broker sees a device. */
export interface MirrorIdentity {
  /** `client-id` and `certificate`: the device's client id, and a user name from here; `pass-through`: as the device sent them. */
  readonly kind: 'client-id' | 'pass-through' | 'certificate'
  /** One for all devices; the device id where there is none. */
  readonly username?: string | null
  /** Added to the user name where the broker asks for one. */
  readonly password: Uint8Array | null
}

/** The gateway's own limits, told to a v5 peer where they are lower than the other side's. Sizes in bytes. */
export interface MirrorLimits {
  readonly packet: number
  readonly aliases: number
  readonly inflight: number
  /** Milliseconds. */
  readonly maxKeepAlive: number
}

/** The CONNECT of the mirrored session: version, clean flag, expiry, keep-alive, will and all other properties are the device's. */
export function mirrorConnect(
  connect: Connect,
  device: string,
  identity: MirrorIdentity,
  limits: MirrorLimits,
): Uint8Array {
  const { bytes, propertiesStart: start, propertiesEnd: end } = connect
  const properties: PropertyChange[] = [...lowered(bytes, start, end, Property.MAXIMUM_PACKET_SIZE, limits.packet)]
  if (connect.topicAliasMaximum > limits.aliases) properties.push([Property.TOPIC_ALIAS_MAXIMUM, limits.aliases])
  const clientId = connect.clientId === '' ? device : connect.clientId
  if (identity.kind === 'pass-through') return encodeConnect(connect, { clientId, properties })
  const username = identity.username ?? device
  return encodeConnect(connect, { clientId, username, password: identity.password, properties })
}

/** The broker's CONNACK with the gateway's limits where they are lower, and the client identifier that the gateway gave. */
export function mirrorConnack(
  connack: Connack,
  limits: MirrorLimits,
  asked: { readonly keepAlive: number; readonly assignedId: string | null },
): Uint8Array {
  const { bytes, propertiesStart: start, propertiesEnd: end } = connack
  const changes: PropertyChange[] = [
    ...lowered(bytes, start, end, Property.MAXIMUM_PACKET_SIZE, limits.packet),
    ...lowered(bytes, start, end, Property.RECEIVE_MAXIMUM, limits.inflight),
  ]
  if (connack.topicAliasMaximum > limits.aliases) changes.push([Property.TOPIC_ALIAS_MAXIMUM, limits.aliases])
  const keepAlive = connack.serverKeepAlive ?? asked.keepAlive
  const most = Math.floor(limits.maxKeepAlive / 1_000)
  if (keepAlive === 0 || keepAlive > most) changes.push([Property.SERVER_KEEP_ALIVE, most])
  if (asked.assignedId !== null) changes.push([Property.ASSIGNED_CLIENT_IDENTIFIER, asked.assignedId])
  return encodeConnack(connack, changes)
}

/** A SUBSCRIBE with those filters only whose reason is 0. */
export function reduceSubscribe(subscribe: Subscribe, reasons: Uint8Array): Uint8Array {
  return encodeSubscribe(
    subscribe,
    subscribe.filters.filter((_, index) => reasons[index] === 0),
  )
}

/** The broker's SUBACK to a reduced SUBSCRIBE, with the refused filters' reason codes in their places. */
export function joinSuback(suback: Suback, reasons: Uint8Array): Uint8Array {
  const joined = reasons.slice()
  let next = 0
  for (let i = 0; i < joined.length; i++) {
    if (joined[i] === 0) joined[i] = suback.reasons[next++] ?? 0x80
  }
  const properties = suback.bytes.subarray(suback.propertiesStart, suback.propertiesEnd)
  return encodeSuback(suback.version, suback.packetId, joined, properties)
}

/** A PUBLISH without its seal: only what was sealed is left, and the other properties. @param topic in place of its own, null for its own */
export function withoutSeal(frame: Frame, topic: Uint8Array | null, opened: Opened): Uint8Array {
  const { bytes, propertiesStart, propertiesEnd, version } = frame
  const at = version === 5 ? sealProperty(bytes, propertiesStart, propertiesEnd) : -1
  const before = bytes.subarray(propertiesStart, at < 0 ? propertiesEnd : at - NAME_LENGTH)
  const behind = bytes.subarray(at < 0 ? propertiesEnd : textEnd(bytes, at), propertiesEnd)
  return encodePublish({
    version: version === 5 ? 5 : 4,
    topic: topic ?? bytes.subarray(frame.topicStart, frame.topicEnd),
    qos: frame.qos,
    dup: frame.dup,
    retain: frame.retain,
    packetId: frame.packetId,
    payload: bytes.subarray(opened.payloadStart, opened.payloadEnd),
    properties: at < 0 ? before : Buffer.concat([before, behind]),
  })
}

/** Of a user property that carries a seal: its identifier, and its name behind its length. */
const NAME_LENGTH = 3 + SEAL_PROPERTY.length

/** A PUBLISH whose alias the receiver does not know, with the topic that it stands for. */
export function spellOut(frame: Frame, topic: Uint8Array): Uint8Array {
  const { bytes } = frame
  return encodePublish({
    version: 5,
    topic,
    qos: frame.qos,
    dup: frame.dup,
    retain: frame.retain,
    packetId: frame.packetId,
    payload: bytes.subarray(frame.payloadStart, frame.payloadEnd),
    properties: bytes.subarray(frame.propertiesStart, frame.propertiesEnd),
  })
}
