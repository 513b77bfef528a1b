import { readFileSync, writeFileSync } from 'node:fs'
import { leafHash } from '@ringwall/proof'
import { changeEntries, type FirstBundle, firstBundle } from '../ledger/bundle.ts'
import type { Attack } from './attack.ts'
import { tryForgeries } from './forgery.ts'

/** Root on the gateway's machine changes what an entry says; then makes its hash fit too. Effect: edits that an auditor did not find. */
export const ledgerEdited: Attack = {
  name: 'ledger-edited',
  technique: 'T0872',
  title: "Edit an entry in the ledger's files",
  expected: 'ledger',
  alone: false,
  ledger: 'forged',
  seconds: () => 1,
  run({ ledger }) {
    return tryForgeries(ledger, [
      { what: 'an entry edited', kept: false, forge: ({ folder }) => void edit(firstBundle(folder)) },
      {
        what: 'its hash made to fit',
        kept: false,
        forge: ({ folder }) => {
          const bundle = firstBundle(folder)
          const { at, entry } = edit(bundle)
          const hashes = readFileSync(bundle.hashes)
          const hash = leafHash(entry)
          hashes.set(hash, at * hash.length)
          writeFileSync(bundle.hashes, hashes)
        },
      },
    ])
  },
}

/** Flips a bit in the middle of an entry: any other text is found in the same way. */
function edit(bundle: FirstBundle): { at: number; entry: Uint8Array } {
  const at = bundle.width >> 1
  let entry = new Uint8Array()
  changeEntries(bundle, list => {
    entry = Uint8Array.from(list[at])
    entry[entry.length >> 1] ^= 1
    list[at] = entry
  })
  return { at, entry }
}
