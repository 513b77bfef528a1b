import type { PlainRecords } from '../file/format.ts'
import type { Flow } from '../flow.ts'
import { LinkType } from '../packet.ts'
import type { Connection } from '../tcp/connection.ts'
import type { HistoryRoom } from '../tcp/history.ts'
import type { Stream } from '../tcp/stream.ts'
import {
  End,
  Head,
  SLOT_BYTES,
  SLOT_COUNT,
  SLOTS,
  Slot,
  SlotFlag,
  TELLING_BYTES,
  TELLINGS,
  TOUCHES,
  WINDOW,
  WINDOW_BYTES,
} from './layout.ts'
import { ExpressMemory } from './memory.ts'
import { Ready, type ReadyFor } from './ready.ts'

/** Whether records of classic captures are read, or those of pcapng. */
const FORMATS = { pcap: 1, pcapng: 2 } as const
const NO_TYPE = -1
/** The length of link headers, and where in them the type of what follows stands. */
const LINKS: Readonly<Record<number, readonly [header: number, typeAt: number]>> = {
  [LinkType.ETHERNET]: [14, 12],
  [LinkType.LINUX_SLL]: [16, 14],
  [LinkType.LINUX_SLL2]: [20, 0],
  [LinkType.RAW]: [0, NO_TYPE],
  [LinkType.RAW_BSD]: [0, NO_TYPE],
  [LinkType.RAW_OPENBSD]: [0, NO_TYPE],
  [LinkType.IPV4]: [0, NO_TYPE],
  [LinkType.IPV6]: [0, NO_TYPE],
}

/** To whom a message is told that was read from its record to its MQTT packet in one step. */
export type Telling = (
  flow: Flow,
  up: boolean,
  bytes: Uint8Array,
  start: number,
  body: number,
  end: number,
  time: number,
  latest: number,
  packet: number,
) => void

/**
 * The quick way through the plain part of a capture: records of segments in order, of flows that were handed over, that hold
 * whole QoS 0 PUBLISHes and pings, read in one WebAssembly step. Whatever is unusual it leaves to `Flows`; what it passes over comes to
 * the same as if `Flows` had read it. Memory: some 7 MB, for up to 32,767 flows at once; others are read without it.
 */
export class Express {
  readonly #memory: ExpressMemory
  readonly #tell: Telling | null
  /** By slot. */
  readonly #flows: (Connection | null)[] = [null]
  readonly #free: number[] = []
  #plain: PlainRecords | null = null
  #reads = false
  #passed = 0

  /**
   * @param history bytes of history, a power of two
   * @param longest bytes of the longest packet of a capture
   * @param tell is told each message; null where only their number is of interest
   */
  constructor(history: number, longest: number, tell: Telling | null) {
    this.#memory = new ExpressMemory(history)
    this.#tell = tell
    this.#setWord(Head.TELLS, tell === null ? 0 : 1)
    this.#setWord(Head.LONGEST, longest)
  }

  get history(): HistoryRoom {
    return this.#memory.history
  }

  /** Where a capture's bytes may be put, so that they need not be copied there. */
  get window(): Uint8Array {
    return this.#memory.window
  }

  /** The packets that the last run passed over, and the time of the last of them. */
  get passed(): number {
    return this.#passed
  }

  get last(): number {
    return this.#memory.floats[Head.LAST >> 3]
  }

  /** The highest time of all that it ever passed over. */
  get latest(): number {
    return this.#memory.floats[Head.TIME >> 3]
  }

  /** The same bytes where they are read: in pieces, each valid until the next. */
  *pieces(chunk: Uint8Array): Iterable<Uint8Array> {
    if (chunk.buffer === this.#memory.bytes.buffer) yield chunk
    else {
      for (let at = 0; at < chunk.length; at += WINDOW_BYTES) {
        const piece = chunk.subarray(at, at + WINDOW_BYTES)
        this.window.set(piece)
        yield this.window.subarray(0, piece.length)
      }
    }
  }

  /**
   * Passes over what it reads of [at, limit). Answers where the first record begins that it does not.
   * @param packets that were read so far
   * @param expiry when a flow can be overdue: no record of that time or later is passed over
   */
  run(chunk: Uint8Array, at: number, limit: number, plain: PlainRecords, packets: number, expiry: number): number {
    this.#passed = 0
    if (plain !== this.#plain) this.#take(plain)
    if (!this.#reads || this.#flows.length === this.#free.length + 1 || !this.#holds(chunk)) return at
    const { words, floats, exports } = this.#memory
    const base = chunk.byteOffset
    let from = at
    floats[Head.EXPIRY >> 3] = expiry
    for (;;) {
      floats[Head.NUMBER >> 3] = packets + this.#passed
      from = exports.run(base + from, base + limit) - base
      const count = words[Head.PASSED >> 2]
      if (count > 0) {
        this.#tellAll(packets + this.#passed)
        plain.passed(this.last)
        this.#passed += count
      }
      if (words[Head.FULL >> 2] === 0) return from
    }
  }

  /** Hands a flow over, as it stands now. It keeps its place until `drop`. */
  push(flow: Connection, ready: ReadyFor): void {
    if (flow.slot === 0 && !this.#begin(flow)) return
    const place = SLOTS + flow.slot * SLOT_BYTES
    const { words } = this.#memory
    const clientIsA = flow.isClient(flow.a)
    const [readsA, readsB] = clientIsA ? [Ready.UP, Ready.DOWN] : [Ready.DOWN, Ready.UP]
    let flags = words[(place + Slot.FLAGS) >> 2] & ~(SlotFlag.READS_A | SlotFlag.READS_B | SlotFlag.FIVE)
    if ((ready & readsA) !== 0) flags |= SlotFlag.READS_A
    if ((ready & readsB) !== 0) flags |= SlotFlag.READS_B
    if ((ready & Ready.FIVE) !== 0) flags |= SlotFlag.FIVE
    words[(place + Slot.FLAGS) >> 2] = clientIsA ? flags | SlotFlag.CLIENT_A : flags & ~SlotFlag.CLIENT_A
    this.#pushEnd(place + Slot.A, flow.a)
    this.#pushEnd(place + Slot.B, flow.b)
    this.#memory.floats[(place + Slot.HEARD) >> 3] = flow.heard
    this.#memory.floats[(place + Slot.HEARD_NUMBER) >> 3] = flow.heardNumber
  }

  /** Takes over how a flow stands now. Answers how many MQTT packets it said since. */
  pull(flow: Connection): number {
    const place = SLOTS + flow.slot * SLOT_BYTES
    const messages = this.#pullEnd(place + Slot.A, flow.a) + this.#pullEnd(place + Slot.B, flow.b)
    flow.heard = this.#memory.floats[(place + Slot.HEARD) >> 3]
    flow.heardNumber = this.#memory.floats[(place + Slot.HEARD_NUMBER) >> 3]
    return messages
  }

  /** Takes a flow back for good, which was pulled. */
  drop(flow: Connection): void {
    this.#memory.exports.unlink(flow.slot)
    this.#flows[flow.slot] = null
    this.#free.push(flow.slot)
    flow.slot = 0
  }

  /** The flows of which it passed over packets since it was last asked, in the order in which they were first heard. */
  touched(): Connection[] {
    const { words } = this.#memory
    const count = words[Head.TOUCHED >> 2]
    const flows: Connection[] = []
    for (let i = 0; i < count; i++) {
      const slot = words[(TOUCHES >> 2) + i]
      const flow = this.#flows[slot]
      words[(SLOTS + slot * SLOT_BYTES + Slot.FLAGS) >> 2] &= ~SlotFlag.TOUCHED
      if (flow !== null && flow !== undefined) flows.push(flow)
    }
    words[Head.TOUCHED >> 2] = 0
    return flows
  }

  #holds(chunk: Uint8Array): boolean {
    return chunk.buffer === this.#memory.bytes.buffer && chunk.byteOffset >= WINDOW
  }

  #take(plain: PlainRecords): void {
    const { words, floats } = this.#memory
    const link = LINKS[plain.linkType]
    this.#plain = plain
    this.#reads = link !== undefined
    if (link === undefined) return
    this.#setWord(Head.FORMAT, FORMATS[plain.format])
    this.#setWord(Head.LINK, link[0])
    words[Head.TYPE_AT >> 2] = link[1]
    floats[Head.DIVISOR >> 3] = plain.divisor
    floats[Head.FACTOR >> 3] = plain.factor
    floats[Head.OFFSET >> 3] = plain.offset
  }

  #begin(flow: Connection): boolean {
    const slot = this.#free.pop() ?? this.#flows.length
    if (slot === SLOT_COUNT) return false
    flow.slot = slot
    this.#flows[slot] = flow
    const { bytes, words } = this.#memory
    const place = SLOTS + slot * SLOT_BYTES
    const size = flow.addresses.length / 2
    bytes.set(flow.addresses.subarray(0, size), place + Slot.ADDRESS_A)
    bytes.set(flow.addresses.subarray(size), place + Slot.ADDRESS_B)
    const ports = [flow.portA >> 8, flow.portA & 255, flow.portB >> 8, flow.portB & 255]
    bytes.set(ports, place + Slot.PORTS)
    // A place that was another's may still be noted as touched.
    const touched = words[(place + Slot.FLAGS) >> 2] & SlotFlag.TOUCHED
    words[(place + Slot.FLAGS) >> 2] = touched | (flow.version === 6 ? SlotFlag.SIX : 0)
    this.#memory.exports.link(slot)
    return true
  }

  #pushEnd(place: number, stream: Stream): void {
    const { words, floats } = this.#memory
    words[(place + End.NEXT) >> 2] = stream.next
    words[(place + End.ACKNOWLEDGED) >> 2] = stream.acknowledged
    words[(place + End.PACKETS) >> 2] = 0
    words[(place + End.MESSAGES) >> 2] = 0
    floats[(place + End.BYTES) >> 3] = 0
    floats[(place + End.RECORD) >> 3] = stream.record
  }

  #pullEnd(place: number, stream: Stream): number {
    const { words, floats } = this.#memory
    const messages = words[(place + End.MESSAGES) >> 2] >>> 0
    stream.next = words[(place + End.NEXT) >> 2]
    stream.acknowledged = words[(place + End.ACKNOWLEDGED) >> 2]
    stream.packets += words[(place + End.PACKETS) >> 2] >>> 0
    stream.bytes += floats[(place + End.BYTES) >> 3]
    stream.record = floats[(place + End.RECORD) >> 3]
    // Asked again before anything was said, it has nothing to add.
    words[(place + End.PACKETS) >> 2] = 0
    words[(place + End.MESSAGES) >> 2] = 0
    floats[(place + End.BYTES) >> 3] = 0
    return messages
  }

  #tellAll(packets: number): void {
    const { words, floats, window } = this.#memory
    const tell = this.#tell
    if (tell === null) return
    const count = words[Head.TOLD >> 2]
    for (let i = 0; i < count; i++) {
      const at = (TELLINGS + i * TELLING_BYTES) >> 2
      const flow = this.#flows[words[at]]
      if (flow === null || flow === undefined) continue
      const start = words[at + 1] - WINDOW
      const number = packets + words[at + 5]
      tell(
        flow,
        words[at + 4] === 1,
        window,
        start,
        words[at + 2] - WINDOW,
        words[at + 3] - WINDOW,
        floats[(at >> 1) + 3],
        floats[(at >> 1) + 4],
        number,
      )
    }
  }

  #setWord(place: number, value: number): void {
    this.#memory.words[place >> 2] = value
  }
}
