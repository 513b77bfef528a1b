import { randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { systemCode } from '../base/error.ts'
import { targetOf, unwritable } from './learn-outputs.ts'
import { LineSink } from './line-sink.ts'

/** Where the lines of a table go while captures are read. */
export interface TableOut {
  write(line: string): void
  /** Writes what was gathered. Error: `file_unusable`. */
  flush(): Promise<void>
  /** The table is whole. Error: `file_unusable`. */
  end(): Promise<void>
  /** The table will never be whole: says what is left of it. */
  drop(): Promise<string>
}

/**
 * Opens an output. A file is written beside itself and takes its place at the end, so that whatever fails, the former one stays. Standard output (`-`) and what is no file (a
 * pipe, a device) get their lines as they come. Error: `file_unusable`.
 */
export function tableOut(out: string): TableOut {
  if (out === '-') return new Streamed()
  return withPlace(out, () => {
    const there = statSync(out, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) return new Filed(out, openSync(out, 'w'), null)
    // A link stays one, also where it leads to a file that is not there yet.
    const target = targetOf(out, there)
    // A drawn name: one that was left behind by a process that was killed stands in nobody's way.
    const beside = `${target}.${randomBytes(8).toString('hex')}.tmp`
    // Nobody else reads what is written before the mode is right.
    const descriptor = there === undefined ? openSync(beside, 'wx') : openSync(beside, 'wx', 0o600)
    if (there !== undefined) fchmodSync(descriptor, there.mode & MODE_BITS)
    return new Filed(out, descriptor, { beside, target })
  })
}

/** Those who may read and write a file. */
const MODE_BITS = 0o7777
/** Characters that are gathered before they are written. */
const PIECE = 65_536

function withPlace<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = systemCode(error)
    throw code === '' ? error : unwritable(file, code, error)
  }
}

class Filed implements TableOut {
  readonly #file: string
  readonly #descriptor: number
  readonly #replacing: { readonly beside: string; readonly target: string } | null
  #pending = ''
  #isOpen = true

  constructor(file: string, descriptor: number, replacing: { beside: string; target: string } | null) {
    this.#file = file
    this.#descriptor = descriptor
    this.#replacing = replacing
  }

  write(line: string): void {
    this.#pending += line
    if (this.#pending.length >= PIECE) this.#put()
  }

  async flush(): Promise<void> {
    this.#put()
  }

  async end(): Promise<void> {
    this.#put()
    withPlace(this.#file, () => {
      if (this.#replacing !== null) fsyncSync(this.#descriptor)
      this.#close()
      if (this.#replacing !== null) renameSync(this.#replacing.beside, this.#replacing.target)
    })
  }

  async drop(): Promise<string> {
    this.#close()
    if (this.#replacing === null) return `${this.#file} has a part of the table`
    rmSync(this.#replacing.beside, { force: true })
    return `${this.#file} was not written`
  }

  #put(): void {
    const text = this.#pending
    this.#pending = ''
    withPlace(this.#file, () => writeFileSync(this.#descriptor, text))
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.#descriptor)
    this.#isOpen = false
  }
}

/** Standard output, no faster than it is taken. */
class Streamed extends LineSink implements TableOut {
  constructor() {
    super(process.stdout)
  }

  async drop(): Promise<string> {
    await this.flush().catch(() => {})
    return 'standard output has a part of the table'
  }
}
