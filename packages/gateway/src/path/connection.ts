import type { TLSSocket } from 'node:tls'
import { Scanner } from '@ringwall/wire'
import {
  AT_REST,
  type Lane,
  type Neighbors,
  type Posture,
  type Principal,
  type Step,
  type Tier,
} from '../contract/index.ts'
import type { Session } from '../session/session.ts'
import type { Link } from '../upstream/link.ts'
import { AddressBook } from './addresses.ts'
import type { Plan } from './judge.ts'
import type { Sink } from './run.ts'

/** Why reading from the device stands still; several may hold at once. */
export const Halt = { opening: 1, full: 2, throttled: 4, crowded: 8, deaf: 16, audit: 32 } as const

/** Nobody may make the gateway keep more than this many bytes before a session stands. */
const LARGEST_CONNECT = 128 * 1024

/** How long a connection that the gateway ended may take to read its last packet, in milliseconds. */
export const LINGER = 1_000

/** The scene of one connection's acts; its times are set with each received chunk. */
export interface ConnectionScene {
  now: number
  wall: number
  keepAlive: number
  peer: string
  version: 0 | 4 | 5
  mode: number
  maintenance: boolean
  tier: Tier
  posture: Posture
  neighbors: Neighbors
  memo: unknown[]
}

export interface ConnectionParts {
  readonly id: number
  readonly socket: TLSSocket
  readonly principal: Principal
  readonly peer: string
  readonly plan: Plan
  readonly neighbors: Neighbors
  /** How many guards keep something with an address or a connection. */
  readonly slots: number
  readonly session: Session
  readonly maxPacket: number
  /** The end of the certificate's validity, milliseconds since the Unix epoch. */
  readonly validUntil: number
  readonly now: number
}

/** All the state of one device's connection. It decides nothing: `receive`, `deliver`, `open` and `close` act on it. */
export class Connection implements Sink {
  readonly id: number
  readonly socket: TLSSocket
  /** Its roles change when the configuration does. */
  principal: Principal
  /** Address and port. */
  readonly peer: string
  readonly session: Session
  readonly scanner: Scanner
  readonly scene: ConnectionScene
  readonly addresses: AddressBook
  /** Monotonic milliseconds. */
  readonly born: number
  /** Milliseconds since the Unix epoch. */
  readonly validUntil: number
  plan: Plan
  /** The scanner of the broker's bytes, from the moment that there is a link. */
  back: Scanner | null = null
  link: Link | null = null
  lane: Lane | null = null
  /** When the device was last heard, monotonic milliseconds. */
  seen: number
  halted = 0
  /** Since when it has stood still, monotonic milliseconds. */
  haltedAt = 0
  /** When it was last told that a packet is not whole, monotonic milliseconds. */
  progressAt = 0
  /** Since when it has had more messages under way than the receive maximum, monotonic milliseconds. */
  crowdedSince = 0
  /** What is to be done with the packet that the scanner stands on and that waits; null when none does. */
  waiting: Step | null = null
  /** The gateway has said its last word, or the device has. */
  closing = false
  socketClosed = false
  linkClosed = true
  /** When to cut what has not closed by itself, monotonic milliseconds; 0 while it lives. */
  cutAt = 0
  /** Bytes charged to the worker's budget. */
  charged = 0
  /** The largest packet that the device takes, in bytes. */
  clientMaximum = 268_435_460
  /** The client identifier that the gateway gave to a device that sent none. */
  assignedId = false
  /** The largest topic alias that the device takes. */
  clientAliases = 0
  /** What the device asked for as keep-alive, in seconds. */
  askedKeepAlive = 0

  constructor(parts: ConnectionParts) {
    this.id = parts.id
    this.socket = parts.socket
    this.principal = parts.principal
    this.peer = parts.peer
    this.plan = parts.plan
    this.session = parts.session
    this.scanner = new Scanner({ from: 'client', maxPacket: Math.min(parts.maxPacket, LARGEST_CONNECT) })
    this.scene = { ...AT_REST, peer: parts.peer, now: parts.now, wall: 0, neighbors: parts.neighbors, memo: [] }
    this.addresses = new AddressBook(parts.slots)
    this.born = parts.now
    this.validUntil = parts.validUntil
    this.seen = parts.now
  }

  /** Stops reading from the device for a reason. */
  halt(reason: number): void {
    if (this.halted === 0) {
      this.socket.pause()
      this.haltedAt = this.scene.now
    }
    this.halted |= reason
  }

  /** Takes a reason to stand still away. True when none is left: what was held back is then to be read. */
  lift(reason: number): boolean {
    this.halted &= ~reason
    return this.halted === 0 && !this.closing
  }

  /** Writes to the device; the broker is not read while the device takes nothing. */
  send(bytes: Uint8Array, start: number, end: number): void {
    if (this.socketClosed || this.closing) return
    const piece = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end)
    if (!this.socket.write(piece)) this.link?.pause()
  }

  /** Writes a packet of the gateway's own to the device. A device that does not read its answers is asked nothing more. */
  answer(packet: Uint8Array): void {
    this.send(packet, 0, packet.length)
    if (this.socket.writableNeedDrain && !this.closing) this.halt(Halt.deaf)
  }
}
