import { join } from 'node:path'
import type { Disk, DiskFile } from './disk.ts'
import {
  END_BYTES,
  encodeRecord,
  firstSum,
  inRecords,
  journalHead,
  journalName,
  RECORD_BYTES,
  Record,
} from './journal.ts'
import type { Empty } from './spare.ts'

const utf8 = new TextEncoder()
/** The most room that is made ahead, and for how many writes like the last at least: a sync of bytes that lie in a file already takes half the time. */
const MOST_AHEAD = 2 ** 18
const LEAST_AHEAD = 16
/** The most memory that is kept from one write to the next. */
const MOST_SCRATCH = 2 ** 21
const NONE = new Uint8Array(0)
const END = new Uint8Array(END_BYTES)

/** A journal that is written. What was not kept is cut off before anything else is written. */
export class JournalFile {
  readonly path: string
  readonly #file: DiskFile
  #memory = Buffer.alloc(0)
  #sum: number
  #end: number
  /** The last note that is kept, which stands at the end and is not synced; and one that is not kept yet. */
  #note: Uint8Array | null = null
  #written: Uint8Array | null = null
  /** Where the file ends: behind what is written there may be zeros. */
  #room: number
  /** The last write did not come to its end: the next one asks for no more room than it needs. */
  #isTight = false
  /** Beyond what is kept, until `keep` or `cut`. */
  #next: { readonly sum: number; readonly end: number }

  private constructor(path: string, file: DiskFile, head: Uint8Array, room: number) {
    this.path = path
    this.#file = file
    this.#sum = firstSum(head)
    this.#end = head.length
    this.#room = Math.max(head.length + END_BYTES, room)
    this.#next = { sum: this.#sum, end: this.#end }
  }

  /** Begins a journal, over an empty file where there is one; it is on the disk when this resolves. */
  static async create(
    folder: string,
    base: number,
    root: Uint8Array,
    disk: Disk,
    empty: Empty | null = null,
  ): Promise<JournalFile> {
    const path = join(folder, journalName(base))
    const head = journalHead(base, root)
    const begun = empty?.path ?? path
    const file = await disk.open(begun, empty !== null)
    try {
      await file.writeDurably(Buffer.concat([head, END]), 0)
      // Not before: nothing has a journal's name and not its head.
      if (empty !== null) await disk.rename(begun, path)
      await disk.syncFolder(folder)
      return new JournalFile(path, file, head, empty?.length ?? 0)
    } catch (error) {
      await file.close().catch(() => {})
      await disk.remove(begun)
      await disk.remove(path)
      throw error
    }
  }

  /** Writes a bundle of entries behind what is kept; they and all before them are durable when this resolves. */
  async entries(bundle: Uint8Array): Promise<void> {
    // Only what is written now is synced, and a note that a power cut takes would take what stands behind it.
    const note = this.#note ?? NONE
    const start = this.#end - note.length
    const records = inRecords(bundle)
    const length = note.length + records.length * RECORD_BYTES + bundle.length
    const ahead = this.#ahead(start + length, length)
    const bytes = this.#scratch(length + ahead)
    bytes.set(note)
    bytes.fill(0, length)
    for (const each of records) this.#add(Record.entries, each, bytes, start)
    await this.#file.writeDurably(bytes, start)
  }

  /** Writes the note that signs what came before it. It is not synced: the entries are, and they can be signed again. */
  async note(text: string): Promise<void> {
    const note = utf8.encode(text)
    const record = Buffer.alloc(RECORD_BYTES + note.length + END_BYTES)
    const start = this.#next.end
    this.#add(Record.note, note, record, start)
    await this.#file.write(record, start)
    this.#written = record.subarray(0, -END_BYTES)
  }

  /** What was written since the last time stays. */
  keep(): void {
    this.#isTight = false
    this.#note = this.#written
    this.#written = null
    this.#sum = this.#next.sum
    this.#end = this.#next.end
  }

  /** Takes back what was written and is not kept. */
  async cut(): Promise<void> {
    this.#next = { sum: this.#sum, end: this.#end }
    this.#written = null
    this.#room = this.#end
    this.#isTight = true
    await this.#file.truncate(this.#end)
    // A power cut must not bring it back: that alone the file system need not hold on to.
    await this.#file.writeDurably(END, this.#end)
    this.#room = this.#end + END_BYTES
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** How many zeros follow what is written: its end, and where there is no room as many as stand in the file, so that one of few entries stays small. */
  #ahead(end: number, length: number): number {
    if (end + END_BYTES <= this.#room) return END_BYTES
    const ahead = Math.min(MOST_AHEAD, end)
    const zeros = this.#isTight || ahead < LEAST_AHEAD * length ? END_BYTES : Math.max(ahead, END_BYTES)
    this.#room = Math.max(this.#room, end + zeros)
    return zeros
  }

  /** The same memory each time, unless it is much: one write is under way at most. */
  #scratch(length: number): Buffer {
    if (length > MOST_SCRATCH) return Buffer.allocUnsafeSlow(length)
    if (this.#memory.length < length) this.#memory = Buffer.allocUnsafeSlow(length)
    return this.#memory.subarray(0, length)
  }

  /** @param start where in the file what is written begins */
  #add(kind: number, bytes: Uint8Array, into: Buffer, start: number): void {
    const { sum, end } = this.#next
    this.#next = {
      sum: encodeRecord(kind, bytes, sum, into, end - start),
      end: end + RECORD_BYTES + bytes.length,
    }
  }
}
