import { encodeCbor } from '../cbor/encode.ts'
import { Tagged } from '../cbor/value.ts'
import { ProofError } from '../error.ts'
import {
  Algorithm,
  algorithmOf,
  authenticated,
  decodeProtected,
  encodeProtected,
  Header,
  type Headers,
  NO_HEADERS,
  partsOf,
  payloadOf,
} from './headers.ts'
import type { Verified } from './mac0.ts'

/** CBOR tag of COSE_Sign1 (RFC 9052, section 4.2). */
const TAG = 18
export type SignAlgorithm = typeof Algorithm.ES256 | typeof Algorithm.EdDSA

/** What WebCrypto calls them. Its signatures of ES256 are r and s one behind the other, as COSE has them. */
const NAMES: Readonly<Record<SignAlgorithm, string | { readonly name: string; readonly hash: string }>> = {
  [Algorithm.ES256]: { name: 'ECDSA', hash: 'SHA-256' },
  [Algorithm.EdDSA]: 'Ed25519',
}

/** Whoever holds the private key: WebCrypto, or a token. */
export interface CoseSigner {
  readonly algorithm: SignAlgorithm
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

/** Signs with a key that this runtime holds. */
export function signerOf(key: CryptoKey): CoseSigner {
  const algorithm = key.algorithm.name === 'Ed25519' ? Algorithm.EdDSA : Algorithm.ES256
  return {
    algorithm,
    sign: async bytes => new Uint8Array(await crypto.subtle.sign(NAMES[algorithm], key, bytes)),
  }
}

export interface Sign1Options {
  readonly external?: Uint8Array
  readonly detached?: boolean
  readonly open?: Headers
}

const NOTHING = new Uint8Array(0)

/** Makes a COSE_Sign1 with its tag. `secured` are further protected headers; the algorithm is added. */
export async function createSign1(
  signer: CoseSigner,
  payload: Uint8Array,
  secured: Headers,
  options: Sign1Options = {},
): Promise<Uint8Array> {
  const { external = NOTHING, detached = false, open = NO_HEADERS } = options
  const written = encodeProtected(new Map([...secured, [Header.algorithm, signer.algorithm]]))
  const signature = await signer.sign(toSign(written, external, payload))
  return encodeCbor(new Tagged(TAG, [written, open, detached ? null : payload, signature]))
}

export interface VerifySign1Options {
  readonly external?: Uint8Array
  readonly detached?: Uint8Array
}

/**
 * Verifies a COSE_Sign1 with a public key, whose kind says which algorithm alone is accepted. Errors: `cose_signature`; `cose_algorithm`,
 * `cose_critical`, `cose_payload`, `cose_malformed`, `cbor_malformed`.
 */
export async function verifySign1(
  key: CryptoKey,
  bytes: Uint8Array,
  options: VerifySign1Options = {},
): Promise<Verified> {
  const { external = NOTHING } = options
  const parts = partsOf(bytes, TAG)
  const secured = decodeProtected(parts.secured)
  const expected: SignAlgorithm = key.algorithm.name === 'Ed25519' ? Algorithm.EdDSA : Algorithm.ES256
  const algorithm = algorithmOf(secured, parts.open, [expected])
  const payload = payloadOf(parts, options.detached)
  const signed = toSign(authenticated(parts.secured), external, payload)
  const good = await crypto.subtle.verify(NAMES[algorithm], key, Uint8Array.from(parts.end), signed)
  if (!good) throw new ProofError('cose_signature', 'the signature is not that of these bytes and this key')
  return { secured, open: parts.open, payload }
}

/** The Sig_structure (RFC 9052, section 4.4). */
function toSign(secured: Uint8Array, external: Uint8Array, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(encodeCbor(['Signature1', secured, external, payload]))
}
