import { verifyLedger } from '../src/audit/verify.ts'
import { keptLedger } from './kept-ledger.ts'
import type { Outcome, SoakOptions } from './soak.ts'

const ENTRIES_A_ROUND = 1_000
/** CPU milliseconds an entry may take: a million are verified within ten seconds. */
const MOST = 0.01

/** Verifies a ledger of a thousand entries a round, once, and counts what it costs. */
export async function verify({ rounds, tell }: SoakOptions): Promise<Outcome> {
  const entries = rounds * ENTRIES_A_ROUND
  tell(`verify: ${entries} entries`)
  const ledger = await keptLedger(entries)
  try {
    const start = process.cpuUsage()
    const found = await verifyLedger(ledger.folder, ledger.keys, null)
    const { user, system } = process.cpuUsage(start)
    const cpu_ms = Math.round((user + system) / 1_000)
    const batches = found.ok ? found.batches : 0
    return { good: found.ok && cpu_ms / entries <= MOST, figures: { entries, batches, cpu_ms } }
  } finally {
    ledger.remove()
  }
}
