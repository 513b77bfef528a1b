import { type HashKey, SipHash } from '../lanes/approvals-hash.ts'

/** Tells passwords apart without knowing them: by a keyed hash of which only 32 bits are kept. */
export class Secrets {
  #hash: SipHash | null = null
  readonly #key: HashKey | null

  /** @param key secret, and the same for all whose passwords are compared; a random one where it is left out */
  constructor(key: HashKey | null = null) {
    this.#key = key
  }

  /** Differs where passwords differ, but for one case in 4 billion; 0 where there is none. */
  of(password: Uint8Array | undefined): number {
    if (password === undefined) return 0
    this.#hash ??= new SipHash(this.#key ?? randomKey())
    this.#hash.begin()
    this.#hash.bytes(password, 0, password.length)
    this.#hash.finish()
    return this.#hash.low >>> 0 || 1
  }
}

/** Drawn when the first password comes: the generator takes a tenth of a short verb's time to be there. */
function randomKey(): HashKey {
  const [a = 0, b = 0, c = 0, d = 0] = crypto.getRandomValues(new Int32Array(4))
  return [a, b, c, d]
}
