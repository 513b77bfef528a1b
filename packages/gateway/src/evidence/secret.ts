import { randomInt } from 'node:crypto'
import { type HashKey, SipHash } from '../lanes/approvals-hash.ts'

/** Tells passwords apart without knowing them: by a keyed hash of which only 32 bits are kept. */
export class Secrets {
  readonly #hash: SipHash

  /** @param key secret, and the same for all whose passwords are compared; a random one where it is left out */
  constructor(key: HashKey = [word(), word(), word(), word()]) {
    this.#hash = new SipHash(key)
  }

  /** Differs where passwords differ, but for one case in 4 billion; 0 where there is none. */
  of(password: Uint8Array | undefined): number {
    if (password === undefined) return 0
    this.#hash.begin()
    this.#hash.bytes(password, 0, password.length)
    this.#hash.finish()
    return this.#hash.low >>> 0 || 1
  }
}

function word(): number {
  return randomInt(2 ** 32) | 0
}
