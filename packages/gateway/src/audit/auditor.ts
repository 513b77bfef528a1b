import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../base/clock.ts'
import { RingwallError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import type { Verdict } from '../contract/index.ts'
import { type Batch, RECORD } from '../evidence/batch.ts'
import type { SharedHold } from '../lanes/hold.ts'
import type { AuditEvent } from './event.ts'
import type { LedgerNotice, LedgerOrder, LedgerStart, Surplus } from './messages.ts'

/** What is under way to the thread: with more than this it is behind, and what comes is let go and counted. */
const MOST_BEHIND = 32
/** An order that is not on the disk within so many milliseconds is refused. */
const ORDERED_WITHIN = 4_000
/** How long the last entries may take, in milliseconds. */
const STOPPED_WITHIN = 10_000
/** A thread that died is started anew after so many milliseconds. */
const REVIVE = 1_000

type LedgerConfig = Exclude<Config['ledger'], 'off'>

/**
 * The ledger as the rest of the gateway sees it: everything is handed to a thread and nobody waits, but for orders, which wait for the
 * disk.
 */
export class Auditor {
  /** Happenings that were let go because the thread was behind. */
  dropped = 0
  /** Entries on the disk. */
  size = 0
  /** Why nothing can be written now, '' where it can. */
  failed = ''
  readonly #start: LedgerStart
  readonly #log: Log
  readonly #hold: SharedHold
  #thread: Worker | null = null
  #behind = 0
  #missing = 0
  #number = 0
  #isStopped = false
  /** Why a witness did not cosign last: told once. */
  readonly #orders = new Map<number, (failed: string | null) => void>()

  constructor(config: LedgerConfig, site: string, version: string, hold: SharedHold, log: Log) {
    const { path: folder, key, secret, overload, acts, witnesses, origin = `ringwall/${site}` } = config
    this.#start = {
      folder,
      key,
      secret,
      origin: { version, site, origin },
      overload,
      acts: acts === 'off' ? null : { folder: join(folder, 'acts'), ...acts },
      witnesses,
      isAgain: false,
      hold: hold.buffer,
    }
    this.#hold = hold
    this.#log = log
  }

  /** Opens the ledger. Errors: what is wrong with its folder or its keys. */
  async start(isAgain = false): Promise<void> {
    this.#behind = 0
    const workerData: LedgerStart = { ...this.#start, isAgain }
    const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData })
    this.#thread = thread
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let isOpen = false
    thread.on('message', (notice: LedgerNotice) => {
      if (notice.kind === 'open') {
        isOpen = true
        this.#opened(notice)
        resolve()
      } else if (notice.kind === 'refused') {
        this.#thread = null
        const { code, what, hint } = notice
        reject(new RingwallError(code, what, hint, { file: this.#start.folder, field: 'ledger' }))
      } else this.#hear(notice)
    })
    thread.on('error', error => {
      this.#log.error({ error }, "the ledger's thread died")
      // Whoever starts it hears of it; only a thread that had the ledger open is started anew by itself: two would take each other's lock.
      if (!isOpen) this.#thread = null
      reject(error)
    })
    thread.on('exit', () => this.#exited(thread))
    await promise
  }

  /** What a worker has recorded; the batch is given away. */
  evidence(worker: number, batch: Batch): void {
    if (batch.records.length === 0 && batch.names.length === 0) return
    if (this.#isCrowded()) {
      this.#miss(batch.records.length / RECORD)
      // Its names are told all the same: without them no later record could be read.
      return this.#tell({ kind: 'evidence', worker, batch: { ...batch, records: new Float64Array(0) } })
    }
    this.#tell({ kind: 'evidence', worker, batch }, [batch.records.buffer as ArrayBuffer])
  }

  verdicts(verdicts: readonly Verdict[], surplus: readonly Surplus[]): void {
    if (verdicts.length === 0 && surplus.length === 0) return
    if (this.#isCrowded()) return this.#miss(verdicts.length)
    this.#tell({ kind: 'verdicts', verdicts, surplus })
  }

  /** Something that nobody waits for. */
  event(event: AuditEvent): void {
    if (this.#isCrowded()) return this.#miss(1)
    this.#tell({ kind: 'event', event })
  }

  /** Something that does not count before it is on the disk. Errors: `audit_unwritable`. */
  async order(event: AuditEvent): Promise<void> {
    const id = this.#number++
    const { promise, resolve } = Promise.withResolvers<string | null>()
    this.#orders.set(id, resolve)
    const late = setTimeout(() => resolve(`it took more than ${ORDERED_WITHIN} ms`), ORDERED_WITHIN)
    if (this.#thread === null) resolve("the ledger's thread is not there")
    else this.#tell({ kind: 'order', id, event, until: systemClock.now() + ORDERED_WITHIN })
    const failed = await promise
    clearTimeout(late)
    this.#orders.delete(id)
    if (failed === null) return
    const { folder } = this.#start
    const hint = 'Make room, or let the gateway write there: ledger.path.'
    throw new RingwallError('audit_unwritable', `the ledger cannot be written (${failed})`, hint, {
      file: folder,
      field: 'ledger.path',
    })
  }

  died(worker: number): void {
    this.#tell({ kind: 'died', worker })
  }

  /** Resolves once the last entry is on the disk, or cannot be written. */
  async stop(): Promise<void> {
    const thread = this.#thread
    this.#isStopped = true
    if (thread === null) return
    const { promise, resolve } = Promise.withResolvers<void>()
    thread.on('exit', () => resolve())
    this.#tell({ kind: 'stop' })
    this.#thread = null
    const late = setTimeout(resolve, STOPPED_WITHIN)
    await promise
    clearTimeout(late)
    await thread.terminate()
  }

  #isCrowded(): boolean {
    const isCrowded = this.#behind >= MOST_BEHIND || this.#thread === null
    if (this.#start.overload === 'block') this.#hold.queue = this.#behind >= MOST_BEHIND / 2 || this.#thread === null
    return isCrowded
  }

  #miss(count: number): void {
    this.dropped += count
    this.#missing += count
  }

  #tell(order: LedgerOrder, transfer: ArrayBuffer[] = []): void {
    if (this.#thread === null) return
    if (order.kind !== 'stop' && order.kind !== 'order') this.#behind++
    this.#thread.postMessage(order, transfer)
  }

  #opened({ size, verifier, made }: LedgerNotice & { kind: 'open' }): void {
    this.size = size
    this.failed = ''
    // What the former thread had taken and not answered is over: nobody else would ever let devices be read again.
    this.#hold.queue = false
    for (const file of made) this.#log.warn({ file }, 'a key of the ledger was made: keep a copy of it')
    this.#log.info({ folder: this.#start.folder, entries: size, verifier }, 'ledger open')
  }

  #hear(notice: Exclude<LedgerNotice, { kind: 'open' | 'refused' }>): void {
    if (notice.kind === 'ordered') return this.#orders.get(notice.id)?.(notice.failed)
    if (notice.kind === 'failing') {
      if (this.failed === '') this.#log.error({ what: notice.what }, 'the ledger cannot be written')
      this.failed = notice.what
    } else if (notice.kind === 'unwitnessed') {
      const { code, what } = notice
      this.#log.warn({ code, what }, 'a witness has not cosigned the ledger')
    } else if (notice.kind === 'size') {
      this.size = notice.size
      if (this.failed !== '') this.#log.warn('the ledger is written again')
      this.failed = ''
    } else if (notice.kind === 'done') {
      this.#behind--
      if (this.#start.overload === 'block' && this.#behind < MOST_BEHIND / 4) this.#hold.queue = false
      if (this.#missing === 0 || this.#behind > MOST_BEHIND / 2) return
      this.#tell({ kind: 'missing', count: this.#missing })
      this.#missing = 0
    }
  }

  #exited(thread: Worker): void {
    for (const done of this.#orders.values()) done("the ledger's thread ended")
    if (this.#thread !== thread) return
    this.#thread = null
    this.failed = 'its thread died'
    const again = (): void => {
      if (this.#isStopped) return
      this.start(true).catch(error => {
        this.#log.error({ error: String(error) }, 'the ledger does not open')
        setTimeout(again, REVIVE).unref()
      })
    }
    setTimeout(again, REVIVE).unref()
  }
}
