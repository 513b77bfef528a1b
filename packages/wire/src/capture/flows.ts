import type { Closing, FlowEvents } from './flow.ts'
import { Decoder, type PacketCounts } from './net/decoder.ts'
import { Flag } from './net/segment.ts'
import type { CapturedPacket } from './packet.ts'
import { Connection, type Surroundings } from './tcp/connection.ts'
import { History } from './tcp/history.ts'
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
  readonly #around: Surroundings
  readonly #decoder: Decoder
  readonly #table: ConnectionTable
  readonly #living: Recency
  readonly #closed: Recency
  #evicted: number
  #time: number
  /** When the next flow can be overdue at the earliest. */
  #expiry: number

  constructor(events: FlowEvents, options: FlowsOptions = {}) {
    const limits = { ...FLOWS_LIMITS, ...options }
    this.#around = {
      limits,
      events,
      history: new History(limits.history),
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

  /** Flows that are kept, closed ones that are still remembered included. */
  get size(): number {
    return this.#table.size
  }

  /** Bytes held because others before them are missing, with what it costs to hold them. */
  get held(): number {
    return this.#around.total.held
  }

  /** Takes the next packet. The listener is called before it returns. */
  packet(packet: CapturedPacket): void {
    this.#time = packet.time
    this.#expire(packet.time)
    if (this.#decoder.decode(packet)) this.#receive(packet.time)
  }

  /** The capture is at its end, and so is every flow. */
  flush(): void {
    for (const list of [this.#living, this.#closed]) {
      for (let flow = list.oldest; flow !== null; flow = list.oldest) this.#end(flow, 'end', this.#time)
    }
  }

  #receive(time: number): void {
    const { datagram, segment } = this.#decoder
    const hash = this.#table.hash(datagram, segment)
    let flow = this.#table.find(hash, datagram, segment)
    let stream: Stream
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
    if (flow.closed === null) return this.#living.touch(flow)
    this.#living.remove(flow)
    this.#closed.add(flow)
  }

  /** Keeps a new flow; where there are too many another one makes room. */
  #begin(hash: number, time: number): Connection {
    if (this.#table.size >= this.#around.limits.maxFlows) {
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
    flow.close(how, time)
    list.remove(flow)
    this.#table.remove(flow)
  }

  #expire(time: number): void {
    if (time < this.#expiry) return
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
