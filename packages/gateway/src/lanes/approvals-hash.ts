/** A key of 128 bits as four words. */
export type HashKey = readonly [number, number, number, number]

const ascii = (text: string) => new TextEncoder().encode(text)
const WORDS = ['somepseu', 'dorandom', 'lygenera', 'tedbytes'].map(text => new DataView(ascii(text).buffer))

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits that nobody can aim without the key. Fed in pieces;
 * the state is kept in halves of 32 bits, low before high, so that nothing is allocated.
 */
export class SipHash {
  /** The halves of the result, after `finish`. */
  low = 0
  high = 0
  readonly #start = new Int32Array(8)
  readonly #state = new Int32Array(8)
  readonly #word = new Uint8Array(8)
  #length = 0

  constructor([k0, k1, k2, k3]: HashKey) {
    const key = [k0, k1, k2, k3]
    for (let i = 0; i < 4; i++) {
      const at = (i & 1) * 2
      // The initial words are big-endian texts: the high half stands first.
      this.#start[i * 2] = WORDS[i].getInt32(4) ^ key[at]
      this.#start[i * 2 + 1] = WORDS[i].getInt32(0) ^ key[at + 1]
    }
  }

  begin(): void {
    this.#state.set(this.#start)
    this.#length = 0
  }

  byte(value: number): void {
    const at = this.#length++ & 7
    this.#word[at] = value
    if (at === 7) this.#compress()
  }

  bytes(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) this.byte(bytes[i])
  }

  finish(): void {
    const length = this.#length
    while ((this.#length & 7) !== 7) this.byte(0)
    this.byte(length)
    const v = this.#state
    v[4] ^= 0xff
    for (let i = 0; i < 4; i++) round(v)
    this.low = v[0] ^ v[2] ^ v[4] ^ v[6]
    this.high = v[1] ^ v[3] ^ v[5] ^ v[7]
  }

  #compress(): void {
    const v = this.#state
    const w = this.#word
    const low = w[0] | (w[1] << 8) | (w[2] << 16) | (w[3] << 24)
    const high = w[4] | (w[5] << 8) | (w[6] << 16) | (w[7] << 24)
    v[6] ^= low
    v[7] ^= high
    round(v)
    round(v)
    v[0] ^= low
    v[1] ^= high
  }
}

/** One SipRound. Words 0 to 3 stand at 0, 2, 4 and 6. */
function round(v: Int32Array): void {
  add(v, 0, 2)
  rotate(v, 2, 13)
  mix(v, 2, 0)
  swap(v, 0)
  add(v, 4, 6)
  rotate(v, 6, 16)
  mix(v, 6, 4)
  add(v, 0, 6)
  rotate(v, 6, 21)
  mix(v, 6, 0)
  add(v, 4, 2)
  rotate(v, 2, 17)
  mix(v, 2, 4)
  swap(v, 4)
}

function add(v: Int32Array, to: number, from: number): void {
  const sum = (v[to] >>> 0) + (v[from] >>> 0)
  v[to] = sum | 0
  v[to + 1] = (v[to + 1] + v[from + 1] + (sum > 0xffffffff ? 1 : 0)) | 0
}

/** Turns left by fewer than 32 bits. */
function rotate(v: Int32Array, at: number, bits: number): void {
  const low = v[at]
  const high = v[at + 1]
  v[at] = (low << bits) | (high >>> (32 - bits))
  v[at + 1] = (high << bits) | (low >>> (32 - bits))
}

function mix(v: Int32Array, to: number, from: number): void {
  v[to] ^= v[from]
  v[to + 1] ^= v[from + 1]
}

/** Turns by 32 bits. */
function swap(v: Int32Array, at: number): void {
  const low = v[at]
  v[at] = v[at + 1]
  v[at + 1] = low
}
