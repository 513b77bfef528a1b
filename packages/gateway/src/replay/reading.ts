import type { Closing, Direction, Flow, FlowEvents, Shortcut } from '@ringwall/wire/capture'
import { PacketType } from '@ringwall/wire/mqtt'
import { MQTT_EVENTS, type MqttEvent } from '../signature/events.ts'
import { Conversation } from './conversation.ts'
import { readParts } from './dissect/connect-parts.ts'
import type { Dissector } from './dissect/packet.ts'
import { type Budget, Found, type FramePlace, type FrameReader } from './frames.ts'
import { Inspection, type Inspector } from './inspection.ts'
import type { Observer } from './observer.ts'
import type { Clockwork, Outlet } from './outlet.ts'
import { ENOUGH, recognize } from './recognize.ts'
import { MessageShortcut } from './shortcut.ts'
import type { Transaction } from './transactions.ts'

export interface ReadingParts<Memory> {
  readonly dissector: Dissector
  /** Whether transactions are told to the outlets. */
  readonly writes: boolean
  readonly inspector: Inspector<Memory>
  readonly observers: readonly Observer[]
  readonly outlets: readonly Outlet[]
  /** Where the capture stands; moved on for messages that are told late. */
  readonly moment: Clockwork
  /** Ports on which Suricata's lenient recognition is enough. */
  readonly ports: ReadonlySet<number>
  /** Bytes of the longest packet that is read. */
  readonly longest: number
  /** Bytes of unfinished packets and of aliased topics, all flows together. */
  readonly buffered: number
}

const EVENTS = Object.entries(MQTT_EVENTS) as [MqttEvent, number][]

/** Follows the TCP flows of a capture, finds MQTT in them and tells what it says and what rules find in it. */
export class Reading<Memory> implements FlowEvents {
  /** MQTT packets and flows so far. */
  packets = 0
  conversations = 0
  flows = 0
  readonly shortcut: Shortcut | undefined
  readonly #parts: ReadingParts<Memory>
  readonly #budget: Budget
  readonly #inspection: Inspection<Memory>

  constructor(parts: ReadingParts<Memory>) {
    this.#parts = parts
    this.#budget = { left: parts.buffered }
    const { writes, inspector, observers, outlets, moment } = parts
    this.#inspection = new Inspection(inspector, outlets)
    // An event is written with its flow's counts, which only stand right where packet comes after packet.
    if (!writes) this.shortcut = this.#shortcutFor(inspector.looks, observers, moment)
  }

  opened(flow: Flow): void {
    this.flows++
    const { inspector, longest } = this.#parts
    const c = new Conversation<Memory>(flow, inspector.memory(), longest, this.#budget)
    flow.state = c
    if (this.#isKnown(flow)) this.#announce(c)
  }

  data(flow: Flow, direction: Direction, bytes: Uint8Array, start: number, end: number, time: number): void {
    const c = conversationOf<Memory>(flow)
    if (c === null || c.over) return
    const up = direction === 'up'
    if (c.recognized) return this.#read(c, up, bytes, start, end, time)
    const first = up ? c.firstUp : c.firstDown
    if (first === null) return this.#meet(c, up, bytes, start, end, time)
    const joined = new Uint8Array(first.length + end - start)
    joined.set(first)
    joined.set(bytes.subarray(start, end), first.length)
    this.#meet(c, up, joined, 0, joined.length, time)
  }

  gap(flow: Flow, direction: Direction): void {
    const c = conversationOf<Memory>(flow)
    if (c === null) return
    // Packets mostly begin where segments do: reading goes on behind the hole as if nothing had been begun.
    const reader = direction === 'up' ? c.up : c.down
    reader.reset()
    if (direction === 'up') c.firstUp = null
    else c.firstDown = null
    c.holed = true
    if (c.announced) for (const observer of this.#parts.observers) observer.lost(c, 'gap')
  }

  anomaly(flow: Flow, code: string): void {
    for (const outlet of this.#parts.outlets) outlet.evasion?.(flow, code)
  }

  closed(flow: Flow, how: Closing): void {
    const c = conversationOf<Memory>(flow)
    const mqtt = c?.recognized === true ? c : null
    if (mqtt !== null) {
      for (const open of mqtt.transactions.open) this.#complete(mqtt, open)
    }
    if (c?.announced) for (const observer of this.#parts.observers) observer.closed(c, how)
    for (const outlet of this.#parts.outlets) outlet.flow?.(flow, mqtt, how)
    c?.up.reset()
    c?.down.reset()
    c?.aliasesUp.forget()
    c?.aliasesDown.forget()
    flow.state = null
  }

  #shortcutFor(looks: boolean, observers: readonly Observer[], moment: Clockwork): Shortcut {
    const asking = observers.filter(({ takesLegal }) => takesLegal !== false)
    return new MessageShortcut(looks || asking.length > 0, observers, moment, {
      take: (c, place, up, time) => {
        if (asking.length > 0) this.#whole(c as Conversation<Memory>, place, asking, up, time)
        else this.#legal(c as Conversation<Memory>, place, up, time)
      },
      count: (c, count) => {
        this.packets += count
        c.packets += count
        c.transactions.pass(count)
      },
    })
  }

  /** The bytes of an end that is not known to speak MQTT, from its first on. */
  #meet(c: Conversation<Memory>, up: boolean, bytes: Uint8Array, start: number, end: number, time: number): void {
    const { flow, holed: midstream } = c
    const found = recognize(bytes, start, end, { known: this.#isKnown(flow), midstream })
    const early = found === 'more' && end - start < ENOUGH
    if (up) c.firstUp = early ? bytes.slice(start, end) : null
    else c.firstDown = early ? bytes.slice(start, end) : null
    if (found === 'yes') {
      c.recognized = true
      this.conversations++
      if (!c.announced) this.#announce(c)
      // What the other end had begun waits no longer to be told apart.
      const other = up ? c.firstDown : c.firstUp
      if (other !== null) this.#read(c, !up, other, 0, other.length, time)
      this.#read(c, up, bytes, start, end, time)
    } else if (up && !early) c.over = true
    else if (up && c.announced) this.#progress(c, end - start)
  }

  #read(c: Conversation<Memory>, up: boolean, bytes: Uint8Array, start: number, end: number, time: number): void {
    const reader = up ? c.up : c.down
    reader.feed(bytes, start, end)
    let isWhole = false
    for (;;) {
      const found = reader.next()
      if (found !== Found.more) isWhole = true
      if (found === Found.packet) this.#whole(c, reader, this.#parts.observers, up, time)
      else if (found === Found.skipped) this.#skipped(c, reader, up)
      else if (found === Found.broken) this.#malformed(c, up, time)
      if (found === Found.more || c.over) break
    }
    if (c.over) {
      c.up.reset()
      c.down.reset()
    } else if (up && !isWhole && reader.kept > 0) this.#progress(c, reader.kept)
  }

  #progress(c: Conversation<Memory>, kept: number): void {
    for (const observer of this.#parts.observers) observer.progress?.(c, kept)
  }

  #announce(c: Conversation<Memory>): void {
    c.announced = true
    for (const observer of this.#parts.observers) observer.opened(c)
  }

  #isKnown({ client, server }: Flow): boolean {
    return this.#parts.ports.has(server.port) || this.#parts.ports.has(client.port)
  }

  #whole(c: Conversation<Memory>, place: FramePlace, observers: readonly Observer[], up: boolean, time: number): void {
    const { bytes, start, body, end } = place
    const { dissector } = this.#parts
    this.packets++
    c.packets++
    if (bytes[start] >> 4 === PacketType.CONNECT) c.introduce(readParts(bytes, body, end) ?? c.connect)
    for (let i = 0; i < observers.length; i++) observers[i].packet(c, up, bytes, start, body, end)
    if (!dissector.read(bytes, start, body, end, c.version)) return this.#malformed(c, up, time)
    const first = bytes[start]
    if (first >> 4 === PacketType.CONNECT) c.version = dissector.version
    const transaction = c.transactions.take(first >> 4, (first >> 1) & 3, dissector.packetId, up)
    this.#inspect(c, transaction, place, up, time)
    if (transaction.complete) this.#complete(c, transaction)
    const { evicted } = c.transactions
    if (evicted !== null) {
      this.#tell(c, evicted, MQTT_EVENTS.too_many_transactions)
      this.#inspection.events(c, evicted, MQTT_EVENTS.too_many_transactions, up, time)
      this.#complete(c, evicted)
    }
  }

  #inspect(c: Conversation<Memory>, transaction: Transaction, place: FramePlace, up: boolean, time: number): void {
    const { text, alias } = this.#parts.dissector
    if (text !== '') transaction.text = transaction.text === '' ? text : `${transaction.text},${text}`
    const events = c.transactions.begun ? transaction.events : 0
    if (events !== 0) this.#tell(c, transaction, events)
    const aliases = up ? c.aliasesUp : c.aliasesDown
    const topic = alias === 0 ? null : aliases.topicOf(alias, place.bytes, place.body)
    this.#inspection.packet(c, transaction, place, up, topic, events, time)
  }

  /** A legal packet of which only rules want to know: it is its own transaction, and what they ask is in its bytes. */
  #legal(c: Conversation<Memory>, place: FramePlace, up: boolean, time: number): void {
    this.packets++
    c.packets++
    const transaction = c.transactions.take(place.bytes[place.start] >> 4, 0, -1, up)
    this.#inspection.packet(c, transaction, place, up, null, 0, time)
  }

  #skipped(c: Conversation<Memory>, reader: FrameReader, up: boolean): void {
    this.packets++
    c.packets++
    const { dissector, observers } = this.#parts
    dissector.skipped(reader.bytes[reader.start], reader.length)
    const transaction = c.transactions.skip(up)
    transaction.text = dissector.text
    for (const observer of observers) observer.lost(c, 'gap')
    this.#complete(c, transaction)
  }

  /** As in Suricata, nothing of the connection is read any more, in either direction. */
  #malformed(c: Conversation<Memory>, up: boolean, time: number): void {
    c.over = true
    for (const observer of this.#parts.observers) observer.lost(c, 'malformed')
    const transaction = c.transactions.malformed(up)
    this.#tell(c, transaction, transaction.events)
    this.#inspection.events(c, transaction, transaction.events, up, time)
    this.#complete(c, transaction)
  }

  #tell(c: Conversation<Memory>, transaction: Transaction, events: number): void {
    for (const [name, bit] of EVENTS) {
      if ((events & bit) === 0) continue
      for (const outlet of this.#parts.outlets) outlet.anomaly?.(c, transaction, name)
    }
  }

  #complete(c: Conversation<Memory>, transaction: Transaction): void {
    if (!this.#parts.writes) return
    for (const outlet of this.#parts.outlets) outlet.transaction?.(c, transaction)
  }
}

function conversationOf<Memory>(flow: Flow): Conversation<Memory> | null {
  return flow.state instanceof Conversation ? flow.state : null
}
