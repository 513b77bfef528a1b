import { readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'
import { replaceFile } from './replace.ts'

/** What a file was found to hold. `broken` is where one that could not be read now lies. */
export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly body: unknown }
  | { readonly kind: 'broken'; readonly why: string; readonly aside: string }

/**
 * One JSON document in a file of its own (mode 0600), behind the name and version of its format. Each write goes to a second
 * file that then takes the place of the first, so that a crash leaves one whole document, the old or the new. Writes that come
 * while one is under way are joined: the last word counts. For the main thread only.
 */
export class DocumentFile {
  readonly path: string
  readonly #format: string
  readonly #version: number
  #next: (() => unknown) | null = null
  #writing: Promise<void> | null = null

  constructor(path: string, format: string, version: number) {
    this.path = path
    this.#format = format
    this.#version = version
  }

  /**
   * Reads the document. One that cannot be understood is set aside under another name, so that nothing is lost and the next
   * write does not cover it. Errors: `state_unreadable` where the file system refuses, or a later version wrote it.
   */
  async read(): Promise<Found> {
    let text: string
    try {
      text = await readFile(this.path, 'utf8')
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return { kind: 'none' }
      throw this.#unreadable(`it cannot be read (${systemCode(error)})`, 'Let the gateway read it.', error)
    }
    const { format, version, body } = headOf(text)
    if (format === this.#format && version === this.#version) return { kind: 'read', body }
    if (format === this.#format && version > this.#version) {
      const why = `version ${version} of ${format} was written by a newer Ringwall, this one reads ${this.#version}`
      throw this.#unreadable(why, 'Start the newer one, or move the file away.')
    }
    const aside = `${this.path}.broken`
    await rename(this.path, aside)
    return { kind: 'broken', why: `it is no ${format} of version ${this.#version}`, aside }
  }

  /**
   * Writes what `body` gives at the moment of writing. Resolves once that, or something later, is on the disk.
   * Errors: `state_unwritable`.
   */
  write(body: () => unknown): Promise<void> {
    this.#next = body
    // Whoever comes while a write is under way waits for the one after it.
    this.#writing = this.#writing === null ? this.#drain() : this.#writing.catch(ignore).then(() => this.#drain())
    return this.#writing
  }

  async #drain(): Promise<void> {
    const body = this.#next
    if (body === null) return
    this.#next = null
    const text = `${JSON.stringify({ format: this.#format, version: this.#version, body: body() })}\n`
    try {
      makeFolder(dirname(this.path), 0o700)
      await replaceFile(this.path, text)
    } catch (error) {
      const what = `${this.path} cannot be written (${systemCode(error)})`
      const hint = 'Name a file in a folder that the gateway may write. What was ordered counts until a restart.'
      throw new RingwallError('state_unwritable', what, hint, { file: this.path }, error)
    }
  }

  #unreadable(what: string, hint: string, cause?: unknown): RingwallError {
    return new RingwallError('state_unreadable', what, hint, { file: this.path }, cause)
  }
}

function headOf(text: string): { format: string; version: number; body: unknown } {
  const nothing = { format: '', version: 0, body: null }
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null) return nothing
    const { format, version, body } = read as Record<string, unknown>
    return typeof format === 'string' && typeof version === 'number' ? { format, version, body } : nothing
  } catch {
    return nothing
  }
}

function ignore(): void {}
