import { BLOCK_BYTES, DIGEST_BYTES, Sha256, sha256 } from './sha256.ts'

/** All MACs are made with these two, one after the other. */
const hash = new Sha256()
const middle = new Uint8Array(DIGEST_BYTES)

/** What a key makes of the first blocks of both hashes of HMAC: worked out once, each MAC costs two blocks less. */
export class HmacKey {
  readonly #inner = new Int32Array(8)
  readonly #outer = new Int32Array(8)

  /** @param key of any length; more than 64 bytes are hashed first (RFC 2104, section 2) */
  constructor(key: Uint8Array) {
    const block = new Uint8Array(BLOCK_BYTES)
    block.set(key.length > BLOCK_BYTES ? sha256(key) : key)
    midstate(block, 0x36, this.#inner)
    midstate(block, 0x5c, this.#outer)
    block.fill(0)
  }

  /** HMAC-SHA-256 (RFC 2104) of the parts, one behind the other. */
  mac(...parts: readonly Uint8Array[]): Uint8Array {
    const tag = new Uint8Array(DIGEST_BYTES)
    hash
      .resume(this.#inner, BLOCK_BYTES)
      .update(...parts)
      .digest(middle)
    hash.resume(this.#outer, BLOCK_BYTES).update(middle).digest(tag)
    return tag
  }

  /** Whether a tag, whole or the first bytes of it, is that of the parts, in a time that tells nothing about where it differs. */
  verify(tag: Uint8Array, ...parts: readonly Uint8Array[]): boolean {
    return tag.length > 0 && sameSecret(tag, this.mac(...parts).subarray(0, tag.length))
  }
}

function midstate(key: Uint8Array, pad: number, into: Int32Array): void {
  const block = key.map(byte => byte ^ pad)
  into.set(new Sha256().update(block).state)
  block.fill(0)
}

/** Whether two secrets are the same, in a time that depends on their length alone. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i]
  return difference === 0
}
