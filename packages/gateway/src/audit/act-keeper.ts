import { randomUUID } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCode } from '../base/error.ts'
import { ActBatch, type Finished } from './act-batch.ts'
import { sideFileName, trimSideFiles } from './act-files.ts'
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
  #trimmed = 0

  constructor(kept: ActsKept, committer: Committer) {
    this.#kept = kept
    this.#committer = committer
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
    if (wall - this.#trimmed > TRIM) {
      this.#trimmed = wall
      trimSideFiles(this.#kept, wall)
    }
    return this.#done.splice(0)
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
    const name = sideFileName(finished.from, this.#number++)
    const missed = this.#missed
    this.#missed = 0
    this.#writing = this.#write(name, finished, missed).then(event => {
      this.#done.push(event)
      this.#writing = null
      return event
    })
  }

  async #write(name: string, finished: Finished, missed: number): Promise<AuditEvent> {
    const { root, nonce, count, group, from, until, bytes } = finished
    let failed = ''
    try {
      await writeWhole(join(this.#kept.folder, name), bytes)
    } catch (error) {
      failed = systemCode(error) || String(error)
    }
    const where = failed === '' ? { file: name } : { failed }
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
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
