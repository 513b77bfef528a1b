import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Verifier } from '@ringwall/proof'
import { Ledger, LedgerReader, verifyFolder } from '@ringwall/proof/files'
import type { LedgerKey } from './keys.ts'

/** What no verification looks at: batches of allowed acts, the writer's lock, and zeros for the next journal. */
const LEFT_OUT: ReadonlySet<string> = new Set(['acts', 'lock', 'spare'])
/** The gateway goes on writing while its files are copied, so a copy may have half of a change. */
const MOST_TRIES = 20
const AGAIN = 50

/** A copy of a ledger's folder, to be forged. */
export interface LedgerCopy {
  /** Gone after `remove`, with all that lies beside the copy. */
  readonly home: string
  readonly folder: string
  /** The last checkpoint before anything was done to it: what an auditor has kept. */
  readonly note: string
  /** Its entries, none of them pruned. */
  readonly entries: readonly Uint8Array[]
  remove(): void
}

/** Copies a ledger's folder until the copy holds. Rejects where none does: what is wrong already proves nothing about a forgery. */
export async function copyLedger(source: string, key: Verifier): Promise<LedgerCopy> {
  let why = ''
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const home = mkdtempSync(join(tmpdir(), 'ringwall-forged-'))
    const remove = (): void => rmSync(home, { recursive: true, force: true })
    const folder = join(home, 'ledger')
    try {
      cpSync(source, folder, { recursive: true, filter: file => !LEFT_OUT.has(basename(file)) })
      const found = await verifyFolder(folder, [key])
      if (found.ok) {
        const reader = new LedgerReader(folder)
        const entries = [...reader.entries()].map(([, entry]) => entry)
        return { home, folder, note: reader.note, entries, remove }
      }
      why = `${found.code} in ${found.file}`
    } catch (error) {
      why = String(error)
    }
    remove()
    await sleep(AGAIN)
  }
  throw new Error(`No copy of the ledger holds before anything is done to it: ${why}`)
}

/** Writes a ledger of these entries in the place of whatever is there. */
export async function rewriteLedger(folder: string, key: LedgerKey, entries: readonly Uint8Array[]): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  const ledger = await Ledger.open(folder, key)
  await ledger.append(entries)
  await ledger.close()
}
