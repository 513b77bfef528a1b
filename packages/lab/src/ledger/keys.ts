import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Kind, noteSignerOf, readVerifier, type Signer, type Verifier, verifierOf } from '@ringwall/proof'

/** What a ledger of a name is written and verified with. */
export interface LedgerKey {
  readonly origin: string
  readonly signer: Signer
  readonly verifier: Verifier
}

/** The key that an auditor was given. */
export async function auditorKey(file: string): Promise<Verifier> {
  return readVerifier(readFileSync(file, 'utf8').trim())
}

/** The signing key of the gateway, as whoever is root on its machine reads it. */
export function stolenKey(file: string, origin: string): Promise<LedgerKey> {
  return ledgerKey(createPrivateKey(readFileSync(file)), origin)
}

/** A key that anybody makes. @param kind of its signatures: of a log, or of a witness */
export function madeUpKey(origin: string, kind: Kind = Kind.ed25519): Promise<LedgerKey> {
  return ledgerKey(generateKeyPairSync('ed25519').privateKey, origin, kind)
}

async function ledgerKey(key: KeyObject, origin: string, kind: Kind = Kind.ed25519): Promise<LedgerKey> {
  const raw = new Uint8Array(Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url'))
  const signer = noteSignerOf(origin, kind, key.toCryptoKey('Ed25519', true, ['sign']), raw)
  return { origin, signer, verifier: await verifierOf(origin, kind, raw) }
}
