import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'

/** The version that each line carries. */
const VERSION = 1

/**
 * What people ordered and what the gateway did of itself against somebody: one JSON line each, only ever appended (mode 0600)
 * and on the disk before `append` returns. Orders are rare, so each opens, writes and syncs; whoever rotates the file may.
 */
export class Trail {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** @param wall milliseconds since the Unix epoch. Errors: `audit_unwritable`; nothing counts as done then. */
  append(wall: number, what: string, details: Readonly<Record<string, unknown>>): void {
    const line = `${JSON.stringify({ version: VERSION, time: new Date(wall).toISOString(), what, ...details })}\n`
    try {
      makeFolder(dirname(this.path), 0o700)
      const file = openSync(this.path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600)
      try {
        writeSync(file, line)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    } catch (error) {
      const text = `the audit file ${this.path} cannot be written (${systemCode(error)})`
      const hint = 'Name one in a folder that the gateway may write: prevention.audit.'
      throw new RingwallError('audit_unwritable', text, hint, { file: this.path, field: 'prevention.audit' }, error)
    }
  }
}
