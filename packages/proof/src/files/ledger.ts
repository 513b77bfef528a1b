import { setImmediate } from 'node:timers/promises'
import { ProofError } from '../error.ts'
import type { Signer, Verifier } from '../note/index.ts'
import { entriesLength } from '../tiles/index.ts'
import type { WitnessPlace } from '../witness/index.ts'
import { blockingDisk } from './blocking-disk.ts'
import { Cosigner } from './cosigner.ts'
import { type Disk, disk, unwritable } from './disk.ts'
import type { HashTile } from './hash-tile.ts'
import { Inbox } from './inbox.ts'
import { takeLock } from './lock.ts'
import { recover } from './recover.ts'
import { Store } from './store.ts'
import { sweep } from './sweep.ts'

export interface LedgerOptions {
  /** Names the log, on the first line of its checkpoints. */
  readonly origin: string
  readonly signer: Signer
  /** The signer's public key: a ledger that another wrote is not gone on with. */
  readonly verifier: Verifier
  readonly disk?: Disk
  /** The thread waits for the disk itself: half the time and CPU of an append, for a thread that has nothing else to do. Default: no. */
  readonly blocking?: boolean
  /** What `@ringwall/native` has to bring: hashing in a third of the time, and writing of tiles. */
  readonly addon?: LedgerAddon
  /** The most entries that wait. Default: 65,536. */
  readonly most?: number
  /** Milliseconds from an acknowledgement until its tiles are written. Default: 500, so that a checkpoint file is a second old at most. */
  readonly publishAfter?: number
  /** Milliseconds from an acknowledgement until a signed note covers it at the latest. Default: 0, so that it does when the append resolves. */
  readonly signAfter?: number
  /** Takes the ledger over from a thread of this process that has died with it. Default: no. */
  readonly takesOwnLock?: boolean
  /** Asked for cosignatures of each checkpoint that is published, beside the appends. */
  readonly witnesses?: readonly WitnessPlace[]
  /** Told of a witness that gives none, once until it cosigns again or fails otherwise: see `askWitness` for its codes. It must not throw. */
  onUnwitnessed?(error: ProofError): void
}

/** By other means than Node's; null where they are not there. */
export interface LedgerAddon {
  readonly hashTile: HashTile | null
  readonly writeFiles: Disk['writeAll'] | null
}

/** Where entries came to lie, and the size of the ledger that first held them. */
export interface Appended {
  readonly first: number
  readonly size: number
}

/** What goes into one commit. */
interface Group {
  readonly inbox: Inbox
  readonly waiting: Waiting[]
  count: number
  isSigned: boolean
}

interface Waiting {
  readonly count: number
  resolve(appended: Appended): void
  reject(error: ProofError): void
}

const MOST_WAITING = 65_536
const PUBLISH_AFTER_MS = 500
/** So many entries are published at once without waiting for the time. */
const PUBLISH_ENTRIES = 8_192
/** The most entries of one commit, unless one append alone has more. */
const MOST_IN_COMMIT = 8_192
/** One is committed while another is filled. */
const MOST_INBOXES = 2
/** After so many milliseconds of commits, what else the thread has to do gets its turn. */
const TURN_MS = 1

/**
 * An append-only Merkle log on plain files (C2SP tlog-tiles). What is acknowledged stands durable in a journal, and soon after in
 * tiles, bundles and the checkpoint that names them. One writer a folder.
 */
export class Ledger {
  readonly folder: string
  readonly #options: LedgerOptions
  readonly #lock: { release(): void }
  readonly #store: Store
  readonly #cosigner: Cosigner
  #groups: Group[] = []
  #inboxes: Inbox[] = []
  #count = 0
  #running: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #signTimer: NodeJS.Timeout | null = null
  /** When a note is due. */
  #signAt = 0
  /** How long it is not tried again, where the last try has failed. */
  #signPause = 0
  #turnAt = performance.now() + TURN_MS
  #isDue: boolean
  #isSignDue = false
  #isClosed = false

  private constructor(
    folder: string,
    options: LedgerOptions,
    lock: { release(): void },
    store: Store,
    cosigner: Cosigner,
  ) {
    this.folder = folder
    this.#options = options
    this.#lock = lock
    this.#store = store
    this.#cosigner = cosigner
    this.#isDue = store.unpublished > 0
    if (this.#isDue) this.#running = this.#run()
  }

  /**
   * Opens a ledger, or begins one. Errors: `ledger_locked`; `ledger_origin`; `ledger_root` where its tiles do not have the root that was signed;
   * `checkpoint_missing` where there are entries without one; `journal_missing`, `journal_damaged`, `journal_mismatch`; those of reading checkpoints and tiles;
   * `ledger_full`, `ledger_unwritable`.
   */
  static async open(folder: string, options: LedgerOptions): Promise<Ledger> {
    const lock = takeLock(folder, options.takesOwnLock)
    try {
      const { origin, signer, verifier, witnesses = [], onUnwitnessed = () => {} } = options
      const hashTile = options.addon?.hashTile ?? undefined
      const found = await recover(folder, origin, verifier, hashTile)
      const cosigner = new Cosigner(folder, witnesses, onUnwitnessed)
      const on = {
        folder,
        origin,
        signer,
        disk: options.disk ?? diskFor(options),
        hashTile,
        onPublished: () => cosigner.wake(),
      }
      if (found !== null) await sweep(folder, found.edge.published, on.disk)
      const store = found === null ? await Store.begin(on) : await Store.resume(on, found)
      cosigner.start(note => store.cosign(note))
      return new Ledger(folder, options, lock, store, cosigner)
    } catch (error) {
      lock.release()
      throw unwritable(error, folder)
    }
  }

  get size(): number {
    return this.#store.size
  }

  /** The last signed checkpoint: of all that is acknowledged, or was `signAfter` ago. */
  get checkpoint(): string {
    return this.#store.note
  }

  /**
   * Appends entries, which lie one behind the other; resolves when they are durable. Those that wait at the same time share one commit. Errors:
   * `entry_too_long`, `ledger_busy`, `ledger_closed`; `ledger_full` and `ledger_unwritable`, after which the ledger tries again with the next.
   * @param isSigned whether a signed note is to cover them when it resolves, whatever `signAfter` is
   */
  append(entries: readonly Uint8Array[], isSigned = false): Promise<Appended> {
    if (this.#isClosed) return refused('ledger_closed', 'the ledger is closed')
    const { length: count } = entries
    if (this.#count + count > (this.#options.most ?? MOST_WAITING))
      return refused('ledger_busy', `${this.#count} entries wait for the disk already`)
    let bytes: number
    try {
      bytes = entriesLength(entries)
    } catch (error) {
      return Promise.reject(error)
    }
    const group = this.#groupFor(count)
    group.inbox.add(entries, bytes)
    this.#count += count
    group.count += count
    group.isSigned ||= isSigned
    const { promise, resolve, reject } = Promise.withResolvers<Appended>()
    group.waiting.push({ count, resolve, reject })
    this.#running ??= this.#run()
    return promise
  }

  /** The last that waits, or a new one where that has as many entries as a commit may. */
  #groupFor(count: number): Group {
    const last = this.#groups.at(-1)
    if (last !== undefined && (last.count === 0 || last.count + count <= MOST_IN_COMMIT)) return last
    const group = { inbox: this.#inboxes.pop() ?? new Inbox(), waiting: [], count: 0, isSigned: false }
    this.#groups.push(group)
    return group
  }

  /** Ends when all that waits is durable or refused, and published. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#running
    for (const timer of [this.#timer, this.#signTimer]) if (timer !== null) clearTimeout(timer)
    try {
      await this.#store.close()
      await this.#cosigner.stop()
    } finally {
      this.#lock.release()
    }
  }

  async #run(): Promise<void> {
    // What is appended in the same turn of the event loop goes along.
    await null
    while (this.#groups.length > 0 || this.#isDue || this.#isSignDue) {
      if (performance.now() >= this.#turnAt) {
        await setImmediate()
        this.#turnAt = performance.now() + TURN_MS
      }
      const group = this.#groups.shift()
      if (group !== undefined) await this.#commit(group)
      if (this.#isSignDue) await this.#sign()
      if (this.#isDue || this.#store.unpublished >= PUBLISH_ENTRIES) {
        this.#isDue = false
        await this.#store.step()
      }
      if (this.#store.isUnsigned) this.#signLater()
      if (this.#store.unpublished > 0) this.#publishLater()
    }
    this.#running = null
  }

  async #commit({ inbox, waiting, count: all, isSigned: isAsked }: Group): Promise<void> {
    try {
      const isSigned = isAsked || performance.now() >= this.#signAt
      let first = await this.#store.commit(inbox.bytes, isSigned)
      if (isSigned) this.#signAt = performance.now() + (this.#options.signAfter ?? 0)
      for (const { count, resolve } of waiting) {
        resolve({ first, size: this.size })
        first += count
      }
    } catch (error) {
      const why = unwritable(error, this.folder)
      for (const { reject } of waiting) reject(why)
    }
    this.#count -= all
    inbox.clear()
    if (this.#inboxes.length < MOST_INBOXES) this.#inboxes.push(inbox)
  }

  /** Where it fails, it is tried again after as long, and a commit that comes before is signed or refused. */
  async #sign(): Promise<void> {
    this.#isSignDue = false
    const after = this.#options.signAfter ?? 0
    try {
      await this.#store.sign()
      this.#signAt = performance.now() + after
      this.#signPause = 0
    } catch {
      this.#signPause = after
    }
  }

  #signLater(): void {
    this.#signTimer ??= setTimeout(
      () => {
        this.#signTimer = null
        this.#isSignDue = true
        this.#running ??= this.#run()
      },
      Math.max(this.#signPause, this.#signAt - performance.now()),
    )
    this.#signTimer.unref()
  }

  #publishLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#isDue = true
      this.#running ??= this.#run()
    }, this.#options.publishAfter ?? PUBLISH_AFTER_MS)
    // What is acknowledged is durable: nothing is lost where a process ends before.
    this.#timer.unref()
  }
}

function diskFor({ blocking = false, addon }: LedgerOptions): Disk {
  const own = blocking ? blockingDisk : disk
  const writeFiles = addon?.writeFiles ?? null
  return writeFiles === null ? own : { ...own, writeAll: writeFiles }
}

function refused(code: string, what: string): Promise<never> {
  return Promise.reject(new ProofError(code, what))
}
