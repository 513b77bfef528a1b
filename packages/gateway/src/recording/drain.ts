import { join } from 'node:path'
import { framed, PREAMBLE } from './container.ts'
import { LaneSums } from './digest.ts'
import { segmentName } from './folder.ts'
import type { SegmentEnd, SessionHead } from './head.ts'
import { kept } from './keep.ts'
import { At, Kind, type Payloads } from './layout.ts'
import type { SharedRing } from './ring.ts'
import { SealedFile } from './sealed.ts'

/** Where segments go, and how much of them is kept. */
export interface Store {
  readonly folder: string
  /** Bytes of all segments together. */
  readonly size: number
  /** Milliseconds. */
  readonly keep: number
  readonly recipients: readonly string[]
  readonly payloads: Payloads
}

/** Bytes that are handed to a file at once. */
const BATCH = 256 * 1024

/** Takes the records out of one worker's ring and writes them into segments, one after the other. */
export class Drain {
  readonly worker: number
  /** The worker has said that it records no more, and its last segment is whole. */
  ended = false
  /** Nobody writes into the ring any more: its worker died. */
  isOrphan = false
  readonly #ring: SharedRing
  readonly #store: Store
  #file: SealedFile | null = null
  #sums = new LaneSums()
  #batch: Buffer[] = []
  #batched = 0

  constructor(worker: number, ring: SharedRing, store: Store) {
    this.worker = worker
    this.#ring = ring
    this.#store = store
  }

  /** The segment that is being written. */
  get path(): string | null {
    return this.#file?.path ?? null
  }

  /** Writes all that is in the ring by now. Errors: the system's. */
  async drain(): Promise<void> {
    for (let record = this.#ring.next(); record !== null; record = this.#ring.next()) {
      if (record[0] === Kind.segment) await this.#begin(record)
      if (record[0] === Kind.stop) {
        this.#ring.free()
        await this.close()
        this.ended = true
        return
      }
      this.#take(kept(record, this.#store.payloads))
      this.#ring.free()
      if (this.#batched >= BATCH) await this.#flush()
    }
    await this.#flush()
    if (!this.isOrphan) return
    await this.close()
    this.ended = true
  }

  /** Ends the segment that is being written: its digests, then the mark that it is whole. */
  async close(): Promise<void> {
    const file = this.#file
    if (file === null) return
    const end: SegmentEnd = { lanes: this.#sums.take() }
    const text = Buffer.from(JSON.stringify(end))
    const record = Buffer.alloc(5 + text.length)
    record[0] = Kind.end
    record.writeUInt32LE(text.length, 1)
    record.set(text, 5)
    this.#push(record)
    await this.#flush()
    this.#file = null
    await file.close()
  }

  async #begin(record: Buffer): Promise<void> {
    await this.close()
    const { folder, recipients } = this.#store
    const head = JSON.parse(record.toString('utf8', 5, 5 + record.readUInt32LE(1))) as { wall: number }
    const file = await SealedFile.create(join(folder, segmentName(this.worker, head.wall)), recipients)
    this.#file = file
    this.#sums = new LaneSums()
    this.#batch.push(PREAMBLE)
  }

  #take(record: Buffer): void {
    if (record[0] === Kind.session) {
      const head = JSON.parse(record.toString('utf8', 5, 5 + record.readUInt32LE(1))) as SessionHead
      this.#sums.open(head, record)
    } else if (record[0] === Kind.act) {
      const outcome = record.length - record.readUInt32LE(At.outcome)
      this.#sums.add(record.readUInt32LE(At.lane), record.subarray(0, outcome), record.subarray(outcome))
    }
    this.#push(record)
  }

  #push(record: Buffer): void {
    this.#batch.push(framed(record))
    this.#batched += record.length
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return
    const bytes = Buffer.concat(this.#batch)
    this.#batch = []
    this.#batched = 0
    await this.#file?.write(bytes)
  }
}
