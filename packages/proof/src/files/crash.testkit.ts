import { Kind, noteSignerOf, verifierOf } from '../note/index.ts'
import { Ledger } from './index.ts'
import { numbered, ORIGIN } from './ledger.testkit.ts'

/** A child that appends until it is killed, and says on stdout how many entries were acknowledged. Arguments: folder, key pair as JWK, round. */
const [folder, jwk, round] = process.argv.slice(2)
const isLikeGateway = Number(round) % 2 === 1
const { d, ...open } = JSON.parse(jwk)
const privateKey = await crypto.subtle.importKey('jwk', { d, ...open, key_ops: ['sign'] }, 'Ed25519', false, ['sign'])
const key = Uint8Array.from(Buffer.from(open.x, 'base64url'))
const ledger = await Ledger.open(folder, {
  origin: ORIGIN,
  blocking: isLikeGateway,
  signAfter: isLikeGateway ? 50 : 0,
  signer: noteSignerOf(ORIGIN, Kind.ed25519, privateKey, key),
  verifier: await verifierOf(ORIGIN, Kind.ed25519, key),
})
for (let size = ledger.size; ; ) {
  const appended = await ledger.append(numbered(size, 1 + (size % 97)))
  size = appended.size
  process.stdout.write(`${size}\n`)
}
