import { ProofError } from '../error.ts'
import { HmacKey } from './hmac.ts'
import { DIGEST_BYTES } from './sha256.ts'

const MOST_BLOCKS = 255

/**
 * HKDF with SHA-256 (RFC 5869): extract, then expand to `length` bytes.
 * @param salt may be empty
 * @param info binds what comes out to what it is for. Errors: `hkdf_length` above 8,160 bytes.
 */
export function hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > MOST_BLOCKS * DIGEST_BYTES)
    throw new ProofError('hkdf_length', `${length} bytes are more than HKDF gives`)
  const extracted = new HmacKey(salt).mac(secret)
  const key = new HmacKey(extracted)
  extracted.fill(0)
  const out = new Uint8Array(length)
  let block: Uint8Array = new Uint8Array(0)
  for (let at = 0, count = 1; at < length; at += DIGEST_BYTES, count++) {
    block = key.mac(block, info, Uint8Array.of(count))
    out.set(block.subarray(0, length - at), at)
  }
  return out
}
