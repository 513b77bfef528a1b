import type { Principal } from './principal.ts'

/** `up`: from the device to the broker; `down`: from the broker to the device. */
export type Direction = 'up' | 'down'

/**
 * What somebody does through the gateway. `will` is the message that a CONNECT leaves to be published later;
 * `receive` is the broker's message on its way down to the device; `control` is what carries neither message nor
 * subscription but costs the broker work: PINGREQ, UNSUBSCRIBE, AUTH, a PUBREL or PUBCOMP of a former connection.
 */
export type Action = 'connect' | 'will' | 'publish' | 'subscribe' | 'receive' | 'control'

/**
 * A topic or a topic filter with its decisions. Cached by its bytes a connection, so a guard may keep in its own slot
 * of `memo` whatever it worked out for this address and this principal; slots are given out at composition.
 */
export interface Address {
  readonly bytes: Uint8Array
  readonly text: string
  readonly memo: unknown[]
}

/**
 * One thing that somebody does. The object and the bytes under it are reused: valid only during the call that received it.
 * Offsets are into `bytes`; the end is exclusive.
 */
export interface Act {
  /** Grows with every act of a worker, so that what one guard worked out about an act serves the next. */
  readonly serial: number
  readonly direction: Direction
  readonly action: Action
  /** Who is connected. */
  readonly speaker: Principal
  /** The device that the act is about: the speaker's own unless a bridge or an edge node speaks for it. */
  readonly subject: string
  readonly address: Address
  readonly bytes: Uint8Array
  /** The whole packet. */
  readonly start: number
  readonly end: number
  readonly payloadStart: number
  readonly payloadEnd: number
  /**
   * The seal that a message has, as it was read and not yet verified (a `SealView` of the package proof), or what is wrong with what stands for
   * one (`Unsealable`); null where it has none, absent where nobody looks. The payload is then what was sealed, without its envelope.
   */
  readonly seal?: object | string | null
  /** 0, 1 or 2; for a subscription the highest that it asks for. */
  readonly qos: number
  readonly retain: boolean
  /** What the act counts for in a budget: 1, or for a SUBSCRIBE all its filters at the first and 0 at the others. */
  readonly weight: number
}
