import { keptFlaw, LedgerReader, verifyFolder } from '@ringwall/proof/files'
import { copyLedger, type LedgerCopy } from '../ledger/copy.ts'
import { auditorKey } from '../ledger/keys.ts'
import type { LedgerAccess } from '../types.ts'
import type { Outcome } from './report.ts'

/** What a root user does to a ledger's files. */
export interface Forgery {
  /** In words. */
  readonly what: string
  /** Whether the auditor needs the checkpoint that it has kept from before, since the files alone agree with each other. */
  readonly kept: boolean
  forge(copy: LedgerCopy): void | Promise<void>
}

/**
 * Does each to a copy of the live ledger, then verifies it as an auditor does (`ringwall audit verify DIR --key K`, with `--kept`). The untouched
 * copy must hold, else it throws. Effect: forgeries that the verification did not name.
 */
export async function tryForgeries(ledger: LedgerAccess, forgeries: readonly Forgery[]): Promise<Outcome> {
  const key = await auditorKey(ledger.verifier)
  const codes = new Set<string>()
  const told: string[] = []
  let effect = 0
  for (const { what, kept, forge } of forgeries) {
    const copy = await copyLedger(ledger.folder, key)
    try {
      await forge(copy)
      const found = await verifyFolder(copy.folder, [key])
      const other = found.ok && kept ? await keptFlaw(new LedgerReader(copy.folder), copy.note, [key]) : null
      const flaw = found.ok ? other : found
      if (flaw === null) effect++
      else codes.add(flaw.code)
      told.push(`${what}: ${flaw === null ? 'not found' : flaw.code}`)
    } finally {
      copy.remove()
    }
  }
  const detail = told.join('; ')
  const outcome = { attempts: forgeries.length, effect, detail }
  return effect === 0 ? { ...outcome, found: { by: 'ledger', code: [...codes].join(', ') } } : outcome
}
