import type { FlowAnomaly } from '../flow.ts'
import { Held, type HeldTotal } from './held.ts'
import { type History, NO_RECORD } from './history.ts'
import type { FlowsLimits } from './options.ts'
import { Patience } from './patience.ts'

/** What all streams share. */
export interface Shared {
  readonly limits: FlowsLimits
  readonly history: History
  readonly total: HeldTotal
}

/** To whom a stream tells what it finds. */
export interface StreamEvents {
  data(stream: Stream, bytes: Uint8Array, start: number, end: number, time: number): void
  gap(stream: Stream, missing: number, time: number): void
  anomaly(code: FlowAnomaly, time: number): void
}

/** One direction of a flow: segments in, bytes in order out. Sequence numbers wrap around: they are signed 32-bit integers, compared by their difference. */
export class Stream {
  packets: number
  /** Bytes handed out. */
  bytes: number
  /** Whether it is known where the stream stands; `next` means nothing before. */
  known: boolean
  /** The sequence number of the next byte in order. */
  next: number
  /** The sender's SYN was seen, with the sequence number `syn`. */
  synchronized: boolean
  syn: number
  /** The sender's FIN was seen, with the sequence number `fin`. */
  finished: boolean
  fin: number
  /** Where a RST stands that came before bytes that it goes behind. */
  resetAt: number | null
  /** The highest number that the other end has acknowledged, once it has acknowledged anything. */
  acknowledges: boolean
  acknowledged: number
  /** Its last record in the history. */
  record: number

  readonly #events: StreamEvents
  readonly #history: History
  readonly #held: Held
  readonly #patience: Patience

  constructor(events: StreamEvents, { limits, history, total }: Shared) {
    this.packets = 0
    this.bytes = 0
    this.known = false
    this.next = 0
    this.synchronized = false
    this.syn = 0
    this.finished = false
    this.fin = 0
    this.resetAt = null
    this.acknowledges = false
    this.acknowledged = 0
    this.record = NO_RECORD
    this.#events = events
    this.#history = history
    this.#held = new Held(limits.maxHeldPerDirection, limits.maxHeld, total)
    this.#patience = new Patience()
  }

  /** All of it was handed out, up to the sender's FIN. */
  get complete(): boolean {
    return this.finished && this.next === this.fin
  }

  /** It stands in order: nothing waits, is missing or ends it. */
  get plain(): boolean {
    const ordered = this.known && this.acknowledges && !this.finished && this.resetAt === null
    return ordered && this.#held.empty && ((this.acknowledged - this.next) | 0) <= 0
  }

  /** Notes the sender's SYN. Where bytes were handed out already it came late, and changes nothing. */
  synchronize(sequence: number): void {
    this.synchronized = true
    this.syn = sequence
    if (this.bytes === 0) this.begin((sequence + 1) | 0)
  }

  /** The sender's SYN is answered. Of several ones the answered holds, and one that was not captured is known by its answer. */
  answer(next: number): void {
    if (this.bytes === 0 && !(this.known && this.next === next)) this.begin(next)
  }

  /** Says where the stream stands. */
  begin(next: number): void {
    this.#held.clear()
    this.known = true
    this.next = next
  }

  acknowledge(number: number): void {
    if (this.acknowledges && ((number - this.acknowledged) | 0) <= 0) return
    this.acknowledges = true
    this.acknowledged = number
  }

  /** Notes the sender's FIN; the first one counts. */
  finish(sequence: number): void {
    if (this.finished) return
    this.finished = true
    this.fin = sequence
  }

  /** Takes `length` bytes from a sequence number on, of which [start, end) were captured. */
  take(sequence: number, bytes: Uint8Array, start: number, end: number, length: number, time: number): void {
    if (!this.known) this.begin(sequence)
    if (this.finished && ((sequence + length - this.fin) | 0) > 0) {
      this.finished = false
      this.#events.anomaly('data_after_fin', time)
    }
    if (sequence === this.next && end - start === length && this.#held.empty) this.#give(bytes, start, end, time)
    else this.#merge(sequence, bytes, start, end, length, time)
  }

  /**
   * Goes on behind bytes that are known not to come any more: the other end has them, or it was not captured and they
   * are long overdue. `packets` counts those of the flow.
   */
  settle(time: number, packets: number, oneSided: boolean): void {
    const passed = this.known && this.acknowledges && ((this.acknowledged - this.next) | 0) > 0
    if (!passed && this.#held.empty) this.#patience.reset()
    else if (this.#patience.ends(time, packets, passed, oneSided) && !this.#held.empty) {
      this.#skipTo(this.#held.first, time)
      this.#patience.reset()
    }
  }

  /** No more comes: hands out what waits behind missing bytes, and tells of those that were acknowledged and never came. */
  end(time: number): void {
    while (!this.#held.empty) this.#skipTo(this.#held.first, time)
    if (!this.known || this.packets === 0) return
    const toFin = this.finished ? (this.fin - this.next) | 0 : 0
    // A FIN that was not captured counts as one byte in what is acknowledged.
    const toAcknowledged = this.acknowledges ? ((this.acknowledged - this.next) | 0) - 1 : 0
    const missing = Math.max(toFin, toAcknowledged)
    if (missing > 0) this.#skipTo((this.next + missing) | 0, time)
  }

  #merge(sequence: number, bytes: Uint8Array, start: number, end: number, length: number, time: number): void {
    let done = 0
    while (done < length) {
      const at = (sequence + done) | 0
      const from = Math.min(end, start + done)
      const left = length - done
      const ahead = (at - this.next) | 0
      if (ahead < 0) done += this.#compare(at, bytes, from, end, Math.min(left, -ahead), time)
      else if (ahead > 0) done += this.#hold(at, bytes, from, end, left, time)
      else done += this.#fill(bytes, from, end, left, time)
    }
  }

  /** Bytes that were handed out before. A keep-alive probe repeats the last one, or anything in its place (RFC 9293, section 3.8.4). */
  #compare(at: number, bytes: Uint8Array, from: number, end: number, count: number, time: number): number {
    const probe = count === 1 && at === ((this.next - 1) | 0) && (!this.acknowledges || this.acknowledged === this.next)
    const stop = Math.min(end, from + count)
    if (!probe && !this.#history.agrees(this.record, at, bytes, from, stop)) {
      this.#events.anomaly('overlap_differs', time)
    }
    return count
  }

  /** Bytes behind missing ones. Where there is no room for them the missing ones are given up. */
  #hold(at: number, bytes: Uint8Array, from: number, end: number, count: number, time: number): number {
    const held = this.#held.put(at, bytes, from, end, count)
    if (this.#held.differs) this.#events.anomaly('overlap_differs', time)
    if (held < count) {
      this.#events.anomaly('held_too_much', time)
      const rest = (at + held) | 0
      this.#skipTo(this.#held.empty || ((rest - this.#held.first) | 0) < 0 ? rest : this.#held.first, time)
    }
    return held
  }

  /** Bytes in order, up to those that came before them. */
  #fill(bytes: Uint8Array, from: number, end: number, count: number, time: number): number {
    const free = this.#held.empty ? count : Math.min(count, (this.#held.first - this.next) | 0)
    const stop = Math.min(end, from + free)
    if (from < stop) this.#give(bytes, from, stop, time)
    if (stop - from < free) this.#skipTo((this.next + free - (stop - from)) | 0, time)
    this.#drain(time)
    return free
  }

  #drain(time: number): void {
    while (!this.#held.empty && this.#held.first === this.next) {
      const { bytes, length } = this.#held.shift()
      if (bytes === null) this.#tellGap(length, time)
      else this.#give(bytes, 0, length, time)
    }
  }

  #skipTo(sequence: number, time: number): void {
    this.#tellGap((sequence - this.next) | 0, time)
    this.#drain(time)
  }

  #tellGap(missing: number, time: number): void {
    this.next = (this.next + missing) | 0
    this.#events.gap(this, missing, time)
  }

  #give(bytes: Uint8Array, start: number, end: number, time: number): void {
    this.record = this.#history.add(this.record, this.next, bytes, start, end)
    this.next = (this.next + end - start) | 0
    this.bytes += end - start
    this.#events.data(this, bytes, start, end, time)
  }
}
