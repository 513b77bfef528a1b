import { decodeCbor } from '../cbor/decode.ts'
import { encodeCbor } from '../cbor/encode.ts'
import type { CborKey, CborValue } from '../cbor/value.ts'
import { ProofError } from '../error.ts'

/** Header parameters (RFC 9052, section 3.1; RFC 9597 for the claims), by their labels. */
export const Header = { algorithm: 1, critical: 2, contentType: 3, keyId: 4, partialIv: 6, claims: 15 } as const

/** Algorithms (RFC 9053, sections 2 and 3.1). */
export const Algorithm = { ES256: -7, EdDSA: -8, HMAC_256_64: 4, HMAC_256: 5 } as const
export type Algorithm = (typeof Algorithm)[keyof typeof Algorithm]

export type Headers = ReadonlyMap<CborKey, CborValue>

export const NO_HEADERS: Headers = new Map()

/** Protected headers as they are authenticated: where there are none, no bytes at all (RFC 9052, section 3). */
export function encodeProtected(headers: Headers): Uint8Array {
  return headers.size === 0 ? new Uint8Array(0) : encodeCbor(headers)
}

/** Reads protected headers. An empty map in one byte counts as none, as senders were told to write it once. */
export function decodeProtected(bytes: Uint8Array): Headers {
  if (bytes.length === 0) return NO_HEADERS
  const headers = decodeCbor(bytes)
  if (!(headers instanceof Map)) throw malformed('the protected headers are no map')
  return headers
}

/** The bytes of protected headers that are authenticated. */
export function authenticated(bytes: Uint8Array): Uint8Array {
  return bytes.length === 1 && bytes[0] === 0xa0 ? new Uint8Array(0) : bytes
}

/**
 * The algorithm that a message names. It must be one that the receiver allows: a sender does not get to choose. Errors:
 * `cose_algorithm`; `cose_critical` where something must be understood that is not.
 */
export function algorithmOf<T extends Algorithm>(secured: Headers, open: Headers, allowed: readonly T[]): T {
  const critical = secured.get(Header.critical)
  if (critical !== undefined || open.has(Header.critical)) {
    throw new ProofError('cose_critical', 'the message has headers that must be understood, and none of them is here')
  }
  const named = secured.get(Header.algorithm) ?? open.get(Header.algorithm)
  const found = allowed.find(each => each === named)
  if (found !== undefined) return found
  throw new ProofError('cose_algorithm', `the algorithm ${String(named)} is not one of ${allowed.join(', ')}`)
}

/** The four parts of a COSE message of one recipient or signer, its payload null where it is sent apart. */
export interface Parts {
  readonly secured: Uint8Array
  readonly open: Headers
  readonly payload: Uint8Array | null
  readonly end: Uint8Array
}

/** Takes a message apart, with its tag or without. Errors: `cose_malformed`, `cbor_malformed`. */
export function partsOf(bytes: Uint8Array, tag: number): Parts {
  let value = decodeCbor(bytes)
  if (typeof value === 'object' && value !== null && 'tag' in value && 'value' in value) {
    if (value.tag !== tag) throw malformed(`the tag is ${String(value.tag)}, not ${tag}`)
    value = value.value as CborValue
  }
  if (!Array.isArray(value) || value.length !== 4) throw malformed('a message has four parts')
  const [secured, open, payload, end] = value as readonly CborValue[]
  if (!(secured instanceof Uint8Array)) throw malformed('the protected headers are no bytes')
  if (!(open instanceof Map)) throw malformed('the unprotected headers are no map')
  if (payload !== null && !(payload instanceof Uint8Array)) throw malformed('the payload is no bytes')
  if (!(end instanceof Uint8Array)) throw malformed('the tag or signature is no bytes')
  return { secured, open, payload, end }
}

/** The payload, which is in the message or beside it, but not both. Errors: `cose_payload`. */
export function payloadOf({ payload }: Parts, detached: Uint8Array | undefined): Uint8Array {
  const given = payload ?? detached
  if (given !== undefined && (payload === null || detached === undefined)) return given
  throw new ProofError('cose_payload', given === undefined ? 'the payload is missing' : 'there are two payloads')
}

function malformed(what: string): ProofError {
  return new ProofError('cose_malformed', what)
}
