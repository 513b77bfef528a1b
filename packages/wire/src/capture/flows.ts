import { Express } from './express/express.ts'
import { Ready } from './express/ready.ts'
import type { PlainRecords } from './file/format.ts'
import type { Closing, FlowEvents, Shortcut } from './flow.ts'
import { Decoder, type PacketCounts } from './net/decoder.ts'
import { Flag } from './net/segment.ts'
import type { CapturedPacket } from './packet.ts'
import { Connection, type Surroundings } from './tcp/connection.ts'
import { History, historyRoom } from './tcp/history.ts'
import { FLOWS_LIMITS, type FlowsOptions } from './tcp/options.ts'
import { Recency } from './tcp/recency.ts'
import type { Stream } from './tcp/stream.ts'
import { judgeSyn } from './tcp/syn.ts'
import { ConnectionTable } from './tcp/table.ts'

// Late segments of a closed connection are its own for so long, as TCP itself has it (RFC 9293, section 3.6.1).
const REMEMBERED_MS = 60_000

/** What became of a capture's packets, and of its flows. */
export interface FlowCounts extends PacketCounts {
  /** Flows that were opened. */
  flows: number
  /** Living flows that had to make room for others. */
  evicted: number
}

/**
 * The TCP connections in a capture: takes its packets one by one and tells what was said in which flow, in order. Nothing is
 * allocated and nothing copied but for comparison where segments come in order.
 *
 * Bounds: `FlowsOptions`; with those that stand there unless others are given, at most some 80 MiB for flows and 64 MiB for what is
 * held, 2 MiB of history and 5 MiB of fragments.
 */
export class Flows {
  /** The highest time of a packet so far. */
  latest = 0
  readonly #around: Surroundings
  readonly #decoder: Decoder
  readonly #table: ConnectionTable
  readonly #living: Recency
  readonly #closed: Recency
  readonly #shortcut: Shortcut | null
  readonly #express: Express | null
  #evicted: number
  #time: number
  /** When the next flow can be overdue at the earliest. */
  #expiry: number

  constructor(events: FlowEvents, options: FlowsOptions = {}) {
    const limits = { ...FLOWS_LIMITS, ...options }
    // Its ring of history is one of two's powers.
    const isSuited = !limits.verify && (limits.history & (limits.history - 1)) === 0
    this.#shortcut = isSuited ? (events.shortcut ?? null) : null
    this.#express = this.#shortcut === null ? null : expressFor(this.#shortcut, limits.history)
    this.#around = {
      limits,
      events,
      history: new History(this.#express?.history ?? historyRoom(limits.history)),
      total: { held: 0 },
      ports: new Set(limits.ports),
      opened: 0,
    }
    this.#decoder = new Decoder(limits.verify)
    this.#evicted = 0
    this.#table = new ConnectionTable()
    this.#living = new Recency()
    this.#closed = new Recency()
    this.#time = 0
    this.#expiry = 0
  }

  get counts(): Readonly<FlowCounts> {
    return { ...this.#decoder.counts, flows: this.#around.opened, evicted: this.#evicted }
  }

  /** Packets so far. */
  get packets(): number {
    return this.#decoder.counts.packets
  }

  /** Flows that are kept, closed ones that are still remembered included. */
  get size(): number {
    return this.#table.size
  }

  /** Bytes held because others before them are missing, with what it costs to hold them. */
  get held(): number {
    return this.#around.total.held
  }

  /** Where a capture's bytes are best put before they are read: nothing is copied of what comes from there. Null where that does not matter. */
  get window(): Uint8Array | null {
    return this.#express?.window ?? null
  }

  /** The same bytes as they are best read: in pieces, each valid until the next. */
  pieces(chunk: Uint8Array): Iterable<Uint8Array> {
    return this.#express?.pieces(chunk) ?? [chunk]
  }

  /** Reads plain packets from where they stand in a capture (`CaptureReader.passBy`). Answers where the first one begins that `packet` is to take. */
  readonly pass = (chunk: Uint8Array, at: number, limit: number, plain: PlainRecords): number => {
    const express = this.#express
    if (express === null) return at
    const { counts } = this.#decoder
    const next = express.run(chunk, at, limit, plain, counts.packets, this.#expiry)
    if (express.passed === 0) return next
    counts.packets += express.passed
    counts.segments += express.passed
    this.#time = express.last
    this.latest = Math.max(this.latest, express.latest)
    return next
  }

  /** Takes the next packet. The listener is called before it returns. */
  packet(packet: CapturedPacket): void {
    this.#time = packet.time
    this.latest = Math.max(this.latest, packet.time)
    this.#expire(packet.time)
    if (this.#decoder.decode(packet)) this.#receive(packet.time)
  }

  /** The capture is at its end, and so is every flow. */
  flush(): void {
    this.#catchUp()
    for (const list of [this.#living, this.#closed]) {
      for (let flow = list.oldest; flow !== null; flow = list.oldest) this.#end(flow, 'end', this.#time)
    }
  }

  #receive(time: number): void {
    const { datagram, segment } = this.#decoder
    const hash = this.#table.hash(datagram, segment)
    let flow = this.#table.find(hash, datagram, segment)
    let stream: Stream
    if (flow !== null && flow.slot !== 0) this.#pull(flow)
    if (flow === null) {
      flow = this.#begin(hash, time)
      stream = flow.a
    } else {
      stream = this.#table.fromA ? flow.a : flow.b
      if ((segment.flags & Flag.SYN) !== 0 && judgeSyn(flow, stream, segment, time) === 'anew') {
        this.#end(flow, 'timeout', time)
        flow = this.#begin(hash, time)
        stream = flow.a
      } else if (flow.goesOn(stream, segment)) {
        const client = flow.isClient(stream)
        this.#end(flow, 'reset', time)
        flow = this.#begin(hash, time)
        stream = flow.a
        flow.open(client ? flow.a : flow.b, true)
        flow.anomaly('data_after_reset', time)
      }
    }
    this.#hand(flow, stream, time)
  }

  #hand(flow: Connection, stream: Stream, time: number): void {
    const wasClosed = flow.closed !== null
    flow.receive(stream, this.#decoder.segment, this.#decoder.datagram.contradicts, time)
    if (wasClosed) return
    flow.heardNumber = this.#decoder.counts.packets
    if (flow.closed === null) {
      this.#living.touch(flow)
      if (this.#shortcut !== null) this.#push(flow, this.#shortcut)
      return
    }
    if (flow.slot !== 0) this.#express?.drop(flow)
    this.#living.remove(flow)
    this.#closed.add(flow)
  }

  /** Hands a flow over to the express way where it may go there, and takes it back where it may not. */
  #push(flow: Connection, shortcut: Shortcut): void {
    const ready = flow.plain ? shortcut.ready(flow) : Ready.NO
    if (ready !== Ready.NO) this.#express?.push(flow, ready)
    else if (flow.slot !== 0) this.#express?.drop(flow)
  }

  #pull(flow: Connection): void {
    const messages = this.#express?.pull(flow) ?? 0
    if (messages > 0 && this.#shortcut?.tells === false) this.#shortcut.messages(flow, messages)
  }

  /** Takes over what the express way has heard. */
  #catchUp(): void {
    const flows = this.#express?.touched() ?? []
    for (const flow of flows) this.#pull(flow)
    this.#living.settle(flows)
  }

  /** Keeps a new flow; where there are too many another one makes room. */
  #begin(hash: number, time: number): Connection {
    if (this.#table.size >= this.#around.limits.maxFlows) {
      this.#catchUp()
      const leaves = this.#closed.oldest ?? this.#living.oldest
      if (leaves !== null) {
        if (leaves.closed === null) this.#evicted++
        this.#end(leaves, 'evicted', time)
      }
    }
    const flow = new Connection(this.#decoder.datagram, this.#decoder.segment, hash, time, this.#around)
    this.#table.add(flow)
    this.#living.add(flow)
    return flow
  }

  #end(flow: Connection, how: Closing, time: number): void {
    const list = flow.closed === null ? this.#living : this.#closed
    if (flow.slot !== 0) {
      this.#pull(flow)
      this.#express?.drop(flow)
    }
    flow.close(how, time)
    list.remove(flow)
    this.#table.remove(flow)
  }

  #expire(time: number): void {
    if (time < this.#expiry) return
    this.#catchUp()
    const { idle } = this.#around.limits
    for (let flow = this.#living.oldest; flow !== null && time - flow.heard > idle; flow = this.#living.oldest) {
      this.#end(flow, 'timeout', time)
    }
    for (
      let flow = this.#closed.oldest;
      flow !== null && time - flow.heard > REMEMBERED_MS;
      flow = this.#closed.oldest
    ) {
      this.#end(flow, 'timeout', time)
    }
    // Whatever is heard of from now on ends later than this.
    const living = (this.#living.oldest?.heard ?? time) + idle
    const closed = (this.#closed.oldest?.heard ?? time) + REMEMBERED_MS
    this.#expiry = Math.min(living, closed, time + REMEMBERED_MS)
  }
}

/** As large as a packet of a capture may be (`CaptureReaderOptions.maxPacket`): a larger one is its reader's to refuse. */
const LONGEST = 262_144

function expressFor(shortcut: Shortcut, history: number): Express {
  return new Express(history, LONGEST, shortcut.tells ? shortcut.message.bind(shortcut) : null)
}
