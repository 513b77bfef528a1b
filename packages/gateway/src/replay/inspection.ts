import type { Hit, SignedPacket } from '../signature/index.ts'
import type { Conversation } from './conversation.ts'
import type { FramePlace } from './frames.ts'
import type { Outlet } from './outlet.ts'
import type { Transaction } from './transactions.ts'

/** What looks at each packet by rules. */
export interface Inspector<Memory> {
  /** Whether there is anything that it looks for. */
  readonly looks: boolean
  memory(): Memory
  inspect(packet: SignedPacket, memory: Memory, wall: number): readonly Hit[]
}

/** Asks the rules about packets, and tells what they find. */
export class Inspection<Memory> {
  readonly #inspector: Inspector<Memory>
  readonly #outlets: readonly Outlet[]
  readonly #packet: Mutable<SignedPacket>

  constructor(inspector: Inspector<Memory>, outlets: readonly Outlet[]) {
    this.#inspector = inspector
    this.#outlets = outlets
    const end = { address: null, port: 0, name: '' }
    const place = { bytes: new Uint8Array(0), start: 0, body: 0, end: 0, type: 0, flags: 0, version: 0 }
    this.#packet = { ...place, direction: 'up', events: 0, client: end, server: end, topic: null, named: null }
  }

  /** Asks about a packet. `topic` is the one that its alias stands for, null where it has none; `events` what is wrong with it. */
  packet(
    c: Conversation<Memory>,
    about: Transaction,
    { bytes, start, body, end }: FramePlace,
    up: boolean,
    topic: Uint8Array | null,
    events: number,
    time: number,
  ): void {
    const packet = this.#packet
    packet.bytes = bytes
    packet.start = start
    packet.body = body
    packet.end = end
    packet.topic = topic
    this.#ask(c, about, bytes[start], events, up, time)
  }

  /** Asks about nothing but events. */
  events(c: Conversation<Memory>, about: Transaction, events: number, up: boolean, time: number): void {
    const packet = this.#packet
    packet.start = packet.end
    packet.body = packet.end
    this.#ask(c, about, 0, events, up, time)
  }

  #ask(c: Conversation<Memory>, about: Transaction, first: number, events: number, up: boolean, time: number): void {
    const packet = this.#packet
    packet.type = first >> 4
    packet.flags = first & 15
    packet.version = c.version
    packet.direction = up ? 'up' : 'down'
    packet.events = events
    packet.client = c.client
    packet.server = c.server
    const hits = this.#inspector.inspect(packet, c.memory, time)
    packet.topic = null
    for (let i = 0; i < hits.length; i++) {
      const hit = hits[i]
      if (!hit.alerts) continue
      c.alerted = true
      for (const outlet of this.#outlets) outlet.alert?.(c, about, hit)
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
