import { randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { systemCode } from '../base/error.ts'
import { targetOf, unwritable } from './learn-outputs.ts'

/** Who may read a file: whoever the system's mask lets, or its owner alone (mode 0600). */
export type Access = 'shared' | 'secret'

const OWNER_ONLY = 0o600
/** Those who may read and write a file. */
const MODE_BITS = 0o7777

/**
 * A file that is written beside another and takes its place when it is whole, so that nobody ever reads half of one, and the former one stays whatever fails. What is no file (a pipe, a device) is written
 * to as it is. Errors: of the system.
 */
export class Replacing {
  readonly descriptor: number
  readonly #beside: string | null
  readonly #target: string
  readonly #mode: number | undefined
  #isOpen = true

  private constructor(descriptor: number, beside: string | null, target: string, mode: number | undefined) {
    this.descriptor = descriptor
    this.#beside = beside
    this.#target = target
    this.#mode = mode
  }

  static of(file: string, access: Access = 'shared'): Replacing {
    const there = statSync(file, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) return new Replacing(openSync(file, 'w'), null, file, undefined)
    // A link stays one, also where it leads to a file that is not there yet.
    const target = targetOf(file, there)
    const mode = access === 'secret' ? OWNER_ONLY : there === undefined ? undefined : there.mode & MODE_BITS
    // A drawn name: one that was left behind by a process that was killed stands in nobody's way.
    const beside = `${target}.${randomBytes(8).toString('hex')}.tmp`
    return new Replacing(openNew(beside, mode), beside, target, mode)
  }

  /** A new file, where there is none. Errors: of the system, `EEXIST` where there is one. */
  static create(file: string, access: Access): Replacing {
    const mode = access === 'secret' ? OWNER_ONLY : undefined
    return new Replacing(openNew(file, mode), file, file, mode)
  }

  /** Whether what was there before still is. */
  get keeps(): boolean {
    return this.#beside !== null
  }

  /** It is whole: on the disk, and in its place, when this returns. */
  commit(): void {
    if (this.#beside !== null) {
      if (this.#mode !== undefined) fchmodSync(this.descriptor, this.#mode)
      fsyncSync(this.descriptor)
    }
    this.#close()
    if (this.#beside !== null && this.#beside !== this.#target) renameSync(this.#beside, this.#target)
  }

  /** It will never be whole. */
  abort(): void {
    this.#close()
    if (this.#beside !== null) rmSync(this.#beside, { force: true })
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.descriptor)
    this.#isOpen = false
  }
}

/** Nobody else reads what is written before the mode is right. */
const openNew = (file: string, mode: number | undefined): number =>
  mode === undefined ? openSync(file, 'wx') : openSync(file, 'wx', OWNER_ONLY)

/** Does what may fail by the file. Error: `file_unusable`. */
export function inFile<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = systemCode(error)
    throw code === '' ? error : unwritable(file, code, error)
  }
}
