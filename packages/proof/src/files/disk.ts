import { mkdir, open, rename, rm } from 'node:fs/promises'
import { ProofError } from '../error.ts'

const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/** What a ledger does to its folder. A test puts one in its place that fails. */
export interface Disk {
  /** Writes a whole file; it is on the disk when this resolves, its name when its folder is synced. */
  write(path: string, bytes: Uint8Array): Promise<void>
  rename(from: string, to: string): Promise<void>
  syncFolder(path: string): Promise<void>
  makeFolder(path: string): Promise<void>
  remove(path: string): Promise<void>
}

export const disk: Disk = {
  async write(path, bytes) {
    await using file = await open(path, 'w', PRIVATE_FILE)
    await file.writeFile(bytes)
    await file.sync()
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

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a failed write means to whoever appends. */
export function unwritable(error: unknown, folder: string): ProofError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return FULL.has(code)
    ? new ProofError(
        'ledger_full',
        `there is no room to write the ledger ${folder} (${code}): make room, and append again`,
      )
    : new ProofError('ledger_unwritable', `the ledger ${folder} cannot be written (${code || String(error)})`)
}
