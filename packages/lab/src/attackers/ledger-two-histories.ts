import { join } from 'node:path'
import { askWitness, compareCheckpoints, ProofError, type Verifier, type WitnessPlace } from '@ringwall/proof'
import { LedgerReader } from '@ringwall/proof/files'
import { copyLedger, rewriteLedger } from '../ledger/copy.ts'
import { auditorKey, stolenKey } from '../ledger/keys.ts'
import { serveWitness } from '../ledger/witness.ts'
import type { LedgerAccess } from '../types.ts'
import type { Attack } from './attack.ts'
import { without } from './ledger-regenerated.ts'
import type { Outcome } from './report.ts'

/**
 * The operator of a gateway shows one auditor its ledger, which a witness has cosigned, and another auditor a second history, signed by the same
 * key: of the same size, and a longer one. Effect: second histories that the witness cosigned too, or that the two auditors did not find who
 * compare what they were shown.
 */
export const ledgerTwoHistories: Attack = {
  name: 'ledger-two-histories',
  technique: 'T0832',
  title: 'Show two auditors two histories',
  expected: 'witness',
  alone: false,
  ledger: 'forged',
  seconds: () => 1,
  run: ({ ledger }) => showTwoHistories(ledger, serveWitness),
}

/** How a witness says that a history is another one; it may fail in other ways, which prove nothing. */
const REFUSED: ReadonlySet<string> = new Set(['split_view', 'inconsistent'])

/** @param serve the witness: another one is for tests */
export async function showTwoHistories(ledger: LedgerAccess, serve: typeof serveWitness): Promise<Outcome> {
  const log = await auditorKey(ledger.verifier)
  const key = await stolenKey(ledger.key, log.name)
  const copy = await copyLedger(ledger.folder, log)
  const witness = await serve(copy.home, log)
  try {
    const shown = new LedgerReader(copy.folder)
    await askWitness(witness, shown.note, 0, from => shown.consistency(from))
    const other = without(copy.entries)
    const histories = { 'of the same size': other, longer: [...other, ...other.slice(-1)] }
    const codes = new Set<string>()
    const told: string[] = []
    let effect = 0
    for (const [what, entries] of Object.entries(histories)) {
      const folder = join(copy.home, 'other')
      await rewriteLedger(folder, key, entries)
      const { byWitness, byAuditors } = await judge(witness, log, shown.note, new LedgerReader(folder))
      if (byWitness === '' || byAuditors === '') effect++
      for (const code of [byWitness, byAuditors]) if (code !== '') codes.add(code)
      const answer = byWitness === '' ? 'cosigned too' : `not cosigned (${byWitness})`
      told.push(`one ${what}: ${answer}, compared: ${byAuditors === '' ? 'not found' : byAuditors}`)
    }
    const outcome = { attempts: told.length, effect, detail: told.join('; ') }
    return effect === 0 ? { ...outcome, found: { by: 'witness', code: [...codes].join(', ') } } : outcome
  } finally {
    await witness.stop()
    copy.remove()
  }
}

/** By which code the witness refuses the other history, and two auditors name it who compare; '' where they do not. */
async function judge(witness: WitnessPlace, log: Verifier, note: string, other: LedgerReader) {
  const prove = (from: number): Uint8Array[] => other.consistency(from)
  const byWitness = await askWitness(witness, other.note, 0, prove).then(
    () => '',
    error => {
      if (error instanceof ProofError && REFUSED.has(error.code)) return error.code
      throw error
    },
  )
  const compared = await compareCheckpoints(note, other.note, [log], prove)
  return { byWitness, byAuditors: compared.ok ? '' : compared.code }
}
