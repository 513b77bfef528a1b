const FORWARDED = -1

/**
 * Packet identifiers that wait for an acknowledgement, in the order in which their messages came, so that the gateway's own
 * answers to what it refused take their turn among the receiver's (MQTT-4.6.0-2, MQTT-4.6.0-3). A refused message's answer
 * is due once all before it are answered.
 */
export class AckOrder {
  // Map keeps insertion order, and gives both the head and any identifier in constant time.
  #waiting: Map<number, number> | null = null
  #refused = 0

  /** Messages without an answer. */
  get size(): number {
    return this.#waiting === null ? 0 : this.#waiting.size
  }

  /** Whether an answer of the gateway's own waits here for its turn, or has it now. */
  get pending(): boolean {
    return this.#refused > 0
  }

  /** Whether a message with this identifier waits here. */
  has(packetId: number): boolean {
    return this.#waiting?.has(packetId) === true
  }

  /** A message went on to its receiver, who will answer. */
  forwarded(packetId: number): void {
    this.#waiting ??= new Map()
    // Sent again, it may pass after all: the receiver answers then, in the same turn.
    if (this.#refused > 0 && (this.#waiting.get(packetId) ?? FORWARDED) !== FORWARDED) this.#refused--
    this.#waiting.set(packetId, FORWARDED)
  }

  /** A message was refused with this reason code: the gateway answers, in turn. One sent again is answered once. */
  refused(packetId: number, reason: number): void {
    this.#waiting ??= new Map()
    if (this.#waiting.has(packetId)) return
    this.#waiting.set(packetId, reason)
    this.#refused++
  }

  /** The receiver answered. False when it was not asked: nothing with this identifier went on to it. */
  answered(packetId: number): boolean {
    return this.#waiting?.get(packetId) === FORWARDED && this.#waiting.delete(packetId)
  }

  /** Hands out the answers whose turn has come, in order. */
  due(answer: (packetId: number, reason: number) => void): void {
    if (this.#refused === 0 || this.#waiting === null) return
    for (const [packetId, reason] of this.#waiting) {
      if (reason === FORWARDED) return
      this.#waiting.delete(packetId)
      this.#refused--
      answer(packetId, reason)
    }
  }
}
