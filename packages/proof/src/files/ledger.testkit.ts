import { Kind, noteSignerOf, type Signer, type Verifier, verifierOf } from '../note/index.ts'
import type { LedgerOptions } from './ledger.ts'

export const ORIGIN = 'ringwall.example/mill-3/audit'

/** Options of a ledger with a new key. */
export async function newOptions(): Promise<LedgerOptions & { signer: Signer; verifier: Verifier }> {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey))
  return {
    origin: ORIGIN,
    signer: noteSignerOf(ORIGIN, Kind.ed25519, made.privateKey, key),
    verifier: await verifierOf(ORIGIN, Kind.ed25519, key),
  }
}

/** Entries whose bytes say which they are. */
export function numbered(from: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(`entry ${from + i} ${'.'.repeat((from + i) % 90)}`))
}
