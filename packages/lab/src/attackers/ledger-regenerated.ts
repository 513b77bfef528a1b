import { rewriteLedger } from '../ledger/copy.ts'
import { auditorKey, madeUpKey, stolenKey } from '../ledger/keys.ts'
import type { Attack } from './attack.ts'
import { tryForgeries } from './forgery.ts'

/**
 * Root on the gateway's machine writes the whole ledger anew, without an entry that tells of it: with a key of its own; and with the gateway's,
 * which files alone cannot tell, but a checkpoint that an auditor has kept can. Effect: those that an auditor did not find.
 */
export const ledgerRegenerated: Attack = {
  name: 'ledger-regenerated',
  technique: 'T0872',
  title: 'Write the ledger anew',
  expected: 'ledger',
  alone: false,
  ledger: 'forged',
  seconds: () => 1,
  async run({ ledger }) {
    const { name } = await auditorKey(ledger.verifier)
    const [own, stolen] = await Promise.all([madeUpKey(name), stolenKey(ledger.key, name)])
    return tryForgeries(ledger, [
      {
        what: 'with a key of its own',
        kept: false,
        forge: ({ folder, entries }) => rewriteLedger(folder, own, without(entries)),
      },
      {
        what: "with the gateway's key, against a checkpoint that was kept",
        kept: true,
        forge: ({ folder, entries }) => rewriteLedger(folder, stolen, without(entries)),
      },
    ])
  },
}

/** Another history of as many entries: the one in the middle is gone, and the last stands twice. */
export function without(entries: readonly Uint8Array[]): Uint8Array[] {
  return [...entries.filter((_, i) => i !== entries.length >> 1), ...entries.slice(-1)]
}
