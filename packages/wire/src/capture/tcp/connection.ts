import type { Closing, Endpoint, Flow, FlowAnomaly, FlowEvents } from '../flow.ts'
import { addressText } from '../net/address.ts'
import type { Datagram } from '../net/datagram.ts'
import { Flag, type Segment } from '../net/segment.ts'
import { clientOf } from './roles.ts'
import { judgeRst } from './rst.ts'
import { type Shared, Stream, type StreamEvents } from './stream.ts'
import { judgeSyn } from './syn.ts'

const NOWHERE: Endpoint = { address: '', port: 0 }

/** What all connections share. */
export interface Surroundings extends Shared {
  readonly events: FlowEvents
  readonly ports: ReadonlySet<number>
  /** How many flows were opened. */
  opened: number
}

/** A flow as it is kept. Its ends are `a`, who sent the first packet, and `b`; which one is the client is known once it is opened. */
export class Connection implements Flow, StreamEvents {
  /** 0 until it is opened. */
  id: number
  client: Endpoint
  server: Endpoint
  midstream: boolean
  readonly began: number
  state: unknown

  /** The key: both addresses one after the other, and the ports; and its hash. */
  readonly version: 4 | 6
  readonly addresses: Uint8Array
  readonly portA: number
  readonly portB: number
  readonly hash: number
  /** The next one in the same place of the table. */
  chain: Connection | null
  /** Neighbors in the order in which flows were last heard of, and when that was. */
  older: Connection | null
  newer: Connection | null
  heard: number
  /** The number of the packet with which it was heard, by which the neighbors are in order. */
  heardNumber: number
  /** Its place on the express way; 0 where it has none. */
  slot: number

  readonly a: Stream
  readonly b: Stream
  closed: Closing | null
  resetBy: Stream | null
  /** A SYN that a living connection did not take: its sequence number. */
  pendingSyn: number | null
  readonly #around: Surroundings
  #up: Stream
  #told: Set<FlowAnomaly> | null

  constructor(datagram: Datagram, segment: Segment, hash: number, time: number, around: Surroundings) {
    const { version, bytes, source, destination } = datagram
    const size = version === 4 ? 4 : 16
    this.id = 0
    this.client = NOWHERE
    this.server = NOWHERE
    this.midstream = true
    this.began = time
    this.state = undefined
    this.version = version
    this.addresses = new Uint8Array(2 * size)
    this.addresses.set(bytes.subarray(source, source + size))
    this.addresses.set(bytes.subarray(destination, destination + size), size)
    this.portA = segment.sourcePort
    this.portB = segment.destinationPort
    this.hash = hash
    this.chain = null
    this.older = null
    this.newer = null
    this.heard = time
    this.heardNumber = 0
    this.slot = 0
    this.a = new Stream(this, around)
    this.b = new Stream(this, around)
    this.closed = null
    this.resetBy = null
    this.pendingSyn = null
    this.#around = around
    this.#up = this.a
    this.#told = null
  }

  get packetsUp(): number {
    return this.#up.packets
  }

  get packetsDown(): number {
    return this.otherThan(this.#up).packets
  }

  get bytesUp(): number {
    return this.#up.bytes
  }

  get bytesDown(): number {
    return this.otherThan(this.#up).bytes
  }

  /** Both ends stand in order and nothing but what goes on so is expected. */
  get plain(): boolean {
    return this.closed === null && this.id !== 0 && this.pendingSyn === null && this.a.plain && this.b.plain
  }

  otherThan(stream: Stream): Stream {
    return stream === this.a ? this.b : this.a
  }

  isClient(stream: Stream): boolean {
    return stream === this.#up
  }

  /** Whether an end that has reset the connection goes on as if it had not: it was not its own RST, and the other end has ignored it. */
  goesOn(stream: Stream, { sequence, length, flags }: Segment): boolean {
    return this.resetBy === stream && length > 0 && sequence === stream.next && (flags & (Flag.RST | Flag.SYN)) === 0
  }

  /** Takes a segment that `stream`'s end sent; `contradicts`: in fragments that contradict each other. */
  receive(stream: Stream, segment: Segment, contradicts: boolean, time: number): void {
    stream.packets++
    if (this.closed !== null) return
    const { flags } = segment
    if ((flags & Flag.SYN) !== 0 && !this.#synchronize(stream, segment, time)) return
    if (this.id === 0) this.#tryToOpen(stream, segment, (flags & (Flag.RST | Flag.FIN)) !== 0)
    if (contradicts && this.id !== 0) this.anomaly('fragment_overlap', time)
    if ((flags & Flag.RST) !== 0) this.#reset(stream, segment, time)
    else this.#proceed(stream, segment, time)
    this.heard = time
  }

  /** Ends the flow, once. */
  close(how: Closing, time: number): void {
    if (this.closed !== null) return
    if (this.id === 0) this.open(this.portA < this.portB ? this.b : this.a, true)
    this.a.end(time)
    this.b.end(time)
    this.closed = how
    this.#around.events.closed(this, how, time)
  }

  data(stream: Stream, bytes: Uint8Array, start: number, end: number, time: number): void {
    this.#around.events.data(this, stream === this.#up ? 'up' : 'down', bytes, start, end, time)
  }

  gap(stream: Stream, missing: number, time: number): void {
    this.#around.events.gap(this, stream === this.#up ? 'up' : 'down', missing, time)
  }

  anomaly(code: FlowAnomaly, time: number): void {
    this.#told ??= new Set()
    if (this.#told.has(code)) return
    this.#told.add(code)
    this.#around.events.anomaly(this, code, time)
  }

  /** False where the SYN is not the connection's. */
  #synchronize(stream: Stream, segment: Segment, time: number): boolean {
    const meaning = judgeSyn(this, stream, segment, time)
    const answers = (segment.flags & Flag.ACK) !== 0
    if (this.id === 0) this.open(answers ? this.otherThan(stream) : stream, false)
    if (meaning === 'odd') {
      if (!answers) this.pendingSyn = segment.sequence
      this.anomaly('syn_again', time)
      return false
    }
    if (meaning === 'begins' || !stream.synchronized) stream.synchronize(segment.sequence)
    if (answers) this.otherThan(stream).answer(segment.acknowledgement)
    return true
  }

  #proceed(stream: Stream, segment: Segment, time: number): void {
    const { flags, length } = segment
    const other = this.otherThan(stream)
    const syn = (flags & Flag.SYN) !== 0
    const sequence = syn ? (segment.sequence + 1) | 0 : segment.sequence
    if ((flags & Flag.ACK) !== 0) other.acknowledge(segment.acknowledgement)
    if (length > 0) {
      if ((flags & (Flag.ACK | Flag.SYN)) === 0) this.anomaly('data_without_ack', time)
      if ((flags & Flag.URG) !== 0) this.anomaly('urgent_data', time)
      stream.take(sequence, segment.bytes, segment.start, segment.end, length, time)
    }
    if ((flags & Flag.FIN) !== 0) {
      const fin = (sequence + length) | 0
      if (!stream.known) stream.begin(fin)
      stream.finish(fin)
    }
    const packets = stream.packets + other.packets
    stream.settle(time, packets, other.packets === 0)
    other.settle(time, packets, false)
    if (stream.complete && (other.complete || other.packets === 0)) this.close('fin', time)
    else if (stream.resetAt === stream.next) this.#endByReset(stream, time)
  }

  #reset(stream: Stream, segment: Segment, time: number): void {
    const meaning = judgeRst(stream, this.otherThan(stream), segment, this.midstream)
    if (meaning === 'outside') this.anomaly('reset_outside', time)
    else if (meaning === 'early') stream.resetAt = segment.sequence
    else if (meaning === 'ends') this.#endByReset(stream, time)
  }

  #endByReset(stream: Stream, time: number): void {
    this.resetBy = stream
    this.close('reset', time)
  }

  #tryToOpen(stream: Stream, segment: Segment, final: boolean): void {
    const role = clientOf(segment, this.#around.ports, final)
    if (role !== 'unknown') this.open(role === 'sender' ? stream : this.otherThan(stream), true)
  }

  /** Says who the client is; from now on the listener knows of it. */
  open(client: Stream, midstream: boolean): void {
    const { addresses, version } = this
    const a = { address: addressText(addresses, 0, version), port: this.portA }
    const b = { address: addressText(addresses, addresses.length / 2, version), port: this.portB }
    this.#up = client
    this.client = client === this.a ? a : b
    this.server = client === this.a ? b : a
    this.midstream = midstream
    this.id = ++this.#around.opened
    this.#around.events.opened(this)
  }
}
