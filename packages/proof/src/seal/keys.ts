import { ProofError } from '../error.ts'
import { hkdf } from '../hash/hkdf.ts'
import { HmacKey } from '../hash/hmac.ts'

/** Bytes of a site's and of a device's secret. */
export const SECRET_BYTES = 32
/** Epochs of keys: from 1, in four bytes. */
export const LAST_EPOCH = 2 ** 32 - 1

const utf8 = new TextEncoder()
const NO_SALT = new Uint8Array(0)
const SECRET = 'ringwall/seal/v1/secret'
const KEY = 'ringwall/seal/v1/key'

/**
 * The secret that a device is enrolled with, from the one secret of the site: HKDF-SHA-256 (RFC 5869) without salt, `info` the text
 * `ringwall/seal/v1/secret`, a zero byte, the site, a zero byte, the device id. Errors: `seal_secret` where the site's is not of 32 bytes.
 */
export function deviceSecret(site: Uint8Array, name: string, device: string): Uint8Array {
  return hkdf(whole(site), NO_SALT, info(SECRET, name, device), SECRET_BYTES)
}

/**
 * The key that a device seals with in an epoch: as above, with the text `ringwall/seal/v1/key`, a zero byte, the device id, a zero
 * byte, and the epoch in four bytes, most significant first. So a seal is of one device and of one epoch, without saying it anew.
 */
export function sealKeyBytes(secret: Uint8Array, device: string, epoch: number): Uint8Array {
  if (!Number.isInteger(epoch) || epoch < 1 || epoch > LAST_EPOCH) {
    throw new ProofError('seal_epoch', `${epoch} is no epoch from 1 to ${LAST_EPOCH}`)
  }
  return hkdf(whole(secret), NO_SALT, info(KEY, device, epochBytes(epoch)), SECRET_BYTES)
}

/** The same, made ready for MACs. */
export function sealKey(secret: Uint8Array, device: string, epoch: number): HmacKey {
  const key = sealKeyBytes(secret, device, epoch)
  const made = new HmacKey(key)
  key.fill(0)
  return made
}

function epochBytes(epoch: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, epoch)
  return bytes
}

/** The parts with a zero byte between. */
function info(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const bytes = parts.flatMap((part, index) => [
    ...(index === 0 ? [] : [0]),
    ...(typeof part === 'string' ? utf8.encode(part) : part),
  ])
  return Uint8Array.from(bytes)
}

function whole(secret: Uint8Array): Uint8Array {
  if (secret.length === SECRET_BYTES) return secret
  throw new ProofError('seal_secret', `a secret has ${SECRET_BYTES} bytes, not ${secret.length}`)
}
