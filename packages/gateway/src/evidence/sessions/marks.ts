import { Secrets } from '../secret.ts'

const LONGEST_UNIT = 3

/** Tells texts apart without keeping them, by a hash of 32 bits with a key of its own: nobody can choose two that look the same. */
export class Marks {
  readonly #secrets = new Secrets()
  readonly #encoder = new TextEncoder()
  #bytes = new Uint8Array(256)

  of(text: string): number {
    if (LONGEST_UNIT * text.length > this.#bytes.length) this.#bytes = new Uint8Array(LONGEST_UNIT * text.length)
    const { written } = this.#encoder.encodeInto(text, this.#bytes)
    return this.#secrets.of(this.#bytes.subarray(0, written))
  }
}
