import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCode } from '../base/error.ts'
import { ActBatch, type Finished } from './act-batch.ts'
import { DRAFT, excessOf, removeDrafts, sideFileName } from './act-files.ts'
import type { Committer } from './commitment.ts'
import type { AuditEvent } from './event.ts'

/** Where batches of allowed acts go, and how much of them is kept. */
export interface ActsKept {
  readonly folder: string
  /** Milliseconds. */
  readonly keep: number
  /** Bytes of all batches together. */
  readonly size: number
}

/** How often the folder is held against its bounds, in milliseconds. */
const TRIM = 60_000

/**
 * Gathers allowed acts and closes batches: the side file is on the disk before the entry that commits to it is handed on. One batch is written
 * while the next one gathers; what finds no room in that one is counted.
 */
export class ActKeeper {
  readonly #kept: ActsKept
  readonly #committer: Committer
  readonly #batch = new ActBatch()
  #number = 0
  #writing: Promise<AuditEvent> | null = null
  #done: AuditEvent[] = []
  #missed = 0
  #trimmed = Number.NEGATIVE_INFINITY
  #isTrimming = false
  readonly #size: number

  /** @param size entries of the ledger as the run begins: side files are named by it */
  constructor(kept: ActsKept, committer: Committer, size: number) {
    this.#kept = kept
    this.#committer = committer
    this.#size = size
    removeDrafts(kept.folder)
  }

  /** Where acts go now, null where there is no room. */
  current(): { batch: ActBatch; number: number } | null {
    if (this.#batch.isFull) this.#close()
    if (!this.#batch.isFull) return { batch: this.#batch, number: this.#number }
    this.#missed++
    return null
  }

  /** Whether the disk does not follow. */
  get isBehind(): boolean {
    return this.#writing !== null && this.#batch.isFull
  }

  /** @returns the entries of the batches that are on the disk by now */
  tick(wall: number): AuditEvent[] {
    if (this.#batch.isDue(wall)) this.#close()
    return this.#done.splice(0)
  }

  /**
   * Removes the oldest side files until the folder is within its bounds. What the disk does not do is tried again later.
   * @param tell resolves with whether the ledger says that they are gone: else they stay
   */
  async trim(wall: number, tell: (event: AuditEvent) => Promise<boolean>): Promise<void> {
    if (this.#isTrimming || Math.abs(wall - this.#trimmed) < TRIM) return
    this.#trimmed = wall
    this.#isTrimming = true
    try {
      const excess = excessOf(this.#kept, wall)
      const last = excess.at(-1)
      if (last === undefined) return
      const bytes = excess.reduce((sum, each) => sum + each.bytes, 0)
      const message = `${excess.length} side files of allowed acts go: ledger.acts says how long they stay`
      const details = { until: last.name, count: excess.length, bytes }
      if (!(await tell({ kind: 'trimmed', time: wall, message, details }))) return
      for (const { name } of excess) await rm(join(this.#kept.folder, name), { force: true })
    } catch (error) {
      // What the disk does not do now the next trim tries again.
      if (systemCode(error) === '') throw error
    } finally {
      this.#isTrimming = false
    }
  }

  /** Ends the batch that gathers. @returns its entry, and those before it */
  async end(): Promise<AuditEvent[]> {
    await this.#writing
    if (this.#batch.count > 0) this.#close()
    await this.#writing
    return this.#done.splice(0)
  }

  #close(): void {
    if (this.#writing !== null) return
    const finished = this.#batch.finish(this.#committer)
    const name = sideFileName(this.#size, this.#number++)
    const missed = this.#missed
    this.#missed = 0
    this.#writing = this.#write(name, finished, missed).then(event => {
      this.#done.push(event)
      this.#writing = null
      return event
    })
  }

  async #write(name: string, finished: Finished, missed: number): Promise<AuditEvent> {
    const { root, nonce, count, group, from, until, bytes, digest } = finished
    let failed = ''
    try {
      await writeWhole(join(this.#kept.folder, name), bytes)
    } catch (error) {
      failed = systemCode(error) || String(error)
    }
    const where = failed === '' ? { file: name, digest: digest.toString('hex') } : { failed }
    return {
      kind: 'allowed',
      time: until,
      message: `${count} allowed acts${missed === 0 ? '' : `, and ${missed} that were only counted`}`,
      details: {
        ...where,
        root: root.toString('hex'),
        nonce: nonce.toString('hex'),
        count,
        group,
        missed,
        from,
        until,
      },
    }
  }
}

/** Either the whole file is there, or none. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}${DRAFT}`
  try {
    await using file = await open(draft, 'w', 0o600)
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await rename(draft, path)
  await using folder = await open(dirname(path), 'r')
  await folder.sync()
}
