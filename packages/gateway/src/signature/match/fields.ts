import { PacketType } from '@ringwall/wire/mqtt'
import type { SignedPacket } from '../packet.ts'
import { BUFFERS, Sticky } from './buffers.ts'

const NOTHING = new Uint8Array(0)
const NOBODY = { address: null, port: 0, name: '' }
const NO_PACKET: SignedPacket = {
  bytes: NOTHING,
  start: 0,
  body: 0,
  end: 0,
  type: 0,
  flags: 0,
  version: 0,
  direction: 'up',
  events: 0,
  client: NOBODY,
  server: NOBODY,
  topic: null,
  named: null,
}
/** Filters of a SUBSCRIBE or UNSUBSCRIBE that are read; the gateway's floor allows no more. */
const MOST_FILTERS = 1_024
const ABSENT = -1

/**
 * The fields of one packet, read out of its bytes when they are first asked for. Reads whatever an illegal packet
 * still shows, MQTT 3.1 too; what is cut off is absent. Reused for every packet, without allocating.
 */
export class Fields {
  packet: SignedPacket = NO_PACKET
  /** The connect flags of a CONNECT, or -1. */
  connectFlags = ABSENT
  /** Filters found in a SUBSCRIBE or UNSUBSCRIBE, as pairs of start and end in `filters`. */
  filterCount = 0
  readonly filters = new Int32Array(MOST_FILTERS * 2)
  /** The version of a CONNECT itself counts from that packet on. */
  version = 0
  readonly #starts = new Int32Array(BUFFERS)
  readonly #ends = new Int32Array(BUFFERS)
  #read = false

  aim(packet: SignedPacket): void {
    this.packet = packet
    this.#read = false
    this.version = packet.version
    if (packet.type === PacketType.CONNECT) this.#load()
  }

  bytesOf(buffer: Sticky): Uint8Array {
    const { packet } = this
    return buffer === Sticky.publishTopic && packet.topic !== null ? packet.topic : packet.bytes
  }

  /** Where a buffer starts, or -1 where it is absent. Of filters it is the first. */
  start(buffer: Sticky): number {
    if (!this.#read) this.#load()
    return this.#starts[buffer]
  }

  end(buffer: Sticky): number {
    return this.#ends[buffer]
  }

  /** How many of a buffer there are: several of filters, at most one of others. */
  count(buffer: Sticky): number {
    if (!this.#read) this.#load()
    if (buffer >= Sticky.subscribeTopic) return this.#starts[buffer] < 0 ? 0 : this.filterCount
    return this.#starts[buffer] < 0 ? 0 : 1
  }

  /** The QoS bits of the fixed header, of whatever packet. */
  get qos(): number {
    return (this.packet.flags >> 1) & 3
  }

  #load(): void {
    this.#read = true
    // A loop: for so few a call of fill costs more than all the rest.
    for (let buffer = 0; buffer < BUFFERS; buffer++) this.#starts[buffer] = ABSENT
    this.connectFlags = ABSENT
    this.filterCount = 0
    const { type, start, end } = this.packet
    this.#set(Sticky.packet, start, end)
    if (type === PacketType.PUBLISH) this.#publish()
    else if (type === PacketType.CONNECT) this.#connect()
    else if (type === PacketType.SUBSCRIBE) this.#filters(Sticky.subscribeTopic, 1)
    else if (type === PacketType.UNSUBSCRIBE) this.#filters(Sticky.unsubscribeTopic, 0)
  }

  /** An empty field is as good as absent, as Suricata has it. */
  #set(buffer: Sticky, start: number, end: number): void {
    if (end <= start) return
    this.#starts[buffer] = start
    this.#ends[buffer] = end
  }

  #publish(): void {
    const { body, end, topic } = this.packet
    let at = this.#text(body)
    if (at < 0) return
    if (topic !== null) this.#set(Sticky.publishTopic, 0, topic.length)
    else this.#set(Sticky.publishTopic, body + 2, at)
    if (this.qos !== 0) at += 2
    if (this.version === 5) at = this.#properties(at)
    if (at >= 0) this.#set(Sticky.publishMessage, at, end)
  }

  #connect(): void {
    const { bytes, body, end } = this.packet
    let at = this.#text(body)
    if (at < 0 || at + 4 > end) return
    this.#set(Sticky.protocolString, body + 2, at)
    // Mosquitto marks its bridges by the highest bit.
    this.version = bytes[at] & 0x7f
    const flags = bytes[at + 1]
    this.connectFlags = flags
    at += 4
    if (this.version === 5) at = this.#properties(at)
    at = this.#part(Sticky.clientId, at)
    if ((flags & 4) !== 0) {
      if (this.version === 5 && at >= 0) at = this.#properties(at)
      at = this.#part(Sticky.willTopic, at)
      at = this.#part(Sticky.willMessage, at)
    }
    if ((flags & 0x80) !== 0) at = this.#part(Sticky.username, at)
    if ((flags & 0x40) !== 0) this.#part(Sticky.password, at)
  }

  /** A field with its length before it; the place behind it, or -1 where it is cut off. */
  #part(buffer: Sticky, at: number): number {
    if (at < 0) return ABSENT
    const behind = this.#text(at)
    if (behind >= 0) this.#set(buffer, at + 2, behind)
    return behind
  }

  #filters(buffer: Sticky, options: number): void {
    const { body, end } = this.packet
    let at = body + 2
    if (this.version === 5) at = this.#properties(at)
    while (at >= 0 && at < end && this.filterCount < MOST_FILTERS) {
      const behind = this.#text(at)
      if (behind < 0) return
      if (this.filterCount === 0) {
        this.#starts[buffer] = at + 2
        this.#ends[buffer] = behind
      }
      this.filters[this.filterCount * 2] = at + 2
      this.filters[this.filterCount * 2 + 1] = behind
      this.filterCount++
      at = behind + options
    }
  }

  #text(at: number): number {
    const { bytes, end } = this.packet
    if (at + 2 > end) return ABSENT
    const behind = at + 2 + ((bytes[at] << 8) | bytes[at + 1])
    return behind > end ? ABSENT : behind
  }

  /** The place behind properties whose length begins at `at`, or -1. */
  #properties(at: number): number {
    const { bytes, end } = this.packet
    let length = 0
    for (let i = 0; i < 4; i++) {
      if (at + i >= end) return ABSENT
      const byte = bytes[at + i]
      length |= (byte & 0x7f) << (7 * i)
      if (byte < 0x80) return at + i + 1 + length > end ? ABSENT : at + i + 1 + length
    }
    return ABSENT
  }
}
