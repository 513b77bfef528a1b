import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProofError } from '../error.ts'

export const LOCK_FILE = 'lock'

/**
 * Takes a ledger's folder for this process. The lock of a process that is gone is moved away first: of two that see it, one succeeds. Error:
 * `ledger_locked`.
 */
export function takeLock(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, LOCK_FILE)
  for (let isAgain = false; ; isAgain = true) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const holder = holderOf(path)
      if (isAgain || isAlive(holder))
        throw new ProofError(
          'ledger_locked',
          `process ${holder} writes ${folder}: stop it, or remove ${path} if it is none`,
        )
      putAway(path)
    }
  }
}

function putAway(path: string): void {
  const away = `${path}.${process.pid}`
  try {
    renameSync(path, away)
    rmSync(away)
  } catch {
    // Another was quicker: its lock is found in the next try.
  }
}

function holderOf(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(pid: number): boolean {
  // A lock that names nobody was cut short by a crash.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
