import { join } from 'node:path'
import { ProofError } from '../error.ts'
import type { Signer } from '../note/index.ts'
import { type Disk, unwritable } from './disk.ts'
import { Edge } from './edge.ts'
import { type Growth, rootOf } from './growth.ts'
import type { HashTile } from './hash-tile.ts'
import { journalName } from './journal.ts'
import { JournalFile } from './journal-file.ts'
import { publish, replaceCheckpoint } from './publish.ts'
import { readIfThere } from './read.ts'
import type { Recovered } from './recover.ts'
import { noteText } from './signed.ts'
import { Spare } from './spare.ts'
import { journalsIn } from './walk.ts'

/** Entries that are kept in memory until they are published. More are not acknowledged before the disk follows. */
const MOST_UNPUBLISHED = 131_072

export interface StoreOptions {
  readonly folder: string
  readonly origin: string
  readonly signer: Signer
  readonly disk: Disk
  readonly hashTile?: HashTile | undefined
  onPublished(note: string): void
}

/**
 * A ledger on the disk. A commit is one sync: of the journal's end. Tiles, bundles and the checkpoint that names them are written in steps
 * beside the commits; a step ends with the journals that it made needless.
 */
export class Store {
  readonly #options: StoreOptions
  readonly #edge: Edge
  #journal: JournalFile
  #base: number
  #note: string
  /** The size that the note signs. */
  #signed: number
  #publishedNote: string
  /** Journals whose entries are not published, by name. */
  #old: string[]
  readonly #spare: Spare
  #isDirty = false
  #publishing: Promise<void> | null = null
  #failure: ProofError | null = null

  private constructor(options: StoreOptions, { edge, note: published }: Recovered, journal: JournalFile, note: string) {
    this.#options = options
    this.#edge = edge
    this.#journal = journal
    this.#base = edge.size
    this.#note = note
    this.#signed = edge.size
    this.#publishedNote = published
    this.#spare = new Spare(options.folder, options.disk)
    this.#old = journalsIn(options.folder)
      .filter(base => base !== edge.size)
      .map(journalName)
  }

  /** Goes on with what was recovered. */
  static async resume(options: StoreOptions, found: Recovered): Promise<Store> {
    const { folder, origin, signer, disk } = options
    const { size, root } = found.edge
    const journal = await JournalFile.create(folder, size, root, disk)
    const note =
      size === found.edge.published ? found.note : await noteText({ origin, size, root, extensions: [] }, signer)
    // The note of the last entries may have been lost by a power cut, which they were not.
    if (note !== found.note) await journal.note(note)
    journal.keep()
    return new Store(options, found, journal, note)
  }

  /** Begins a ledger: its checkpoint is there before any entry. Error: `checkpoint_missing`. */
  static async begin(options: StoreOptions): Promise<Store> {
    const { folder, origin, signer, disk } = options
    if (readIfThere(join(folder, 'tile', '0', '000')) !== null || journalsIn(folder).length > 0)
      throw new ProofError(
        'checkpoint_missing',
        `${folder} holds entries and no checkpoint: restore it, or take another`,
      )
    const edge = Edge.read(folder, 0, options.hashTile)
    const note = await noteText({ origin, size: 0, root: edge.root, extensions: [] }, signer)
    await replaceCheckpoint(folder, note, disk)
    return await Store.resume(options, { edge, note })
  }

  get size(): number {
    return this.#edge.size
  }

  /** The last signed note. */
  get note(): string {
    return this.#note
  }

  get unpublished(): number {
    return this.#edge.size - this.#edge.published
  }

  /** Whether entries that are acknowledged have no signed note yet. */
  get isUnsigned(): boolean {
    return this.#signed !== this.#edge.size
  }

  /** Makes a bundle of entries durable, and signs the tree that they make where `isSigned`; gives the index of the first. */
  async commit(bundle: Uint8Array, isSigned = true): Promise<number> {
    if (this.unpublished >= MOST_UNPUBLISHED) await this.#follow()
    const first = this.#edge.size
    await this.#whole(async () => {
      const written = this.#journal.entries(bundle)
      // While the disk works. Awaited behind what is written, which must have come to its end before it is cut off.
      const grown = this.#grown(bundle, isSigned)
      grown.catch(() => {})
      await written
      const { growth, note } = await grown
      if (note !== null) await this.#journal.note(note)
      this.#journal.keep()
      this.#edge.take(growth)
      if (note !== null) this.#isNow(note)
    })
    return first
  }

  async #grown(bundle: Uint8Array, isSigned: boolean): Promise<{ growth: Growth; note: string | null }> {
    const growth = this.#edge.grow(bundle)
    return { growth, note: isSigned ? await this.#noteOf(growth.size, rootOf(growth.roots)) : null }
  }

  /** Signs what is acknowledged and not signed. */
  async sign(): Promise<void> {
    if (!this.isUnsigned) return
    const note = await this.#noteOf(this.#edge.size, this.#edge.root)
    await this.#whole(async () => {
      await this.#journal.note(note)
      this.#journal.keep()
      this.#isNow(note)
    })
  }

  /** Begins to publish what is committed, beside what follows, if that is not under way. Never fails: the next step tries again. */
  async step(): Promise<void> {
    if (this.#publishing !== null || this.unpublished === 0) return
    // Taken before anything is waited for: a cosignature must not come between.
    const rotated = this.#rotate()
    this.#alone(
      rotated.then(() => this.#publish()),
      error => {
        this.#failure = unwritable(error, this.#options.folder)
      },
    )
    await rotated.catch(() => {})
  }

  /** Puts cosignatures on the published checkpoint, unless another was published meanwhile. */
  async cosign(note: string): Promise<boolean> {
    while (this.#publishing !== null) await this.#publishing
    if (!sameText(note, this.#publishedNote)) return false
    const replaced = replaceCheckpoint(this.#options.folder, note, this.#options.disk).then(() => {
      this.#publishedNote = note
    })
    this.#alone(replaced, () => {})
    await replaced
    return true
  }

  /** Lets nothing else write the checkpoint until this is done. */
  #alone(work: Promise<void>, onFailure: (error: unknown) => void): void {
    const publishing = work.catch(onFailure).then(() => {
      if (this.#publishing === publishing) this.#publishing = null
    })
    this.#publishing = publishing
  }

  /** Publishes all, and leaves no journal. What cannot be published is when the ledger is opened again. */
  async close(): Promise<void> {
    while (this.#publishing !== null) await this.#publishing
    await this.step()
    await this.#publishing
    await this.#journal.close()
    if (this.unpublished === 0) await this.#options.disk.remove(this.#journal.path).catch(() => {})
    await this.#spare.remove()
  }

  /** Writes to the journal; what does not come to its end is cut off, at once or else by the next that writes. */
  async #whole(write: () => Promise<void>): Promise<void> {
    if (this.#isDirty) await this.#journal.cut()
    this.#isDirty = true
    try {
      await write()
      this.#isDirty = false
    } catch (error) {
      await this.#journal.cut().then(
        () => {
          this.#isDirty = false
        },
        () => {},
      )
      throw error
    }
  }

  #noteOf(size: number, root: Uint8Array): Promise<string> {
    const { origin, signer } = this.#options
    return noteText({ origin, size, root, extensions: [] }, signer)
  }

  #isNow(note: string): void {
    this.#note = note
    this.#signed = this.#edge.size
  }

  /** Lets a disk that is behind catch up before more is acknowledged. */
  async #follow(): Promise<void> {
    await this.#publishing
    this.#failure = null
    await this.step()
    await this.#publishing
    if (this.#failure !== null) throw this.#failure
  }

  async #rotate(): Promise<void> {
    // What was refused must not be read as entries behind which the next one goes on.
    if (this.#isDirty) await this.#journal.cut()
    this.#isDirty = false
    await this.sign()
    const { size, root } = this.#edge
    if (size === this.#base) return
    const { folder, disk } = this.#options
    const next = await JournalFile.create(folder, size, root, disk, this.#spare.take())
    this.#old.push(journalName(this.#base))
    const before = this.#journal
    this.#journal = next
    this.#base = size
    await before.close()
  }

  async #publish(): Promise<void> {
    const { folder, disk, onPublished } = this.#options
    const note = this.#note
    const old = this.#old
    const step = this.#edge.step()
    await publish(folder, step, note, disk)
    this.#edge.settle(step)
    this.#publishedNote = note
    this.#old = this.#old.slice(old.length)
    for (const name of old) await this.#spare.keep(join(folder, name))
    onPublished(note)
  }
}

const textOf = (note: string): string => note.slice(0, note.lastIndexOf('\n\n'))
const sameText = (a: string, b: string): boolean => textOf(a) === textOf(b)
