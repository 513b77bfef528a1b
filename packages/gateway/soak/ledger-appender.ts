import { hashTile, writeFiles } from '@ringwall/native'
import { Ledger } from '@ringwall/proof/files'
import { entriesFrom, keysOf, ORIGIN } from './ledger-entries.ts'

/** A child that appends until it is killed, and says on stdout how many entries were acknowledged, or why they were not. Arguments: folder, key pair as JWK. */
const [folder = '', jwk = ''] = process.argv.slice(2)
/** As the gateway's own thread of the ledger appends. */
const AS_GATEWAY = { blocking: true, signAfter: 50, addon: { hashTile, writeFiles } }
const ledger = await Ledger.open(folder, { ...(await keysOf(jwk)), origin: ORIGIN, ...AS_GATEWAY, publishAfter: 20 })
for (let size = ledger.size; ; ) {
  try {
    const appended = await ledger.append(entriesFrom(size, 1 + (size % 211)))
    size = appended.size
    process.stdout.write(`${size}\n`)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    process.stdout.write(`${error.code}\n`)
    // The disk is full: what waits to be published waits on, and each append is tried anew.
    size = ledger.size
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
