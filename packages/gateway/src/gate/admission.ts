import { networkOf } from '../base/network.ts'
import type { SharedBlocks } from '../lanes/blocks.ts'
import type { SharedCounters } from '../lanes/counters.ts'
import type { Limit, SharedLimits } from '../lanes/limits.ts'

export interface AdmissionOptions {
  /** Open connections in all. */
  readonly connections: number
  /** Unfinished TLS handshakes in all. */
  readonly handshakes: number
  /** New connections in all. */
  readonly rate: Limit
  /** New connections of one address. */
  readonly addressRate: Limit
  /** Open connections of one address, 0 for no limit. */
  readonly addressConnections: number
}

export type AdmissionCode =
  | 'connection_rate'
  | 'connection_limit'
  | 'handshake_limit'
  | 'address_rate'
  | 'address_handshakes'
  | 'address_limit'

/** A connection's place in the shared counts. Handed back once, whatever became of the connection. */
export interface Ticket {
  readonly slot: number
  handshaking: boolean
  open: boolean
}

/**
 * Decides before the first byte of a handshake is read, at the cost of a few atomic words, whether a connection may try at
 * all. Stops lab/attackers/connect-flood (ATT&CK for ICS T0814). Every count is reserved first and handed back if refused.
 */
export class Admission {
  #options: AdmissionOptions
  readonly #limits: SharedLimits
  readonly #counters: SharedCounters
  readonly #blocks: SharedBlocks
  readonly #worker: number
  readonly #all: number

  constructor(
    options: AdmissionOptions,
    limits: SharedLimits,
    counters: SharedCounters,
    blocks: SharedBlocks,
    worker: number,
  ) {
    this.#options = options
    this.#limits = limits
    this.#counters = counters
    this.#blocks = blocks
    this.#worker = worker
    this.#all = limits.slot('admission', 'all')
  }

  /** Takes new limits; what is open already stays. */
  configure(options: AdmissionOptions): void {
    this.#options = options
  }

  /** Whether every place among the open handshakes is taken. */
  get crowded(): boolean {
    return this.#counters.handshakes(this.#worker, 0) >= this.#options.handshakes
  }

  /** Until when an address is blocked, milliseconds since the Unix epoch; 0 where it is not. @param wall now, in the same */
  blockedUntil(address: string, wall: number): number {
    return this.#blocks.address(address, wall)
  }

  /** Reserves a place for a connection of an address, or says why there is none. */
  admit(address: string, now: number): Ticket | AdmissionCode {
    const { connections, handshakes, rate, addressRate, addressConnections } = this.#options
    const slot = this.#limits.slot('address', networkOf(address))
    // The address pays first: a single loud one must not eat the budget of all.
    if (this.#limits.take(slot, addressRate, now) > 0) return 'address_rate'
    if (this.#limits.take(this.#all, rate, now) > 0) return 'connection_rate'
    const ticket: Ticket = { slot, handshaking: true, open: true }
    const byAddress = this.#counters.address(slot, 1)
    const open = this.#counters.connections(this.#worker, 1)
    const shaking = this.#counters.handshakes(this.#worker, 1)
    const code: AdmissionCode | null =
      open > connections
        ? 'connection_limit'
        : shaking > handshakes
          ? 'handshake_limit'
          : addressConnections > 0 && byAddress > addressConnections
            ? 'address_limit'
            : null
    if (code === null) return ticket
    this.release(ticket)
    return code
  }

  /** The handshake ended well: the place among the open handshakes is free again. */
  shaken(ticket: Ticket): void {
    if (!ticket.handshaking) return
    ticket.handshaking = false
    this.#counters.handshakes(this.#worker, -1)
  }

  /** The connection is gone. */
  release(ticket: Ticket): void {
    if (!ticket.open) return
    ticket.open = false
    this.shaken(ticket)
    this.#counters.connections(this.#worker, -1)
    this.#counters.address(ticket.slot, -1)
  }
}
