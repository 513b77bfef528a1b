import { accessSync, constants } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'
import type { Store } from './drain.ts'
import type { RecorderNotice, RecorderOrder, RecorderStart } from './messages.ts'
import { recipientProblems } from './recipients.ts'
import { SharedRing } from './ring.ts'

/** Bytes of each worker's ring: a tenth of a second at ten times the traffic that a worker can judge. */
const RING = 8 * 1024 ** 2

/** Called once when recording ends by itself: a full disk, a folder that is gone. The gateway goes on. */
export type OnFailure = (error: RingwallError) => void

/** The recorder as the main thread has it: the thread that writes, and the rings that lead there. */
export class Recorder {
  readonly store: Store
  readonly #thread: Worker
  readonly #rings = new Map<number, SharedRing>()
  readonly #gone: Promise<void>
  #lost = 0
  #finished = false

  private constructor(store: Store, onFailure: OnFailure) {
    this.store = store
    const start: RecorderStart = { store }
    this.#thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: start })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gone = promise
    const fail = (why: string): void => {
      if (this.#finished) return
      this.#finished = true
      onFailure(unusable(store, why))
    }
    this.#thread.on('message', (notice: RecorderNotice) => {
      if (notice.kind === 'finished') this.#finished = true
      else fail(notice.code || notice.what)
    })
    this.#thread.on('error', error => fail(String(error)))
    this.#thread.on('exit', () => {
      fail('its thread ended')
      resolve()
    })
  }

  /** Errors: `recording_path` where the folder cannot be written, `recording_recipient` where a key is none of age's. */
  static start(store: Store, onFailure: OnFailure): Recorder {
    for (const { code, what, hint, place } of recipientProblems(store.recipients)) {
      throw new RingwallError(code, what, hint, place)
    }
    try {
      makeFolder(store.folder, 0o700)
      accessSync(store.folder, constants.W_OK)
    } catch (error) {
      throw unusable(store, systemCode(error), error)
    }
    return new Recorder(store, onFailure)
  }

  /** A ring for a worker, which is started anew where it died; what the former one held is still written. */
  ring(worker: number): SharedArrayBuffer {
    const ring = new SharedRing(RING)
    this.#lost += this.#rings.get(worker)?.lost ?? 0
    this.#rings.set(worker, ring)
    this.#order({ kind: 'ring', worker, ring: ring.buffer })
    return ring.buffer
  }

  /** Acts that found no room, since it began. */
  get lost(): number {
    return [...this.#rings.values()].reduce((sum, { lost }) => sum + lost, this.#lost)
  }

  /** Ends it, after the workers were told; what they wrote is on disk then. */
  async stop(): Promise<void> {
    this.#order({ kind: 'finish' })
    await this.#gone
  }

  #order(order: RecorderOrder): void {
    this.#thread.postMessage(order)
  }
}

function unusable({ folder }: Store, why: string, cause?: unknown): RingwallError {
  const what = `recordings cannot be written (${why}); acts go on, unrecorded`
  const hint = 'Make room or name another folder, then `ringwall record start`.'
  return new RingwallError('recording_path', what, hint, { file: folder, field: 'record.path' }, cause)
}
