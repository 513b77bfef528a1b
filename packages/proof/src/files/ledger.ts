import { dirname, join } from 'node:path'
import { ProofError } from '../error.ts'
import { sameHash } from '../merkle/index.ts'
import type { Signer, Verifier } from '../note/index.ts'
import { LONGEST_ENTRY } from '../tiles/index.ts'
import { type Disk, disk, unwritable } from './disk.ts'
import { Edge } from './edge.ts'
import { takeLock } from './lock.ts'
import { CHECKPOINT_FILE, readIfThere } from './read.ts'
import { type Checkpoint, noteText, openCheckpoint } from './signed.ts'
import { sweep } from './sweep.ts'

export interface LedgerOptions {
  /** Names the log, on the first line of its checkpoints. */
  readonly origin: string
  readonly signer: Signer
  /** The signer's public key: a ledger that another wrote is not gone on with. */
  readonly verifier: Verifier
  readonly disk?: Disk
  /** The most entries that wait. Default: 65,536. */
  readonly most?: number
}

/** Where entries came to lie, and the size of the ledger that first held them. */
export interface Appended {
  readonly first: number
  readonly size: number
}

interface Waiting {
  readonly entries: readonly Uint8Array[]
  resolve(appended: Appended): void
  reject(error: ProofError): void
}

const MOST_WAITING = 65_536

/**
 * An append-only Merkle log on plain files (C2SP tlog-tiles). The checkpoint is what counts: tiles and bundles reach the disk before it names
 * them, and what lies beyond it is overwritten. One writer a folder.
 */
export class Ledger {
  readonly folder: string
  readonly #options: LedgerOptions
  readonly #disk: Disk
  readonly #lock: { release(): void }
  #edge: Edge
  #note: string
  #waiting: Waiting[] = []
  #count = 0
  #running: Promise<void> | null = null
  #isClosed = false

  private constructor(folder: string, options: LedgerOptions, lock: { release(): void }, edge: Edge, note: string) {
    this.folder = folder
    this.#options = options
    this.#disk = options.disk ?? disk
    this.#lock = lock
    this.#edge = edge
    this.#note = note
  }

  /**
   * Opens a ledger, or begins one. Errors: `ledger_locked`; `ledger_origin`; `ledger_root` where its tiles do not have the root that was signed;
   * `checkpoint_missing` where there are tiles without one; those of reading checkpoints and tiles; `ledger_full`, `ledger_unwritable`.
   */
  static async open(folder: string, options: LedgerOptions): Promise<Ledger> {
    const lock = takeLock(folder)
    try {
      const bytes = readIfThere(join(folder, CHECKPOINT_FILE))
      if (bytes === null) return await Ledger.#begin(folder, options, lock)
      const note = new TextDecoder().decode(bytes)
      const { size, root } = await openCheckpoint(note, options.origin, [options.verifier])
      const edge = Edge.read(folder, size)
      if (!sameHash(edge.frontier.root, root))
        throw new ProofError('ledger_root', `the tiles of ${folder} do not have the root that its checkpoint signs`)
      await sweep(folder, size, options.disk ?? disk)
      return new Ledger(folder, options, lock, edge, note)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  static async #begin(folder: string, options: LedgerOptions, lock: { release(): void }): Promise<Ledger> {
    // A first commit writes its checkpoint before any tile: tiles alone are a ledger whose checkpoint somebody took away.
    if (readIfThere(join(folder, 'tile', '0', '000')) !== null)
      throw new ProofError(
        'checkpoint_missing',
        `${folder} holds tiles and no checkpoint: restore it, or take another folder`,
      )
    const ledger = new Ledger(folder, options, lock, Edge.read(folder, 0), '')
    try {
      await ledger.#publish(ledger.#edge)
      return ledger
    } catch (error) {
      throw unwritable(error, folder)
    }
  }

  get size(): number {
    return this.#edge.frontier.size
  }

  /** The signed checkpoint that is on the disk. */
  get checkpoint(): string {
    return this.#note
  }

  /**
   * Appends entries, which lie one behind the other; resolves when they are durable. Those that wait at the same time share one commit. Errors:
   * `entry_too_long`, `ledger_busy`, `ledger_closed`; `ledger_full` and `ledger_unwritable`, after which the ledger tries again with the next.
   */
  append(entries: readonly Uint8Array[]): Promise<Appended> {
    if (this.#isClosed) return refused('ledger_closed', 'the ledger is closed')
    const long = entries.find(({ length }) => length > LONGEST_ENTRY)
    if (long !== undefined) return refused('entry_too_long', `an entry has ${long.length} bytes, over ${LONGEST_ENTRY}`)
    if (this.#count + entries.length > (this.#options.most ?? MOST_WAITING))
      return refused('ledger_busy', `${this.#count} entries wait for the disk already`)
    this.#count += entries.length
    const { promise, resolve, reject } = Promise.withResolvers<Appended>()
    this.#waiting.push({ entries: entries.map(entry => Uint8Array.from(entry)), resolve, reject })
    this.#running ??= this.#run()
    return promise
  }

  /** Ends when all that waits is durable or refused. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#running
    this.#lock.release()
  }

  async #run(): Promise<void> {
    // What is appended in the same turn of the event loop goes along.
    await null
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#commit(group)
      } catch (error) {
        const why = unwritable(error, this.folder)
        await sweep(this.folder, this.size, this.#disk).catch(() => {})
        for (const { reject } of group) reject(why)
      }
      for (const { entries } of group) this.#count -= entries.length
    }
    this.#running = null
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const before = this.#edge
    const { edge, files } = before.with(group.flatMap(({ entries }) => entries))
    const folders = new Set(files.map(({ path }) => dirname(join(this.folder, path))))
    for (const folder of folders) await this.#disk.makeFolder(folder)
    await Promise.all(files.map(({ path, bytes }) => this.#disk.write(join(this.folder, path), bytes)))
    await Promise.all([...above(this.folder, folders)].map(folder => this.#disk.syncFolder(folder)))
    await this.#publish(edge)
    let first = before.frontier.size
    for (const { entries, resolve } of group) {
      resolve({ first, size: edge.frontier.size })
      first += entries.length
    }
    const stays = new Set(edge.partials())
    const gone = before.partials().filter(path => !stays.has(path))
    // What stays behind takes room and harms nothing.
    await Promise.allSettled(gone.map(path => this.#disk.remove(join(this.folder, path))))
  }

  /** Signs an edge and puts its checkpoint in the place of the last one, atomically. */
  async #publish(edge: Edge): Promise<void> {
    const { origin, signer } = this.#options
    const checkpoint: Checkpoint = { origin, size: edge.frontier.size, root: edge.frontier.root, extensions: [] }
    const note = await noteText(checkpoint, signer)
    const path = join(this.folder, CHECKPOINT_FILE)
    await this.#disk.write(`${path}.new`, new TextEncoder().encode(note))
    await this.#disk.rename(`${path}.new`, path)
    // From here on others may have seen it: even where the sync fails, no other tree of this size may ever be signed.
    this.#edge = edge
    this.#note = note
    await this.#disk.syncFolder(this.folder)
  }
}

/** Folders with those that they lie in, up to the ledger's: a new folder's name is durable when the one above is synced. */
function above(root: string, folders: ReadonlySet<string>): Set<string> {
  const all = new Set<string>()
  for (const folder of folders) for (let at = folder; at !== root; at = dirname(at)) all.add(at)
  return all
}

function refused(code: string, what: string): Promise<never> {
  return Promise.reject(new ProofError(code, what))
}
