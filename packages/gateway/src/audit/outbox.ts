import type { AuditEvent } from './event.ts'

/** Where entries go: the ledger. */
export interface EntryLog {
  /** Resolves when they are on the disk. @param isSigned whether everybody is to see them then */
  append(entries: readonly Uint8Array[], isSigned?: boolean): Promise<{ readonly first: number; readonly size: number }>
  /** Entries that are in it, even where the append that brought them was refused. */
  readonly size: number
}

/** Entries that wait for the disk: 4,096 are some seconds of the worst minute, 4 MB. */
const MOST = 4_096
/** With fewer waiting again, the disk has caught up. */
const FEW = 256
/** Entries that are handed to the ledger at once. */
const BATCH = 512
/** After an append that failed the next one is tried in so many milliseconds. */
const AGAIN = 1_000

/** What somebody waits for has so much more room: it is not to fail because devices are loud. */
const MOST_ORDERS = 256

interface Waiting {
  readonly bytes: Uint8Array
  readonly done?: { resolve(): void; reject(error: unknown): void; isOver(): boolean }
}

/**
 * Entries on their way to the disk, in their order, one append at a time with all that has gathered. Bounded: what comes when it is full is for
 * the caller to count.
 */
export class Outbox {
  readonly #log: EntryLog
  readonly #overload: 'block' | 'degrade'
  readonly #onFailure: (error: unknown) => void
  #waiting: Waiting[] = []
  #appending: Promise<void> | null = null
  #notBefore = 0
  #isBehind = false
  #behindSince = 0
  #lost = 0
  #failed = ''
  #isFailing = false

  constructor(log: EntryLog, overload: 'block' | 'degrade', onFailure: (error: unknown) => void) {
    this.#log = log
    this.#overload = overload
    this.#onFailure = onFailure
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST
  }

  /** The disk does not follow. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  /** An entry that found no room. */
  lose(): void {
    this.#lost++
  }

  put(bytes: Uint8Array): void {
    this.#waiting.push({ bytes })
    this.#look()
    this.flush()
  }

  /** Errors: what the ledger says; the entry is not tried again then. @param isOver whether nobody waits any more: it is not written then */
  putAndWait(bytes: Uint8Array, isOver: () => boolean = () => false): Promise<void> {
    if (this.#waiting.length >= MOST + MOST_ORDERS) return Promise.reject(new Error('too much waits for the disk'))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ bytes, done: { resolve, reject, isOver } })
    this.#notBefore = 0
    this.flush()
    return promise
  }

  /** Hands what has gathered to the ledger, if nothing is on its way already. */
  flush(): void {
    if (this.#appending !== null || this.#waiting.length === 0 || performance.now() < this.#notBefore) return
    this.#appending = this.#append().finally(() => {
      this.#appending = null
      this.#look()
      this.flush()
    })
  }

  /** Resolves when nothing waits any more, or nothing can be written. */
  async drained(): Promise<void> {
    while (this.#appending !== null) await this.#appending
  }

  /** What is to be told once the disk has caught up, null where there is nothing. @param wall milliseconds since the Unix epoch */
  recovered(wall: number): AuditEvent | null {
    if (this.#isBehind || this.#behindSince === 0) return null
    const [lost, failed, since] = [this.#lost, this.#failed, this.#behindSince]
    this.#lost = 0
    this.#failed = ''
    this.#behindSince = 0
    const kind = this.#overload === 'block' ? 'held_up' : 'degraded'
    const what = kind === 'held_up' ? 'devices were not read' : `${lost} entries were only counted`
    const message = `the disk did not follow from ${new Date(since).toISOString()} on: ${what}`
    return { kind, time: wall, message, details: { since, until: wall, lost, failed } }
  }

  async #append(): Promise<void> {
    const batch = this.#taken()
    const before = this.#log.size
    try {
      const isAwaited = batch.some(({ done }) => done !== undefined)
      await this.#log.append(
        batch.map(({ bytes }) => bytes),
        isAwaited,
      )
      this.#isFailing = false
      for (const { done } of batch) done?.resolve()
    } catch (error) {
      // Where only the last step failed they are in the ledger all the same: once is enough.
      const isIn = this.#log.size >= before + batch.length
      for (const { done } of batch) done?.reject(error)
      const all = isIn ? this.#waiting : [...batch, ...this.#waiting]
      // What nobody waits for is tried again, in its order; whoever waits is told that it did not come to pass.
      for (const { done } of all) done?.reject(error)
      this.#waiting = all.filter(({ done }) => done === undefined)
      this.#notBefore = performance.now() + AGAIN
      this.#isFailing = true
      this.#failed = error instanceof Error ? error.message : String(error)
      this.#setBehind(true)
      this.#onFailure(error)
    }
  }

  /** What is handed to the ledger next, without that for which nobody waits any more. */
  #taken(): Waiting[] {
    const over = this.#waiting.filter(({ done }) => done?.isOver() === true)
    for (const { done } of over) done?.reject(new Error('it waited too long'))
    if (over.length > 0) this.#waiting = this.#waiting.filter(each => !over.includes(each))
    return this.#waiting.splice(0, BATCH)
  }

  #look(): void {
    if (this.#waiting.length >= MOST / 2) this.#setBehind(true)
    else if (this.#waiting.length <= FEW && !this.#isFailing) this.#setBehind(false)
  }

  #setBehind(isBehind: boolean): void {
    if (isBehind === this.#isBehind) return
    this.#isBehind = isBehind
    if (isBehind && this.#behindSince === 0) this.#behindSince = Date.now()
  }
}
