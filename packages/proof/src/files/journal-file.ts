import { join } from 'node:path'
import type { Disk, DiskFile } from './disk.ts'
import { encodeRecord, firstDigest, inRecords, journalHead, journalName, Record } from './journal.ts'

const utf8 = new TextEncoder()
/** The most room that is made ahead, and for how many records like the last at least: a sync of bytes that lie in a file already takes half the time. */
const ZEROS = Buffer.alloc(2 ** 20)
const LEAST_AHEAD = 4

/** A journal that is written. What was not kept is cut off before anything else is written. */
export class JournalFile {
  readonly path: string
  readonly #file: DiskFile
  #digest: Uint8Array
  #end: number
  /** The last note that is kept, which stands at the end and is not synced; and one that is not kept yet. */
  #note: Uint8Array | null = null
  #written: Uint8Array | null = null
  /** Where the file ends: behind what is written there may be zeros. */
  #room: number
  /** Beyond what is kept, until `keep` or `cut`. */
  #next: { readonly digest: Uint8Array; readonly end: number }

  private constructor(path: string, file: DiskFile, head: Uint8Array) {
    this.path = path
    this.#file = file
    this.#digest = firstDigest(head)
    this.#end = head.length
    this.#room = head.length
    this.#next = { digest: this.#digest, end: this.#end }
  }

  /** Begins a journal; it is on the disk when this resolves. */
  static async create(folder: string, base: number, root: Uint8Array, disk: Disk): Promise<JournalFile> {
    const path = join(folder, journalName(base))
    const head = journalHead(base, root)
    const file = await disk.open(path)
    try {
      await file.writeDurably(head, 0)
      await disk.syncFolder(folder)
      return new JournalFile(path, file, head)
    } catch (error) {
      await file.close()
      await disk.remove(path)
      throw error
    }
  }

  /** Writes bundles of entries behind what is kept; they and all before them are durable when this resolves. */
  async entries(bundles: readonly Uint8Array[]): Promise<void> {
    // Only what is written now is synced, and a note that a power cut takes would take what stands behind it.
    const records: Uint8Array[] = this.#note === null ? [] : [this.#note]
    for (const each of inRecords(bundles)) records.push(this.#add(Record.entries, each))
    const start = this.#end - (this.#note?.length ?? 0)
    records.push(this.#ahead(this.#next.end - start))
    await this.#file.writeDurably(Buffer.concat(records), start)
  }

  /** Writes the note that signs what came before it. It is not synced: the entries are, and they can be signed again. */
  async note(text: string): Promise<void> {
    const record = this.#add(Record.note, utf8.encode(text))
    await this.#file.write(record, this.#next.end - record.length)
    this.#written = record
  }

  /** What was written since the last time stays. */
  keep(): void {
    this.#note = this.#written
    this.#written = null
    this.#digest = this.#next.digest
    this.#end = this.#next.end
  }

  /** Takes back what was written and is not kept. */
  async cut(): Promise<void> {
    this.#next = { digest: this.#digest, end: this.#end }
    this.#written = null
    this.#room = this.#end
    await this.#file.truncate(this.#end)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** Zeros for what follows, where there is no room: as many as stand in the file, so that one of few entries stays small. */
  #ahead(length: number): Uint8Array {
    const { end } = this.#next
    if (end <= this.#room) return ZEROS.subarray(0, 0)
    const ahead = Math.min(ZEROS.length, end)
    this.#room = ahead < LEAST_AHEAD * length ? end : end + ahead
    return ZEROS.subarray(0, this.#room - end)
  }

  #add(kind: number, bytes: Uint8Array): Uint8Array {
    const { record, digest } = encodeRecord(kind, bytes, this.#next.digest)
    this.#next = { digest, end: this.#next.end + record.length }
    return record
  }
}
