import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { Flaw } from '../config/problem.ts'

/** What a signed profile is called inside its envelope. */
export const PROFILE_TYPE = 'application/vnd.ringwall.profile+json'

/** A DSSE envelope (Dead Simple Signing Envelope 1.0.0) in its JSON form. */
export interface Envelope {
  readonly payload: string
  readonly payloadType: string
  readonly signatures: readonly { readonly keyid?: string; readonly sig: string }[]
}

/** The pre-authentication encoding: what is signed (DSSE protocol, PAE). */
export function preAuthEncoding(type: string, body: Uint8Array): Buffer {
  const name = Buffer.from(type, 'utf8')
  return Buffer.concat([Buffer.from(`DSSEv1 ${name.length} `), name, Buffer.from(` ${body.length} `), body])
}

/** The name of a key: SHA-256 of its public half (SubjectPublicKeyInfo, DER), hex. */
export function keyId(key: KeyObject): string {
  const open = key.type === 'public' ? key : createPublicKey(key)
  return createHash('sha256')
    .update(open.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

/** Whether a key is one that profiles are signed with: Ed25519, or ECDSA on P-256 with SHA-256. */
export function signsProfiles(key: KeyObject): boolean {
  if (key.asymmetricKeyType === 'ed25519') return true
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
}

/** Signs a body with a private key. */
export function seal(type: string, body: Uint8Array, key: KeyObject): Envelope {
  const sig = sign(digestOf(key), preAuthEncoding(type, body), key).toString('base64')
  return {
    payload: Buffer.from(body).toString('base64'),
    payloadType: type,
    signatures: [{ keyid: keyId(key), sig }],
  }
}

/** The body of an envelope that one of these public keys has signed, or null. Key ids are hints that nobody vouches for: all are tried. */
export function open({ payload, payloadType, signatures }: Envelope, keys: readonly KeyObject[]): Buffer | null {
  const body = decode(payload)
  const signed = preAuthEncoding(payloadType, body)
  for (const { sig } of signatures) {
    const bytes = decode(sig)
    if (keys.some(key => signsProfiles(key) && holds(key, signed, bytes))) return body
  }
  return null
}

/** Of ECDSA both encodings are met: ASN.1, as OpenSSL and most signers write it, and r and s in a row, as in the protocol's own vector. */
function holds(key: KeyObject, signed: Buffer, sig: Buffer): boolean {
  if (verify(digestOf(key), signed, key, sig)) return true
  return key.asymmetricKeyType === 'ec' && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, sig)
}

/**
 * Reads an envelope; null where a value is none. What has a `payloadType` is meant as one and is never read as anything else:
 * a flaw says what it lacks.
 */
export function asEnvelope(value: unknown): Envelope | Flaw | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'payloadType')) return null
  const { payload, payloadType, signatures } = value as Record<string, unknown>
  if (typeof payload !== 'string' || typeof payloadType !== 'string' || !Array.isArray(signatures)) {
    return new Flaw('its envelope is not whole', 'DSSE asks for the texts payload and payloadType, and signatures.')
  }
  const whole = signatures.every(each => typeof each === 'object' && each !== null && typeof each.sig === 'string')
  if (!whole) return new Flaw('a signature of its envelope holds no sig', 'Sign it again.')
  return { payload, payloadType, signatures }
}

/** The text of a body; null where it is not UTF-8 or begins with a byte order mark, so that no two read it differently. */
export function textOf(body: Uint8Array): string | null {
  try {
    const text = decoder.decode(body)
    return text.startsWith(BYTE_ORDER_MARK) ? null : text
  } catch {
    return null
  }
}

export const BYTE_ORDER_MARK = '\ufeff'
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The body of an envelope whoever signed it. */
export const unverified = ({ payload }: Envelope): Buffer => decode(payload)

// DSSE takes the standard and the URL-safe alphabet.
const decode = (text: string) => Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64')

const digestOf = (key: KeyObject) => (key.asymmetricKeyType === 'ed25519' ? null : 'sha256')
