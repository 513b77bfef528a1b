import { createHmac, randomBytes } from 'node:crypto'
import { sameSecret, sha256 } from '@ringwall/proof'

const NONCE_BYTES = 16
/** So that no commitment means anything elsewhere; the version is part of it. */
const PURPOSE = new TextEncoder().encode('ringwall-commitment-v1')

/** What stands in an entry for bytes that do not. */
export interface Commitment {
  /** SHA-256 over the purpose, the salt and the bytes. */
  readonly digest: Uint8Array
  /** From which the holder of the secret makes the salt again. */
  readonly nonce: Uint8Array
  /** How many bytes it stands for. */
  readonly bytes: number
}

/**
 * Commits to bytes that stay out of the ledger. Each has a salt of its own, made from a secret that lies apart from the ledger: whoever has the
 * ledger alone cannot try out likely payloads, and disclosing one salt discloses no other.
 */
export class Committer {
  readonly #secret: Uint8Array

  /** @param secret 32 bytes */
  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  commit(bytes: Uint8Array): Commitment {
    const nonce = randomBytes(NONCE_BYTES)
    return { digest: digestOf(this.salt(nonce), bytes), nonce, bytes: bytes.length }
  }

  /** The salt that opens one commitment, and no other. */
  salt(nonce: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#secret).update(nonce).digest()
  }
}

/** Whether a commitment is to these bytes. */
export function opens(digest: Uint8Array, salt: Uint8Array, bytes: Uint8Array): boolean {
  return sameSecret(digest, digestOf(salt, bytes))
}

/** The commitment to bytes under a salt. */
export function digestOf(salt: Uint8Array, bytes: Uint8Array): Uint8Array {
  return sha256(PURPOSE, salt, bytes)
}
