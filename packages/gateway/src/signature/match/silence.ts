import type { NumberTest } from '../language/number.ts'
import type { BufferWords } from './buffer-words.ts'
import { Sticky } from './buffers.ts'
import type { Part } from './part.ts'

/**
 * Tells of most PUBLISHes that no rule can match them, from where their payload lies and without reading anything else. For
 * packets with one first byte and topics that no rule asks for.
 */
export class Silence {
  /** Of parts that ask about nothing but the size: the tests of each. */
  readonly #sizes: readonly (readonly NumberTest[])[]
  readonly #message: BufferWords | null
  readonly #packet: BufferWords | null

  private constructor(plain: readonly Part[], message: BufferWords | null, packet: BufferWords | null) {
    this.#sizes = plain.map(({ sizes }) => sizes)
    this.#message = message
    this.#packet = packet
  }

  /**
   * Null where some rule must be asked about every such packet.
   * @param plain the parts for which nothing is looked for
   */
  static of(plain: readonly Part[], words: readonly BufferWords[]): Silence | null {
    if (plain.some(({ sizes }) => sizes.length === 0)) return null
    const of = (wanted: Sticky) => words.find(({ buffer }) => buffer === wanted) ?? null
    return new Silence(plain, of(Sticky.publishMessage), of(Sticky.packet))
  }

  /** Whether no rule can match a PUBLISH at `[start, end)` with its payload from `payload` on. */
  holds(bytes: Uint8Array, start: number, payload: number, end: number): boolean {
    for (let i = 0; i < this.#sizes.length; i++) if (fit(this.#sizes[i], end - start)) return false
    if (this.#message?.has(bytes, payload, end) === true) return false
    return this.#packet?.has(bytes, start, end) !== true
  }
}

function fit(tests: readonly NumberTest[], size: number): boolean {
  for (let i = 0; i < tests.length; i++) if (!tests[i](size)) return false
  return true
}
