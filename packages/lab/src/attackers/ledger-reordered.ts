import { readFileSync, writeFileSync } from 'node:fs'
import { DIGEST_BYTES } from '@ringwall/proof'
import { changeEntries, firstBundle } from '../ledger/bundle.ts'
import type { Attack } from './attack.ts'
import { tryForgeries } from './forgery.ts'

/** Root on the gateway's machine exchanges two entries; then their hashes too. Effect: exchanges that an auditor did not find. */
export const ledgerReordered: Attack = {
  name: 'ledger-reordered',
  technique: 'T0872',
  title: "Reorder entries in the ledger's files",
  expected: 'ledger',
  alone: false,
  ledger: 'forged',
  seconds: () => 1,
  run({ ledger }) {
    return tryForgeries(ledger, [
      { what: 'two entries exchanged', kept: false, forge: ({ folder }) => exchangeEntries(folder) },
      {
        what: 'their hashes too',
        kept: false,
        forge: ({ folder }) => {
          exchangeEntries(folder)
          const { hashes } = firstBundle(folder)
          const bytes = readFileSync(hashes)
          const last = bytes.length - DIGEST_BYTES
          const [first, other] = [Buffer.from(bytes.subarray(0, DIGEST_BYTES)), Buffer.from(bytes.subarray(last))]
          bytes.set(other, 0)
          bytes.set(first, last)
          writeFileSync(hashes, bytes)
        },
      },
    ])
  },
}

/** The first and the last of the bundle. */
function exchangeEntries(folder: string): void {
  changeEntries(firstBundle(folder), list => {
    const last = list.length - 1
    const first = list[0]
    list[0] = list[last]
    list[last] = first
  })
}
