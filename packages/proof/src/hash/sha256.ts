/** Bytes of a digest and of a block. */
export const DIGEST_BYTES = 32
export const BLOCK_BYTES = 64
/** Where a padded block has the length in bits. */
const LENGTH_AT = BLOCK_BYTES - 8

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, section 4.2.2). */
const ROUNDS = fractions(64, Math.cbrt)
/** The same of the square roots of the first eight (section 5.3.3). */
const BEGINNING = fractions(8, Math.sqrt)

const schedule = new Int32Array(64)

/** SHA-256 (FIPS 180-4) of the parts, one behind the other. Synchronous, and without anything of its host. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES)
  new Sha256().update(...parts).digest(digest)
  return digest
}

/** SHA-256, fed in pieces. */
export class Sha256 {
  /** After whole blocks: what is known of what came so far. */
  readonly state = Int32Array.from(BEGINNING)
  readonly #block = new Uint8Array(BLOCK_BYTES)
  #length = 0

  /** Goes on from the state after `length` bytes, a multiple of 64; what was fed before is forgotten. */
  resume(state: Int32Array, length: number): this {
    this.state.set(state)
    this.#length = length
    return this
  }

  update(...parts: readonly Uint8Array[]): this {
    for (const part of parts) this.#take(part)
    return this
  }

  /** Writes the digest. Nothing may follow. */
  digest(into: Uint8Array): void {
    const length = this.#length
    const block = this.#block
    const kept = length % BLOCK_BYTES
    block[kept] = 0x80
    block.fill(0, kept + 1)
    if (kept >= LENGTH_AT) {
      compress(this.state, block, 0)
      block.fill(0)
    }
    for (let i = 0; i < 4; i++) {
      block[LENGTH_AT + i] = Math.floor(length / 2 ** 29) >>> (24 - 8 * i)
      block[LENGTH_AT + 4 + i] = (length << 3) >>> (24 - 8 * i)
    }
    compress(this.state, block, 0)
    for (let i = 0; i < DIGEST_BYTES; i++) into[i] = this.state[i >> 2] >>> (24 - 8 * (i & 3))
  }

  #take(part: Uint8Array): void {
    let at = 0
    const kept = this.#length % BLOCK_BYTES
    this.#length += part.length
    if (kept > 0) {
      at = Math.min(part.length, BLOCK_BYTES - kept)
      this.#block.set(at === part.length ? part : part.subarray(0, at), kept)
      if (kept + at < BLOCK_BYTES) return
      compress(this.state, this.#block, 0)
    }
    for (; at + BLOCK_BYTES <= part.length; at += BLOCK_BYTES) compress(this.state, part, at)
    if (at < part.length) this.#block.set(at === 0 ? part : part.subarray(at))
  }
}

/** Takes the block at `at` into the state of eight words. */
function compress(state: Int32Array, bytes: Uint8Array, at: number): void {
  const w = schedule
  for (let i = 0; i < 16; i++) {
    const from = at + i * 4
    w[i] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3]
  }
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15]
    const b = w[i - 2]
    const s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3)
    const s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10)
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let i = 0; i < 64; i++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] += a
  state[1] += b
  state[2] += c
  state[3] += d
  state[4] += e
  state[5] += f
  state[6] += g
  state[7] += h
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

/** A double holds 52 bits of such a root's fraction: its first 32 are right for primes up to 311. */
function fractions(count: number, root: (value: number) => number): Int32Array {
  const words = new Int32Array(count)
  for (let found = 0, candidate = 2; found < count; candidate++) {
    if (!isPrime(candidate)) continue
    const value = root(candidate)
    words[found++] = ((value - Math.floor(value)) * 2 ** 32) | 0
  }
  return words
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false
  return true
}
