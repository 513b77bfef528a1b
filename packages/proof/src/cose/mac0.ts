import { encodeCbor } from '../cbor/encode.ts'
import { Tagged } from '../cbor/value.ts'
import { ProofError } from '../error.ts'
import { type HmacKey, sameSecret } from '../hash/hmac.ts'
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

/** CBOR tag of COSE_Mac0 (RFC 9052, section 6.2). */
const TAG = 17
/** Bytes of a tag, by algorithm (RFC 9053, section 3.1). */
const LENGTHS = { [Algorithm.HMAC_256]: 32, [Algorithm.HMAC_256_64]: 8 } as const
export type MacAlgorithm = keyof typeof LENGTHS & Algorithm

export interface Mac0Options {
  /** Authenticated and not sent. */
  readonly external?: Uint8Array
  /** The payload is sent apart. */
  readonly detached?: boolean
  readonly open?: Headers
  readonly algorithm?: MacAlgorithm
}

const NOTHING = new Uint8Array(0)

/** Makes a COSE_Mac0 with its tag. `secured` are further protected headers; the algorithm is added. */
export function createMac0(key: HmacKey, payload: Uint8Array, secured: Headers, options: Mac0Options = {}): Uint8Array {
  const { external = NOTHING, detached = false, open = NO_HEADERS, algorithm = Algorithm.HMAC_256 } = options
  const written = encodeProtected(new Map([...secured, [Header.algorithm, algorithm]]))
  const tag = key.mac(toMac(written, external, payload)).subarray(0, LENGTHS[algorithm])
  return encodeCbor(new Tagged(TAG, [written, open, detached ? null : payload, tag]))
}

export interface Verified {
  readonly secured: Headers
  readonly open: Headers
  readonly payload: Uint8Array
}

export interface VerifyMac0Options {
  readonly external?: Uint8Array
  /** The payload, where it was sent apart. */
  readonly detached?: Uint8Array
  /** What the receiver accepts; a truncated tag only where it is named here. */
  readonly allowed?: readonly MacAlgorithm[]
}

/**
 * Verifies a COSE_Mac0. Errors: `cose_tag` where the MAC is another's, or cut short; `cose_algorithm`, `cose_critical`,
 * `cose_payload`, `cose_malformed`, `cbor_malformed`.
 */
export function verifyMac0(key: HmacKey, bytes: Uint8Array, options: VerifyMac0Options = {}): Verified {
  const { external = NOTHING, allowed = [Algorithm.HMAC_256] } = options
  const parts = partsOf(bytes, TAG)
  const secured = decodeProtected(parts.secured)
  const algorithm = algorithmOf(secured, parts.open, allowed)
  const payload = payloadOf(parts, options.detached)
  const tag = key.mac(toMac(authenticated(parts.secured), external, payload)).subarray(0, LENGTHS[algorithm])
  if (!sameSecret(tag, parts.end)) throw new ProofError('cose_tag', 'the MAC is not that of these bytes and this key')
  return { secured, open: parts.open, payload }
}

/** The MAC_structure (RFC 9052, section 6.3). */
function toMac(secured: Uint8Array, external: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(['MAC0', secured, external, payload])
}
