import {
  type Connect,
  type Fault,
  PacketType,
  packetName,
  Reason,
  type Scanner,
  strictFault,
} from '@ringwall/wire/mqtt'
import { Step } from '../contract/index.ts'
import { Agreement } from './agreement.ts'
import { Asked } from './asked.ts'
import { Authentication } from './authentication.ts'
import { Flow } from './flow.ts'

/**
 * The protocol state of one connection: what either side may send now (the floor). Reads frames, judges no content.
 * MQTT 3.1.1 and 5.0, chapters 3 and 4; clause ids at the lines that enforce them.
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
  /** SUBSCRIBEs and UNSUBSCRIBEs without an answer. */
  readonly #asked = new Asked()
  readonly #agreement = new Agreement()
  readonly #authentication = new Authentication()
  /** The DISCONNECT of the device, and of the broker, was read. */
  #left = false
  #dismissed = false
  /** SUBSCRIBEs that went on without some of their filters: the refused ones' reason codes by packet identifier. */
  #partial: Map<number, Uint8Array> | null = null

  constructor(inflight: number) {
    this.up = new Flow(inflight)
    this.down = new Flow(65_535)
  }

  /**
   * Takes note of a CONNECT. Answers why it cannot be: extended authentication by a method that nobody listed (MQTT-4.12.0-1).
   * @param methods the authentication methods that are let through to the broker
   */
  begin(connect: Connect, methods: readonly string[]): Fault | null {
    this.version = connect.protocolVersion
    this.clientId = connect.clientId
    this.connected = true
    this.authenticates = connect.authenticationMethod !== undefined
    this.#agreement.connect(connect)
    if (this.version === 5) this.down.receiveMaximum = connect.receiveMaximum
    return this.#authentication.connect(connect.authenticationMethod, methods)
  }

  /** Both sides may say what is no part of connecting or parting. */
  get open(): boolean {
    return this.connected && this.established && !this.#left && !this.#dismissed
  }

  /** A packet from the device. */
  fromClient(frame: Scanner): Step {
    if (frame.fault !== null) return this.#illegal(frame.fault)
    if (!this.connected) {
      if (frame.type === PacketType.CONNECT) return Step.connect
      return this.#break(frame, 'connect_first', 'MQTT-3.1.0-1', 'the first packet is not CONNECT')
    }
    if (this.#left) return this.#after(frame)
    if (this.authenticates && !this.established && !AUTHENTICATING.has(frame.type)) {
      return this.#break(frame, 'auth_unfinished', 'MQTT-3.1.2-30', 'neither AUTH nor DISCONNECT before CONNACK')
    }
    switch (frame.type) {
      case PacketType.PUBLISH:
        if (!this.#agreement.takes(frame)) return this.#illegal(this.#agreement.beyond(frame))
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
        return this.#ask(frame, Step.subscribe)
      case PacketType.UNSUBSCRIBE:
        return this.#ask(frame, Step.control)
      case PacketType.CONNECT:
        return this.#break(frame, 'second_connect', 'MQTT-3.1.0-2', 'a second CONNECT on one connection')
      case PacketType.AUTH:
        return this.#authentic(this.#authentication.fromClient(frame, this.established), Step.control)
      case PacketType.DISCONNECT:
        return this.#leave(frame)
      default:
        return Step.control
    }
  }

  /** A packet from the broker. */
  fromServer(frame: Scanner): Step {
    if (frame.fault !== null) return this.#illegal(frame.fault)
    if (this.#dismissed) return this.#after(frame)
    if (!this.established) {
      if (frame.type === PacketType.CONNACK) return this.#connack(frame)
      if (frame.type === PacketType.AUTH && this.authenticates) {
        return this.#authentic(this.#authentication.fromServer(frame, false), Step.forward)
      }
      // 3.1.1 and 5.0 let nothing else come first (MQTT-3.2.0-1).
      return this.#break(frame, 'connack_first', 'MQTT-3.2.0-1', 'the broker sent something before CONNACK')
    }
    switch (frame.type) {
      case PacketType.PUBLISH:
        return frame.qos === 0 ? Step.publish : this.#numberedDown(frame)
      case PacketType.PUBACK:
        this.up.acknowledged(frame.packetId)
        return this.#plain(frame, Step.forward)
      case PacketType.PUBREC:
        this.up.recorded(frame.packetId, frame.reason)
        return this.#plain(frame, Step.forward)
      case PacketType.PUBCOMP:
        this.up.completed(frame.packetId)
        return this.#plain(frame, Step.forward)
      case PacketType.PUBREL:
        return this.#plain(frame, this.down.released(frame.packetId) ? Step.complete : Step.forward)
      case PacketType.SUBACK:
      case PacketType.UNSUBACK:
        return this.#answered(frame)
      case PacketType.CONNACK:
        return this.#secondConnack(frame)
      case PacketType.AUTH:
        return this.#authentic(this.#authentication.fromServer(frame, true), Step.forward)
      case PacketType.DISCONNECT:
        this.#dismissed = true
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
      return this.#inUse(frame, this.version === 5 ? 'MQTT-2.2.1-3' : 'MQTT-2.3.1-2')
    }
    return up.size < up.receiveMaximum ? Step.publish : Step.crowded
  }

  #numberedDown(frame: Scanner): Step {
    const { down } = this
    if (down.inUse(frame.packetId)) {
      if (frame.dup) return Step.publish
      // Not strict: no message of a back end can bring it about, and what waits for which acknowledgement would be lost.
      const clause = this.version === 5 ? 'MQTT-2.2.1-4' : 'MQTT-2.3.1-4'
      return this.#break(frame, 'packet_id_in_use', clause, stillInUse(frame))
    }
    if (down.size < down.receiveMaximum) return Step.publish
    const why = `more than ${down.receiveMaximum} messages without an acknowledgement`
    return this.#break(frame, 'receive_maximum', 'MQTT-3.3.4-9', why, Reason.RECEIVE_MAXIMUM_EXCEEDED)
  }

  #ask(frame: Scanner, step: Step): Step {
    // Receivers keep the identifiers of messages and of subscriptions apart, so that nothing is lost by a lenient one.
    if (frame.strict && this.up.inUse(frame.packetId)) {
      return this.#inUse(frame, this.version === 5 ? 'MQTT-2.2.1-3' : 'MQTT-2.3.1-2')
    }
    this.#asked.note(frame, this.version)
    return step
  }

  #answered(frame: Scanner): Step {
    const partial = this.#partial?.has(frame.packetId) === true
    const wrong = this.#asked.judge(frame, this.version, partial)
    if (wrong !== null) return this.#illegal(wrong)
    return this.#plain(frame, partial && frame.type === PacketType.SUBACK ? Step.suback : Step.forward)
  }

  #leave(frame: Scanner): Step {
    const wrong = this.#agreement.disconnect(frame)
    if (wrong !== null) return this.#illegal(wrong)
    this.#left = true
    this.parted = true
    return Step.last
  }

  #authentic(wrong: Fault | null, step: Step): Step {
    return wrong === null ? step : this.#illegal(wrong)
  }

  #connack(frame: Scanner): Step {
    const wrong = this.#agreement.connack(frame) ?? this.#authentication.accepted(frame)
    return wrong === null ? Step.connack : this.#illegal(wrong)
  }

  /** An acknowledgement: without reason string and user properties where the device asked for none (MQTT-3.1.2-29). */
  #plain(frame: Scanner, step: Step): Step {
    if (this.#agreement.problems || frame.propertiesEnd === frame.propertiesStart) return step
    const why = 'a reason string or user property though the device asked for no problem information'
    return this.#break(frame, 'problem_information', 'MQTT-3.1.2-29', why)
  }

  #secondConnack(frame: Scanner): Step {
    const clause = this.version === 5 ? 'MQTT-3.2.0-2' : 'MQTT-3.2.0-1'
    return this.#break(frame, 'second_connack', clause, 'the broker sent a second CONNACK')
  }

  #after(frame: Scanner): Step {
    const clause = this.version === 5 ? 'MQTT-3.14.4-1' : 'MQTT-3.14.4-2'
    const why = `${packetName(frame.type)} after DISCONNECT`
    return this.#illegal(strictFault('after_disconnect', clause, why, Reason.PROTOCOL_ERROR, frame.start))
  }

  #inUse(frame: Scanner, clause: string): Step {
    return this.#illegal(strictFault('packet_id_in_use', clause, stillInUse(frame), Reason.PROTOCOL_ERROR, frame.start))
  }

  #break(frame: Scanner, code: string, clause: string, why: string, reason: number = Reason.PROTOCOL_ERROR): Step {
    return this.#illegal({ code, clause, why, fatal: false, reason, offset: frame.start })
  }

  #illegal(fault: Fault): Step {
    this.fault = fault
    return Step.illegal
  }
}

const stillInUse = (frame: Scanner): string => `packet identifier ${frame.packetId} is still in use`

/** Partly refused SUBSCRIBEs that may wait for their SUBACK at once. */
const MOST_PARTIAL = 64
/** What may come while an authentication goes on; a CONNECT has a fault of its own. */
const AUTHENTICATING: ReadonlySet<number> = new Set([PacketType.AUTH, PacketType.DISCONNECT, PacketType.CONNECT])
