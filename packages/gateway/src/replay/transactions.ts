import { PacketType } from '@ringwall/wire/mqtt'
import { MQTT_EVENTS } from '../signature/events.ts'

/**
 * A request with its answers, or a packet that has none, as Suricata logs them together. One that was complete at once is
 * reused: valid until the next packet is taken.
 */
export interface Transaction {
  /** From 0, a connection. */
  id: number
  /** Whose packet began it. */
  up: boolean
  /** What its answer is known by, `CONNECT_ID` for a CONNECT; -1 where no answer is awaited any more. */
  awaits: number
  complete: boolean
  /** The packets so far, as the dissector wrote them. */
  text: string
  /** A mask of `MQTT_EVENTS`. */
  events: number
}

/** No packet identifier: what a CONNACK looks for. */
const CONNECT_ID = 65_536
/** Transactions without their answer that a connection may have, as in Suricata. */
const MOST_OPEN = 1_024

/**
 * Joins the packets of one connection to transactions and says what is wrong with their order (the events of Suricata's
 * MQTT parser). An answer is known by its packet identifier alone, whoever sent it.
 */
export class Transactions {
  /** The one that had to be given up for the last packet; null where none had to. */
  evicted: Transaction | null = null
  /** Whether the last packet began its transaction. */
  begun = false
  #count = 0
  #connected = false
  readonly #open: Transaction[] = []
  readonly #alone: Transaction = { id: 0, up: true, awaits: -1, complete: true, text: '', events: 0 }

  /** Those that still wait for an answer, oldest first. */
  get open(): readonly Transaction[] {
    return this.#open
  }

  /** The CONNECT was answered: nothing that comes is unintroduced. */
  get connected(): boolean {
    return this.#connected
  }

  /** Counts packets that are whole transactions with which nothing is wrong. */
  pass(count: number): void {
    this.#count += count
  }

  /** The transaction to which a packet belongs. Its `events` grow by what is wrong with this packet. */
  take(type: number, qos: number, packetId: number, up: boolean): Transaction {
    this.evicted = null
    this.begun = false
    switch (type) {
      case PacketType.CONNECT:
        return this.#begin(up, CONNECT_ID, this.#connected ? MQTT_EVENTS.double_connect : 0)
      case PacketType.CONNACK: {
        const known = this.#answered(CONNECT_ID, true)
        if (known === null) return this.#begin(up, -1, MQTT_EVENTS.missing_connect)
        this.#connected = true
        return known
      }
      case PacketType.PUBLISH:
      case PacketType.SUBSCRIBE:
      case PacketType.UNSUBSCRIBE:
        return this.#request(qos, packetId, up)
      case PacketType.PUBREC:
      case PacketType.PUBREL:
        return this.#answer(packetId, up, MQTT_EVENTS.missing_publish, false)
      case PacketType.PUBACK:
      case PacketType.PUBCOMP:
        return this.#answer(packetId, up, MQTT_EVENTS.missing_publish, true)
      case PacketType.SUBACK:
        return this.#answer(packetId, up, MQTT_EVENTS.missing_subscribe, true)
      case PacketType.UNSUBACK:
        return this.#answer(packetId, up, MQTT_EVENTS.missing_unsubscribe, true)
      case 0:
        return this.#begin(up, -1, MQTT_EVENTS.unassigned_msg_type)
      default:
        return this.#begin(up, -1, this.#unintroduced)
    }
  }

  /** A packet of which only the fixed header was read. */
  skip(up: boolean): Transaction {
    this.evicted = null
    return this.#begin(up, -1, 0)
  }

  /** Bytes that are no packet. */
  malformed(up: boolean): Transaction {
    this.evicted = null
    return this.#begin(up, -1, MQTT_EVENTS.malformed_traffic)
  }

  get #unintroduced(): number {
    return this.#connected ? 0 : MQTT_EVENTS.unintroduced_message
  }

  #request(qos: number, packetId: number, up: boolean): Transaction {
    const event = qos === 3 ? MQTT_EVENTS.invalid_qos_level : qos > 0 && packetId < 0 ? MQTT_EVENTS.missing_msg_id : 0
    const awaits = qos === 1 || qos === 2 ? packetId : -1
    return this.#begin(up, awaits, event | this.#unintroduced)
  }

  #answer(packetId: number, up: boolean, missing: number, last: boolean): Transaction {
    return this.#answered(packetId, last) ?? this.#begin(up, -1, missing | this.#unintroduced)
  }

  #answered(awaits: number, last: boolean): Transaction | null {
    const open = this.#open
    for (let i = 0; i < open.length; i++) {
      const found = open[i]
      if (found.awaits !== awaits) continue
      if (last) {
        open.splice(i, 1)
        found.awaits = -1
        found.complete = true
      }
      return found
    }
    return null
  }

  #begin(up: boolean, awaits: number, events: number): Transaction {
    this.begun = true
    if (awaits < 0) return this.#whole(up, events)
    const begun = { id: this.#count++, up, awaits, complete: false, text: '', events }
    if (this.#open.length >= MOST_OPEN) this.#giveUp()
    this.#open.push(begun)
    return begun
  }

  #whole(up: boolean, events: number): Transaction {
    const alone = this.#alone
    alone.id = this.#count++
    alone.up = up
    alone.text = ''
    alone.events = events
    return alone
  }

  #giveUp(): void {
    const oldest = this.#open.shift()
    if (oldest === undefined) return
    oldest.complete = true
    oldest.events |= MQTT_EVENTS.too_many_transactions
    this.evicted = oldest
  }
}
