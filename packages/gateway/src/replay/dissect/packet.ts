import { PacketType } from '@ringwall/wire/mqtt'
import { readConnect } from './connect.ts'
import { Fields, type Writing } from './fields.ts'
import { readProperties } from './properties.ts'
import { readSubscribe, readUnsubscribe } from './topics.ts'

/** The names of packet types as EVE has them; type 0 is none. */
export const TYPE_NAMES = [
  '',
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
  'auth',
] as const

/**
 * Reads MQTT packets of 3.1, 3.1.1 and 5.0 for people and logs: tolerant of everything but a packet that ends too early. The
 * fields and their names are those of the `mqtt` object in Suricata's EVE. The strict reader is `Scanner` of the wire package.
 */
export class Dissector {
  /** What was read, without braces: `"publish":{"qos":0, …}`. Empty where the writing is silent. */
  text = ''
  /** The packet identifier, -1 where the packet has none. */
  packetId = -1
  /** The topic alias of a PUBLISH, 0 where it has none. */
  alias = 0
  /** The version that a CONNECT named. */
  version = 0
  readonly #fields = new Fields()
  readonly #writing: Writing

  constructor(writing: Writing) {
    this.#writing = writing
  }

  /**
   * Reads the packet whose first byte is at `start` and whose content is `[body, end)`. False where it ends too early.
   * @param version of the connection, 0 while it is not known (read like 3.1.1)
   */
  read(bytes: Uint8Array, start: number, body: number, end: number, version: number): boolean {
    const fields = this.#fields
    const type = bytes[start] >> 4
    fields.begin(bytes, body, end, this.#writing)
    this.packetId = -1
    this.alias = 0
    this.text = ''
    if (type === 0) return true
    if (!this.#writing.silent) openPacket(fields, TYPE_NAMES[type], bytes[start])
    this.#body(fields, type, bytes[start], version)
    fields.close()
    this.text = fields.text
    this.alias = fields.alias
    return !fields.broken
  }

  /** Describes a packet that is longer than what is read of one; `length` counts its fixed header. */
  skipped(first: number, length: number): void {
    this.packetId = -1
    this.text = ''
    if (this.#writing.silent || first >> 4 === 0) return
    const fields = this.#fields
    fields.begin(NOTHING, 0, 0, this.#writing)
    openPacket(fields, TYPE_NAMES[first >> 4], first)
    fields.flag('truncated', true)
    fields.number('skipped_length', length)
    fields.close()
    this.text = fields.text
  }

  #body(fields: Fields, type: number, first: number, version: number): void {
    switch (type) {
      case PacketType.CONNECT:
        this.version = readConnect(fields)
        return
      case PacketType.CONNACK:
        return readConnack(fields, version)
      case PacketType.PUBLISH:
        this.packetId = readPublish(fields, (first & 6) !== 0, version)
        return
      case PacketType.SUBSCRIBE:
        this.packetId = readSubscribe(fields, version)
        return
      case PacketType.UNSUBSCRIBE:
        this.packetId = readUnsubscribe(fields, version)
        return
      case PacketType.SUBACK:
        this.packetId = readCodes(fields, 'qos_granted', true, version)
        return
      case PacketType.UNSUBACK:
        this.packetId = readCodes(fields, 'reason_codes', false, version)
        return
      case PacketType.PUBACK:
      case PacketType.PUBREC:
      case PacketType.PUBREL:
      case PacketType.PUBCOMP:
        this.packetId = readAcknowledgement(fields, version)
        return
      case PacketType.DISCONNECT:
        if (version >= 5) readParting(fields)
        return
      case PacketType.AUTH:
        return readReason(fields)
    }
  }
}

const NOTHING = new Uint8Array(0)

function openPacket(fields: Fields, name: string, first: number): void {
  fields.open(name)
  fields.number('qos', (first >> 1) & 3)
  fields.flag('retain', (first & 1) !== 0)
  fields.flag('dup', (first & 8) !== 0)
}

function readConnack(fields: Fields, version: number): void {
  fields.flag('session_present', (fields.u8() & 1) !== 0)
  fields.number('return_code', fields.u8())
  if (version === 5) readProperties(fields)
}

/** The message's identifier where its QoS gives it one, -1 otherwise. */
function readPublish(fields: Fields, numbered: boolean, version: number): number {
  fields.string('topic', fields.prefixed())
  const id = numbered ? fields.u16() : -1
  if (numbered) fields.number('message_id', id)
  // EVE has the message before the properties, which stand before it in the packet.
  const properties = version === 5 ? fields.aside(readProperties) : ''
  fields.binary('message', fields.at, fields.end)
  fields.text += properties
  return id
}

function readAcknowledgement(fields: Fields, version: number): number {
  const id = fields.u16()
  fields.number('message_id', id)
  if (version >= 5) readReason(fields)
  return id
}

/** A reason code and properties, either of which may be left out (MQTT 5.0, sections 3.4.2.1, 3.14.2.1 and 3.15.2.1). */
function readReason(fields: Fields): void {
  const { broken } = fields
  fields.number('reason_code', fields.at < fields.end ? fields.u8() : 0)
  if (!broken && fields.at < fields.end) readProperties(fields)
}

/** EVE takes the reason of a DISCONNECT for 0 where no properties follow it. */
function readParting(fields: Fields): void {
  if (fields.end - fields.at === 1) fields.number('reason_code', 0)
  else readReason(fields)
}

/** EVE leaves out the properties of these, and the codes of an UNSUBACK that has none. */
function readCodes(fields: Fields, key: string, always: boolean, version: number): number {
  const id = fields.u16()
  fields.number('message_id', id)
  if (version === 5) fields.aside(readProperties)
  const { writing, bytes, at, end } = fields
  if (!writing.silent && !fields.broken && (always || at < end)) fields.raw(key, `[${bytes.subarray(at, end).join()}]`)
  return id
}
