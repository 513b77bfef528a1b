/** What is illegal in a packet, by which clause of the standard, and how it is answered. */
export interface Fault {
  /** Stable, lower_snake_case: `malformed_length`, `topic_wildcard`, `packet_too_large` … */
  readonly code: string
  /** The conformance clause (`MQTT-3.3.1-4`) of the packet's version, or the section where no clause is numbered. */
  readonly clause: string
  /** One plain sentence with its numbers. */
  readonly why: string
  /** The framing is lost: nothing after this packet can be read. */
  readonly fatal: boolean
  /** The MQTT 5.0 reason code that answers it. */
  readonly reason: number
  /** Where in the bytes that were read. */
  readonly offset: number
  /**
   * The standard lets a receiver refuse it and does not oblige it to: the clause binds the sender and says neither that the packet
   * is malformed, nor a protocol error, nor that the connection is closed; and brokers exist that take it.
   */
  readonly strict?: boolean
}

/** Tells a reader's fault from what it read. */
export function isFault(value: object): value is Fault {
  return 'fatal' in value && 'clause' in value
}

/** Makes a fault after which the framing still holds. */
export function fault(code: string, clause: string, why: string, reason: number, offset: number): Fault {
  return { code, clause, why, fatal: false, reason, offset }
}

/** Makes a fault that a receiver may refuse though it need not. */
export function strictFault(code: string, clause: string, why: string, reason: number, offset: number): Fault {
  return { code, clause, why, fatal: false, reason, offset, strict: true }
}

/** Makes a fault with which the framing is lost. */
export function fatalFault(code: string, clause: string, why: string, reason: number, offset: number): Fault {
  return { code, clause, why, fatal: true, reason, offset }
}
