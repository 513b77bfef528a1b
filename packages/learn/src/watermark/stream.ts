import type { WatermarkKey } from './key.ts'

/** Numbers that a key gives for one purpose, as many as are asked for: AES-256 in counter mode under a key that is derived for it. */
export class KeyStream {
  readonly #words: Uint32Array
  #at = 0

  private constructor(words: Uint32Array) {
    this.#words = words
  }

  /** A stream takes some .1 s of a core, whoever draws it. @param count how many numbers may be drawn */
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

  /** The same numbers in a drawn order, in place; it takes one number less than there are. */
  shuffled<T extends Int32Array | Uint32Array>(numbers: T): T {
    for (let last = numbers.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const held = numbers[last]
      numbers[last] = numbers[other]
      numbers[other] = held
    }
    return numbers
  }

  /** 1 or -1. */
  sign(): number {
    return this.below(2) === 0 ? -1 : 1
  }
}
