import { join } from 'node:path'
import type { Disk } from './disk.ts'

export const SPARE_FILE = 'spare'
/** A longer journal is removed: it would hold more of the disk than the entries of a step are worth. */
const MOST_BYTES = 2 ** 25

/** A file that a journal may be written over. */
export interface Empty {
  readonly path: string
  readonly length: number
}

/**
 * A journal that became needless, for the next to be written over it: a commit to bytes that lie in a file already need not wait for the
 * file system's own journal, which the tiles that are written beside it keep busy; and no file is made and removed for each step. It is filled with zeros,
 * so that what a kill cuts short looks as in a new file. They are not synced, and a journal does not rely on them.
 */
export class Spare {
  readonly #path: string
  readonly #disk: Disk
  #length = 0

  constructor(folder: string, disk: Disk) {
    this.#path = join(folder, SPARE_FILE)
    this.#disk = disk
  }

  /** Takes a journal's file, or removes it where it is not needed. Never fails: what stays behind takes room and harms nothing. */
  async keep(journal: string): Promise<void> {
    try {
      if (this.#length > 0) await this.#disk.remove(journal)
      else {
        // A reader must not find zeros under a journal's name for long.
        await this.#disk.rename(journal, this.#path)
        this.#length = await this.#disk.clear(this.#path, MOST_BYTES)
        if (this.#length === 0) await this.#disk.remove(this.#path)
      }
    } catch {
      this.#length = 0
      await this.#disk.remove(this.#path).catch(() => {})
    }
  }

  /** What is there, which is then whoever's who took it. */
  take(): Empty | null {
    const length = this.#length
    this.#length = 0
    return length > 0 ? { path: this.#path, length } : null
  }

  async remove(): Promise<void> {
    if (this.take() !== null) await this.#disk.remove(this.#path).catch(() => {})
  }
}
