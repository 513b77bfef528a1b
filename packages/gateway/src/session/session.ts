import { type Fault, PacketType, Reason, type Scanner } from '@ringwall/wire'
import { Step } from '../contract/index.ts'
import { Flow } from './flow.ts'

/**
 * The protocol state of one connection: what either side may send now (the floor). Reads frames, judges no content.
 * MQTT 3.1.1 and 5.0, chapter 4; clause ids at the lines that enforce them.
 */
export class Session {
  version: 4 | 5 = 4
  clientId = ''
  /** The CONNECT was read; the broker accepted it; a DISCONNECT was read. */
  connected = false
  established = false
  parted = false
  /** Whether the CONNECT named an authentication method. */
  authenticates = false
  /** What the last `illegal` step was about. */
  fault: Fault | null = null
  /** Messages from the device to the broker, and from the broker to the device. */
  readonly up: Flow
  readonly down: Flow
  /** SUBSCRIBEs that went on without some of their filters: the refused ones' reason codes by packet identifier. */
  #partial: Map<number, Uint8Array> | null = null

  constructor(inflight: number) {
    this.up = new Flow(inflight)
    this.down = new Flow(65_535)
  }

  /** A packet from the device. */
  fromClient(frame: Scanner): Step {
    if (frame.fault !== null) return this.#illegal(frame.fault)
    if (!this.connected) {
      if (frame.type === PacketType.CONNECT) return Step.connect
      return this.#break(frame, 'connect_first', 'MQTT-3.1.0-1', 'the first packet is not CONNECT')
    }
    if (this.authenticates && !this.established && !AUTHENTICATING.has(frame.type)) {
      return this.#break(frame, 'auth_unfinished', 'MQTT-3.1.2-30', 'neither AUTH nor DISCONNECT before CONNACK')
    }
    switch (frame.type) {
      case PacketType.PUBLISH:
        return frame.qos === 0 ? Step.publish : this.#numbered(frame)
      // An acknowledgement of what never came down would be for a message that the gateway withheld, or for none.
      case PacketType.PUBACK:
        return this.down.acknowledged(frame.packetId) ? Step.forward : Step.drop
      case PacketType.PUBREC:
        return this.down.recorded(frame.packetId, frame.reason) ? Step.forward : Step.drop
      // These two may belong to messages of the session's former connection.
      case PacketType.PUBCOMP:
        return this.down.completed(frame.packetId) ? Step.forward : Step.control
      case PacketType.PUBREL:
        if (this.up.released(frame.packetId)) return Step.complete
        return this.up.holds(frame.packetId) ? Step.forward : Step.control
      case PacketType.SUBSCRIBE:
        return Step.subscribe
      case PacketType.CONNECT:
        return this.#break(frame, 'second_connect', 'MQTT-3.1.0-2', 'a second CONNECT on one connection')
      case PacketType.AUTH:
        if (this.authenticates) return Step.control
        return this.#break(
          frame,
          'auth_unasked',
          'MQTT-4.12.0-7',
          'AUTH although CONNECT named no authentication method',
        )
      case PacketType.DISCONNECT:
        this.parted = true
        return Step.last
      default:
        return Step.control
    }
  }

  /** A packet from the broker. */
  fromServer(frame: Scanner): Step {
    if (frame.fault !== null) return this.#illegal(frame.fault)
    if (!this.established) {
      if (frame.type === PacketType.CONNACK) return Step.connack
      if (frame.type === PacketType.AUTH && this.authenticates) return Step.forward
      // 3.1.1 and 5.0 let nothing else come first (MQTT-3.2.0-1).
      return this.#break(frame, 'connack_first', 'MQTT-3.2.0-1', 'the broker sent something before CONNACK')
    }
    switch (frame.type) {
      case PacketType.PUBLISH:
        return Step.publish
      case PacketType.PUBACK:
        this.up.acknowledged(frame.packetId)
        return Step.forward
      case PacketType.PUBREC:
        this.up.recorded(frame.packetId, frame.reason)
        return Step.forward
      case PacketType.PUBCOMP:
        this.up.completed(frame.packetId)
        return Step.forward
      case PacketType.PUBREL:
        return this.down.released(frame.packetId) ? Step.complete : Step.forward
      case PacketType.SUBACK:
        return this.#partial?.has(frame.packetId) ? Step.suback : Step.forward
      case PacketType.CONNACK:
        return this.#break(frame, 'second_connack', 'MQTT-3.2.0-2', 'the broker sent a second CONNACK')
      case PacketType.DISCONNECT:
        return Step.last
      default:
        return Step.forward
    }
  }

  /** Notes that a SUBSCRIBE goes on without the filters whose reason is not 0. False when too many wait for their SUBACK. */
  expectSuback(packetId: number, reasons: Uint8Array): boolean {
    this.#partial ??= new Map()
    if (this.#partial.size >= MOST_PARTIAL) return false
    this.#partial.set(packetId, reasons)
    return true
  }

  /** The reason codes to join into the broker's SUBACK, given out once. */
  takePartial(packetId: number): Uint8Array | undefined {
    const reasons = this.#partial?.get(packetId)
    this.#partial?.delete(packetId)
    return reasons
  }

  #numbered(frame: Scanner): Step {
    const { up } = this
    if (up.inUse(frame.packetId)) {
      // 3.1.1 clients may send again on a living connection; a new message with a used identifier is illegal in both.
      if (frame.dup && this.version === 4) return Step.publish
      const clause = this.version === 5 ? 'MQTT-2.2.1-3' : 'MQTT-2.3.1-2'
      return this.#break(frame, 'packet_id_in_use', clause, `packet identifier ${frame.packetId} is still in use`)
    }
    return up.size < up.receiveMaximum ? Step.publish : Step.crowded
  }

  #break(frame: Scanner, code: string, clause: string, why: string, reason: number = Reason.PROTOCOL_ERROR): Step {
    return this.#illegal({ code, clause, why, fatal: false, reason, offset: frame.start })
  }

  #illegal(fault: Fault): Step {
    this.fault = fault
    return Step.illegal
  }
}

/** Partly refused SUBSCRIBEs that may wait for their SUBACK at once. */
const MOST_PARTIAL = 64
/** What may come while an authentication goes on; a CONNECT has a fault of its own. */
const AUTHENTICATING: ReadonlySet<number> = new Set([PacketType.AUTH, PacketType.DISCONNECT, PacketType.CONNECT])
