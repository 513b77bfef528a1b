import { close as closeFile, constants, fstat, ftruncate, open as openFile, write as writeFile } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ProofError } from '../error.ts'

export const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700
/** What is written so is on the disk: one call to the system, where a sync would wait for a thread once more. */
const DURABLE = constants.O_DSYNC ?? constants.O_SYNC
/** How a file is opened that is written whole, and one of which pieces are written. */
export const WHOLE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | DURABLE
const SAME = constants.O_WRONLY | constants.O_CREAT | DURABLE
export const PIECES = constants.O_WRONLY | DURABLE
/** The plain interface: a handle's promises cost more than the write does. */
export const opened = promisify(openFile)
const closed = promisify(closeFile)
const truncated = promisify(ftruncate)
const stated = promisify(fstat)

/** A file that is written piece by piece. */
export interface DiskFile {
  /** Writes all bytes at a place. */
  write(bytes: Uint8Array, position: number): Promise<void>
  /** The same; they are on the disk when this resolves. */
  writeDurably(bytes: Uint8Array, position: number): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** A file that is written at once. */
export interface WholeFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What a ledger does to its folder. A test puts one in its place that fails. */
export interface Disk {
  /**
   * Writes a whole file; it is on the disk when this resolves, its name when its folder is synced.
   * @param isSame whether one that is there has these bytes, or the beginning of them: it is not emptied before
   */
  write(path: string, bytes: Uint8Array, isSame?: boolean): Promise<void>
  /** Writes many whole files, in any order, that may be there already with their bytes. When it settles nothing is being written any longer. */
  writeAll(files: readonly WholeFile[]): Promise<void>
  /** An empty file to write to; or one that is there, with what it holds. */
  open(path: string, isThere?: boolean): Promise<DiskFile>
  /** Overwrites a file with zeros, which need not be on the disk when this resolves. Gives its length; 0, and nothing is done, where it is longer than `most`. */
  clear(path: string, most: number): Promise<number>
  rename(from: string, to: string): Promise<void>
  syncFolder(path: string): Promise<void>
  makeFolder(path: string): Promise<void>
  remove(path: string): Promise<void>
}

/** Files that are written at the same time: enough for the disk, and few enough that an append need not wait behind them. */
const AT_ONCE = 2
const ZEROS = Buffer.alloc(2 ** 18)

export const disk: Disk = {
  async write(path, bytes, isSame = false) {
    const file = await opened(path, isSame ? SAME : WHOLE, PRIVATE_FILE)
    try {
      if (isSame && (await stated(file)).size > bytes.length) await truncated(file, bytes.length)
      await writeAll(file, bytes, 0)
    } finally {
      await closed(file)
    }
  },
  async writeAll(files) {
    const left = files[Symbol.iterator]()
    const writer = async () => {
      for (let next = left.next(); !next.done; next = left.next())
        await this.write(next.value.path, next.value.bytes, true)
    }
    // The memory of what failed is used again: nobody may still be writing from it.
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, writer))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  },
  async open(path, isThere = false) {
    const file = await opened(path, isThere ? 'r+' : 'w', PRIVATE_FILE)
    const durable = await opened(path, PIECES, PRIVATE_FILE).catch(async error => {
      await closed(file)
      await rm(path, { force: true })
      throw error
    })
    return {
      write: (bytes, position) => writeAll(file, bytes, position),
      writeDurably: (bytes, position) => writeAll(durable, bytes, position),
      truncate: length => truncated(file, length),
      async close() {
        await closed(durable)
        await closed(file)
      },
    }
  },
  async clear(path, most) {
    await using file = await open(path, 'r+')
    const { size } = await file.stat()
    if (size > most) return 0
    for (let at = 0; at < size; ) at += (await file.write(ZEROS, 0, Math.min(ZEROS.length, size - at), at)).bytesWritten
    return size
  },
  rename,
  async syncFolder(path) {
    await using folder = await open(path, 'r')
    await folder.sync()
  },
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER })
  },
  async remove(path) {
    await rm(path, { force: true })
  },
}

/** Writes all bytes at a place, by a thread of the pool. */
export function writeAll(file: number, bytes: Uint8Array, position: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const next = (at: number): void =>
    writeFile(file, bytes, at, bytes.length - at, position + at, (error, written) => {
      if (error !== null) reject(error)
      else if (at + written < bytes.length) next(at + written)
      else resolve()
    })
  next(0)
  return promise
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a failed write means to whoever appends. */
export function unwritable(error: unknown, folder: string): ProofError {
  if (error instanceof ProofError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return FULL.has(code)
    ? new ProofError(
        'ledger_full',
        `there is no room to write the ledger ${folder} (${code}): make room, and append again`,
      )
    : new ProofError('ledger_unwritable', `the ledger ${folder} cannot be written (${code || String(error)})`)
}
