import type { Scanner } from '@ringwall/wire'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Counts, Lane, Principal } from '../contract/index.ts'
import type { Opened } from '../seals/opened.ts'
import type { Link } from '../upstream/link.ts'
import type { ActView } from './act.ts'
import type { Budget } from './budget.ts'
import type { Connection } from './connection.ts'
import type { Evidence } from './evidence.ts'
import type { Judge } from './judge.ts'
import type { Run } from './run.ts'
import type { Surroundings } from './surroundings.ts'
import type { Unsealer } from './unseal.ts'
import type { VerdictBook } from './verdict.ts'

/** What the operator decided about sessions. Times in milliseconds, sizes in bytes. */
export interface Policies {
  /** From the end of the TLS handshake to the broker's CONNACK. */
  readonly connectTimeout: number
  readonly maxKeepAlive: number
  /** What a 3.1.1 client sees of a refused publish above QoS 0. */
  readonly refused: 'acknowledge' | 'disconnect'
  /** Largest packet. */
  readonly packet: number
  /** Topic aliases a connection and direction. */
  readonly aliases: number
  /** Unacknowledged messages of a connection towards the broker. */
  readonly inflight: number
  /** Methods of extended authentication that are let through to the broker. */
  readonly authMethods: readonly string[]
  /** Whether the broker gets messages without their seals. */
  readonly stripsSeals: boolean
}

export type LaneAnswer = Lane | 'contested' | 'full'

/** The rooms beside the straight way, as it sees them. What the gateway may edit of a packet is decided there. */
export interface Upstream {
  /** Connects to the broker for a device. Throws a `RingwallError`. */
  connect(principal: Principal): Promise<Link>
  /** The CONNECT that mirrors the device's own. */
  connectPacket(connection: Connection, frame: Scanner): Uint8Array
  /** The broker's CONNACK with the gateway's lower limits. */
  connackPacket(connection: Connection, frame: Scanner): Uint8Array
  /** A SUBSCRIBE without the filters that were refused. `reasons` holds a code for each filter, 0 for those that stay. */
  subscribePacket(connection: Connection, frame: Scanner, reasons: Uint8Array): Uint8Array
  /** The broker's SUBACK joined with the codes of the refused filters. */
  subackPacket(connection: Connection, frame: Scanner, reasons: Uint8Array): Uint8Array
  /** A PUBLISH with the topic that its alias stands for. */
  publishPacket(connection: Connection, frame: Scanner, topic: Uint8Array): Uint8Array
  /** A PUBLISH without its seal. @param topic what its alias stands for, null where the broker knows */
  unsealedPacket(connection: Connection, frame: Scanner, topic: Uint8Array | null, opened: Opened): Uint8Array
}

/** What the straight way of one worker needs. */
export interface Way {
  readonly clock: Clock
  readonly log: Log
  readonly judge: Judge
  readonly book: VerdictBook
  readonly evidence: Evidence
  readonly act: ActView
  readonly unsealer: Unsealer
  /** The run towards the broker, and the run towards the device. */
  readonly up: Run
  readonly down: Run
  readonly budget: Budget
  readonly counts: Counts
  readonly upstream: Upstream
  policies: Policies
  readonly surroundings: Surroundings
  /** Goes on reading once a reason to stand still is gone. */
  resume(connection: Connection, reason: number): void
  /** Leases the lane of a connection's device. */
  lease(connection: Connection): Promise<LaneAnswer>
  /** The connection that keeps the most bytes. */
  heaviest(): Connection | null
  /** The connection and its link are gone. */
  gone(connection: Connection): void
}
