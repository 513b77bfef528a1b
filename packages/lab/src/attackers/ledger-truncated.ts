import { rmSync, statSync, truncateSync } from 'node:fs'
import { firstBundle } from '../ledger/bundle.ts'
import { rewriteLedger } from '../ledger/copy.ts'
import { auditorKey, stolenKey } from '../ledger/keys.ts'
import type { Attack } from './attack.ts'
import { tryForgeries } from './forgery.ts'

/** Bytes that are cut off. */
const CUT = 10

/**
 * Root on the gateway's machine cuts a file of the ledger, takes it away, or sets the whole ledger back to an older state, which holds by itself.
 * Effect: those that an auditor did not find.
 */
export const ledgerTruncated: Attack = {
  name: 'ledger-truncated',
  technique: 'T0872',
  title: 'Cut the ledger short',
  expected: 'ledger',
  alone: false,
  ledger: 'forged',
  seconds: () => 1,
  async run({ ledger }) {
    const { name } = await auditorKey(ledger.verifier)
    const key = await stolenKey(ledger.key, name)
    return tryForgeries(ledger, [
      {
        what: 'a file cut',
        kept: false,
        forge: ({ folder }) => {
          const { entries } = firstBundle(folder)
          truncateSync(entries, statSync(entries).size - CUT)
        },
      },
      { what: 'a file taken away', kept: false, forge: ({ folder }) => rmSync(firstBundle(folder).entries) },
      {
        what: 'set back to an older state, against a checkpoint that was kept',
        kept: true,
        forge: ({ folder, entries }) => rewriteLedger(folder, key, entries.slice(0, entries.length >> 1)),
      },
    ])
  },
}
