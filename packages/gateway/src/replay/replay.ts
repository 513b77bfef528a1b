import { type CaptureFault, CaptureReader, Flows } from '@ringwall/wire/capture'
import type { Clockwork } from './outlet.ts'
import type { Reading } from './reading.ts'

/** What the whole of a capture was. Times in milliseconds since the Unix epoch, 0 where there were no packets. */
export interface Extent {
  readonly packets: number
  readonly began: number
  readonly ended: number
  readonly flows: number
  readonly conversations: number
  /** Flows that went on and made room for others: there were too many at once. */
  readonly evicted: number
  /** MQTT packets. */
  readonly messages: number
  /** Packets that were not read as far as TCP, by why; those that are simply none of TCP's are not among them. */
  readonly unread: readonly { readonly why: string; readonly count: number }[]
  /** Why the capture could be read no further; null where it was read to its end. */
  readonly fault: CaptureFault | null
}

/** One capture on its way from bytes to what is found in it. */
export class Replay {
  readonly #moment: Clockwork
  readonly #reading: Reading<unknown>
  readonly #reader = new CaptureReader()
  readonly #flows: Flows
  readonly #advance: (time: number) => void
  #began = 0

  /**
   * @param moment is moved on from packet to packet
   * @param ports of servers, for flows whose beginning was not captured
   * @param advance is told how time goes on
   */
  constructor(moment: Clockwork, reading: Reading<unknown>, ports: readonly number[], advance: (time: number) => void) {
    this.#moment = moment
    this.#reading = reading
    this.#flows = new Flows(reading, { ports })
    this.#advance = advance
  }

  /** Where the capture's bytes are best put. */
  get window(): Uint8Array | null {
    return this.#flows.window
  }

  /** Takes the capture's next bytes. False where no more can be read. */
  take(chunk: Uint8Array): boolean {
    const reader = this.#reader
    const moment = this.#moment
    for (const piece of this.#flows.pieces(chunk)) {
      reader.feed(piece)
      reader.passBy(this.#pass)
      while (reader.next()) {
        if (moment.packet++ === 0) this.#began = reader.time
        // The clocks of several interfaces may differ a little: time does not go back.
        if (reader.time > moment.time) moment.time = reader.time
        this.#flows.packet(reader)
        reader.passBy(this.#pass)
      }
    }
    if (moment.packet > 0) this.#advance(moment.time)
    return reader.fault === null
  }

  readonly #pass = (...plain: Parameters<Flows['pass']>): number => {
    const flows = this.#flows
    const next = flows.pass(...plain)
    this.#moment.packet = flows.packets
    this.#moment.time = flows.latest
    return next
  }

  /** No more comes. */
  end(): Extent {
    const fault = this.#reader.finish() ?? this.#foreign()
    this.#flows.flush()
    const { flows, conversations, packets: messages } = this.#reading
    const { packet: packets, time: ended } = this.#moment
    const { evicted } = this.#flows.counts
    return {
      packets,
      began: this.#began,
      ended,
      flows,
      conversations,
      evicted,
      messages,
      unread: this.#unread(),
      fault,
    }
  }

  #unread(): Extent['unread'] {
    const { linkUnknown, malformed, fragmentsLost } = this.#flows.counts
    return [
      { why: 'its link layer is not read here', count: linkUnknown },
      { why: 'its headers are malformed or cut off', count: malformed },
      { why: 'other fragments of its datagram are missing', count: fragmentsLost },
    ].filter(({ count }) => count > 0)
  }

  /** A capture of which no packet has a link layer that is known was not judged at all. */
  #foreign(): CaptureFault | null {
    const { packets, linkUnknown } = this.#flows.counts
    if (packets === 0 || linkUnknown < packets) return null
    const why = `all packets are of link type ${this.#reader.linkType}, which is not read here`
    return { code: 'capture_link', why, offset: 0 }
  }
}
