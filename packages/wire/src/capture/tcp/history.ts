import { sameBytes } from '../../bytes/same.ts'

/** Where a stream's last record lies; the beginning of its chain. */
export const NO_RECORD = -1

// A chain is walked so far and no farther: a window of full-sized segments.
const MOST_STEPS = 64

/** Where a history is kept. */
export interface HistoryRoom {
  readonly bytes: Uint8Array
  /** Two numbers a record, one record for 64 bytes: its sequence number and length. */
  readonly records: Int32Array
  /** Two more: its position among all bytes ever written, and the stream's record before. */
  readonly positions: Float64Array
  /** Bytes and records ever written; the rings hold the last of them. */
  readonly totals: Float64Array
}

/** @param size bytes that are remembered, a multiple of 64; three eighths of it again go into records. */
export function historyRoom(size: number): HistoryRoom {
  const count = 2 * (size / 64)
  return {
    bytes: new Uint8Array(size),
    records: new Int32Array(count),
    positions: new Float64Array(count),
    totals: new Float64Array(2),
  }
}

/**
 * What was handed out lately, of all streams, so that a retransmission can be compared with what it repeats: a ring of bytes with a
 * ring of records over it. A record names its stream's record before. What the ring has lost is not compared.
 */
export class History {
  readonly #bytes: Uint8Array
  readonly #records: Int32Array
  readonly #positions: Float64Array
  readonly #totals: Float64Array

  constructor({ bytes, records, positions, totals }: HistoryRoom) {
    this.#bytes = bytes
    this.#records = records
    this.#positions = positions
    this.#totals = totals
  }

  /** Remembers bytes of a stream from a sequence number on. Answers the record, by which the stream's next one is chained. */
  add(before: number, sequence: number, bytes: Uint8Array, start: number, end: number): number {
    const size = this.#bytes.length
    const [written, count] = this.#totals
    // Of more than the ring holds the last part is remembered.
    const from = Math.max(start, end - size)
    const length = end - from
    const at = written % size
    const first = Math.min(length, size - at)
    this.#copy(at, bytes, from, from + first)
    if (first < length) this.#copy(0, bytes, from + first, end)
    const slot = (count % (this.#records.length / 2)) * 2
    this.#records[slot] = (sequence + from - start) | 0
    this.#records[slot + 1] = length
    this.#positions[slot] = written
    this.#positions[slot + 1] = before
    this.#totals[0] = written + length
    this.#totals[1] = count + 1
    return count
  }

  /** False where bytes of a stream from a sequence number on differ from what is remembered of it. */
  agrees(last: number, sequence: number, bytes: Uint8Array, start: number, end: number): boolean {
    const capacity = this.#records.length / 2
    const [written, count] = this.#totals
    let record = last
    for (let steps = 0; steps < MOST_STEPS && record >= 0 && record >= count - capacity; steps++) {
      const slot = (record % capacity) * 2
      const position = this.#positions[slot]
      if (position < written - this.#bytes.length) return true
      // Where the record begins, counted from the bytes' own beginning.
      const from = (this.#records[slot] - sequence) | 0
      const a = Math.max(0, from)
      const b = Math.min(end - start, from + this.#records[slot + 1])
      if (a < b && !this.#same(position + a - from, bytes, start + a, start + b)) return false
      if (from <= 0) return true
      record = this.#positions[slot + 1]
    }
    return true
  }

  #copy(at: number, bytes: Uint8Array, start: number, end: number): void {
    if (end - start >= 32) this.#bytes.set(bytes.subarray(start, end), at)
    else for (let i = start; i < end; i++) this.#bytes[at + i - start] = bytes[i]
  }

  #same(position: number, bytes: Uint8Array, start: number, end: number): boolean {
    const size = this.#bytes.length
    const at = position % size
    const first = Math.min(end - start, size - at)
    return (
      sameBytes(bytes, start, start + first, this.#bytes, at, at + first) &&
      sameBytes(bytes, start + first, end, this.#bytes, 0, end - start - first)
    )
  }
}
