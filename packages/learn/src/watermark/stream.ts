import type { WatermarkKey } from './key.ts'

/** Numbers that a key gives for one purpose, as many as are asked for: AES-256 in counter mode under a key that is derived for it. */
export class KeyStream {
  readonly #words: Uint32Array
  #at = 0

  private constructor(words: Uint32Array) {
    this.#words = words
  }

  /** @param count how many numbers may be drawn */
  static async of(key: WatermarkKey, purpose: string, count: number): Promise<KeyStream> {
    const own = await crypto.subtle.importKey('raw', await key.derive(purpose), 'AES-CTR', false, ['encrypt'])
    const mode = { name: 'AES-CTR', counter: new Uint8Array(16), length: 64 }
    const bytes = new DataView(await crypto.subtle.encrypt(mode, own, new Uint8Array(4 * count)))
    return new KeyStream(Uint32Array.from({ length: count }, (_, i) => bytes.getUint32(4 * i)))
  }

  /** How many are left. */
  get left(): number {
    return this.#words.length - this.#at
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor((this.#words[this.#at++] / 2 ** 32) * below)
  }

  /** 1 or -1. */
  sign(): number {
    return this.below(2) === 0 ? -1 : 1
  }
}
