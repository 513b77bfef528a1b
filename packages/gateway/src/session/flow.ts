import type { Address } from '../contract/index.ts'
import { AckOrder } from './inflight.ts'

/** What a topic alias stands for, and whether the receiver was told. */
export interface Alias {
  address: Address
  /** False after the packet that defined it was refused: the next one that uses it must carry the topic again. */
  known: boolean
}

/**
 * The messages of one direction of a connection: what waits for its acknowledgement and which topic aliases are set.
 * Everything is allocated when first used: an idle connection has none of it.
 */
export class Flow {
  /** QoS 1 messages without PUBACK, QoS 2 messages without PUBREC. */
  readonly once = new AckOrder()
  readonly exact = new AckOrder()
  /** Most messages without an answer (MQTT 5.0, 4.9; in 3.1.1 the gateway's own limit). */
  receiveMaximum: number
  // QoS 2: received by the receiver and not completed; refused by the gateway and not released by the sender.
  #received: Set<number> | null = null
  #refused: Set<number> | null = null
  #aliases: Map<number, Alias> | null = null

  constructor(receiveMaximum: number) {
    this.receiveMaximum = receiveMaximum
  }

  /** Messages of QoS 1 and 2 that are not through yet. */
  get size(): number {
    return this.once.size + this.exact.size + (this.#received?.size ?? 0)
  }

  /** Whether the sender may not use this identifier for a new message yet. */
  inUse(packetId: number): boolean {
    if (this.once.has(packetId) || this.exact.has(packetId)) return true
    return this.#received?.has(packetId) === true || this.#refused?.has(packetId) === true
  }

  forwarded(packetId: number, qos: number): void {
    if (qos === 1) this.once.forwarded(packetId)
    else if (qos === 2) {
      this.exact.forwarded(packetId)
      // Refused when it came first and sent again in 3.1.1: its release is the receiver's now.
      this.#refused?.delete(packetId)
    }
  }

  /**
   * Notes a refusal to be answered in turn.
   * @param held3 whether the sender will release the message although it was refused (3.1.1 knows no refusal)
   */
  refused(packetId: number, qos: number, reason: number, held3: boolean): void {
    if (qos === 1) this.once.refused(packetId, reason)
    else if (qos === 2) {
      this.exact.refused(packetId, reason)
      if (held3) {
        this.#refused ??= new Set()
        this.#refused.add(packetId)
      }
    }
  }

  /** The receiver's PUBACK. False when no message waits for it. */
  acknowledged(packetId: number): boolean {
    return this.once.answered(packetId)
  }

  /** The receiver's PUBREC; with a reason of 0x80 or more the exchange is over (MQTT-4.3.3-4). False when no message waits for it. */
  recorded(packetId: number, reason: number): boolean {
    if (!this.exact.answered(packetId)) return false
    if (reason >= 0x80) return true
    this.#received ??= new Set()
    this.#received.add(packetId)
    return true
  }

  /** The sender's PUBREL. True when it is for a message that the gateway refused, which the gateway completes itself. */
  released(packetId: number): boolean {
    return this.#refused?.delete(packetId) === true
  }

  /** Whether the receiver has said that it has this message (QoS 2), and not yet that it is done with it. */
  holds(packetId: number): boolean {
    return this.#received?.has(packetId) === true
  }

  /** The receiver's PUBCOMP. False when it holds no such message, as after a session that was resumed. */
  completed(packetId: number): boolean {
    return this.#received?.delete(packetId) === true
  }

  alias(number: number): Alias | undefined {
    return this.#aliases?.get(number)
  }

  /** Sets what an alias stands for; `known` follows once its packet went through. */
  setAlias(number: number, address: Address): Alias {
    this.#aliases ??= new Map()
    const alias = { address, known: false }
    this.#aliases.set(number, alias)
    return alias
  }

  /** Forgets what guards kept with the aliased topics: the configuration changed. The aliases themselves stay. */
  forget(): void {
    for (const { address } of this.#aliases?.values() ?? []) address.memo.fill(undefined)
  }
}
