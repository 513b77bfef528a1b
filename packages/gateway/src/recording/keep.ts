import { createHash } from 'node:crypto'
import { type Connect, isFault, PacketType, readConnect } from '@ringwall/wire'
import { At, Kind, PAYLOADS, type Payloads } from './layout.ts'

const STAR = 0x2a
const NOTHING = Buffer.alloc(0)
/** Of an AUTH: its fixed header and reason. */
const AUTH_KEPT = 3
/** Of a CONNECT that cannot be read: its fixed header and the fields before any text. */
const CONNECT_KEPT = 12

/**
 * What of a ring's record goes to disk: a copy, without passwords and what else proves an identity, and with as much of its payload
 * as the operator wants to keep. Lengths stay, so that what is judged by them can be judged again.
 */
export function kept(record: Buffer, payloads: Payloads): Buffer {
  const copy = Buffer.from(record)
  if (copy[0] !== Kind.act) return copy
  const packetStart = At.end + copy.readUInt16LE(At.address)
  const packet = copy.subarray(packetStart, packetStart + copy.readUInt32LE(At.packet))
  if (packet.length > 0) hideSecrets(packet, payloads)
  const length = copy.readUInt32LE(At.payload)
  if (payloads === 'full' || length === 0) return copy
  copy[At.payloads] = PAYLOADS.indexOf(payloads)
  return packet.length === 0 || packet[0] >> 4 === PacketType.CONNECT ? copy : withoutPayload(copy, packet, payloads)
}

function withoutPayload(copy: Buffer, packet: Buffer, payloads: Payloads): Buffer {
  const start = copy.readUInt32LE(At.payloadStart)
  const end = start + copy.readUInt32LE(At.payload)
  const digest = payloads === 'digest' ? createHash('sha256').update(packet.subarray(start, end)).digest() : NOTHING
  // Behind a payload stands the tag of its seal, where CBOR carries it.
  const left = Buffer.concat([digest, packet.subarray(end)])
  copy.writeUInt32LE(start + left.length, At.packet)
  const packetStart = packet.byteOffset - copy.byteOffset
  return Buffer.concat([copy.subarray(0, packetStart + start), left, copy.subarray(packetStart + packet.length)])
}

function hideSecrets(packet: Buffer, payloads: Payloads): void {
  const type = packet[0] >> 4
  if (type === PacketType.AUTH) packet.fill(STAR, AUTH_KEPT)
  // Its flags and its reason stay.
  if (type === PacketType.CONNACK) packet.fill(STAR, bodyOf(packet) + 2)
  if (type !== PacketType.CONNECT) return
  const connect = readConnect(packet, bodyOf(packet), packet.length)
  if (isFault(connect)) packet.fill(STAR, CONNECT_KEPT)
  else hideConnect(packet, connect, payloads)
}

function hideConnect(packet: Buffer, connect: Connect, payloads: Payloads): void {
  const { password, will } = connect
  if (password !== undefined) {
    const at = password.byteOffset - packet.byteOffset
    packet.fill(STAR, at, at + password.length)
  }
  // Authentication data stands among the properties.
  if (connect.authenticationMethod !== undefined) packet.fill(STAR, connect.propertiesStart, connect.propertiesEnd)
  if (will !== undefined && payloads !== 'full') packet.fill(0, will.payloadStart, will.payloadEnd)
}

/** Where the variable header begins: behind the remaining length, at most four bytes of it (MQTT 5.0, section 1.5.5). */
function bodyOf(packet: Buffer): number {
  let at = 1
  while (at < 4 && packet[at] >= 0x80) at++
  return at + 1
}
