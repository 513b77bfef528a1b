import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'
import { replaceFile, UNFINISHED } from './replace.ts'

/** A file that is none of ours any more, and what was wrong with it. It stands aside under `path`. */
export interface BrokenFile {
  readonly path: string
  readonly why: string
}

const BROKEN = '.broken'
/** Characters of a digest in hex. */
const DIGEST = 64

/**
 * Small texts by name, a file each, in one folder (0700, files 0600). A file begins with the SHA-256 of what follows, so that one
 * that was damaged is told from one that was written. Writing goes to a second file first, which takes the place of the former
 * once the disk has it: after a crash one of the two is there, whole. Names are device ids, which are safe in file names. Never
 * used on the straight way.
 */
export class FolderStore {
  readonly folder: string
  readonly #suffix: string

  /** @param kind what the files are called behind the dot */
  constructor(folder: string, kind: string) {
    this.folder = folder
    this.#suffix = `.${kind}`
  }

  /**
   * Reads everything. A file that is damaged, or that `read` refuses by throwing, is set aside as `NAME.broken`.
   * @param most so many files are read; more are left where they are
   */
  async load<T>(
    read: (name: string, text: string) => T,
    most: number,
  ): Promise<{ kept: Map<string, T>; broken: BrokenFile[] }> {
    const kept = new Map<string, T>()
    const broken: BrokenFile[] = []
    for (const file of await this.#files()) {
      const path = join(this.folder, file)
      if (file.endsWith(`${this.#suffix}${UNFINISHED}`)) await rm(path, { force: true })
      if (!file.endsWith(this.#suffix) || kept.size >= most) continue
      const name = file.slice(0, -this.#suffix.length)
      try {
        kept.set(name, read(name, verified(await readFile(path, 'utf8'))))
      } catch (error) {
        await rename(path, `${path}${BROKEN}`)
        broken.push({ path: `${path}${BROKEN}`, why: error instanceof Error ? error.message : String(error) })
      }
    }
    return { kept, broken }
  }

  /** Writes a text whole or not at all. Throws what the disk says. */
  async put(name: string, text: string): Promise<void> {
    makeFolder(this.folder, 0o700)
    await replaceFile(join(this.folder, `${name}${this.#suffix}`), `${digest(text)}\n${text}`)
  }

  async #files(): Promise<string[]> {
    try {
      return (await readdir(this.folder)).toSorted()
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    }
  }
}

function verified(text: string): string {
  const body = text.slice(DIGEST + 1)
  if (text[DIGEST] === '\n' && text.slice(0, DIGEST) === digest(body)) return body
  throw new Error('its digest does not hold: it was cut off or changed')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
