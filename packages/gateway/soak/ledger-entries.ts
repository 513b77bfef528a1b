import { Kind, noteSignerOf, type Signer, type Verifier, verifierOf } from '@ringwall/proof'

export const ORIGIN = 'soak.example/audit'

/** Entries whose bytes say which they are. */
export function entriesFrom(first: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(`entry ${first + i} ${'.'.repeat((first + i) % 190)}`))
}

/** A key pair as it is handed to a child. */
export async function newKeys(): Promise<string> {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  return JSON.stringify(await crypto.subtle.exportKey('jwk', made.privateKey))
}

/** The keys of such a pair. */
export async function keysOf(jwk: string): Promise<{ signer: Signer; verifier: Verifier }> {
  const { kty, crv, d, x } = JSON.parse(jwk) as Record<'kty' | 'crv' | 'd' | 'x', string>
  const privateKey = await crypto.subtle.importKey('jwk', { kty, crv, d, x }, 'Ed25519', false, ['sign'])
  const key = Uint8Array.from(Buffer.from(x, 'base64url'))
  return {
    signer: noteSignerOf(ORIGIN, Kind.ed25519, privateKey, key),
    verifier: await verifierOf(ORIGIN, Kind.ed25519, key),
  }
}
