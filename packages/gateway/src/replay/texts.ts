import { isSame } from './places.ts'

const PLACES = 4_096
/** Longer texts are made anew each time. */
const LONGEST = 256

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

interface Known {
  readonly bytes: Uint8Array
  readonly text: string
}

/**
 * Texts of topics by their bytes: a topic that comes again is the same string, which costs no decoding, and whoever counts by it
 * need not hash it anew. At most 4,096 topics of 256 bytes.
 */
export class Texts {
  readonly #known: (Known | undefined)[] = new Array<Known | undefined>(PLACES).fill(undefined)

  of(bytes: Uint8Array, start: number, end: number): string {
    let hash = 0x811c9dc5
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1)
    const known = this.#known[place]
    if (known !== undefined && isSame(known.bytes, bytes, start, end)) return known.text
    // Whoever has the place of another topic moves to the one beside it, so that two do not push each other out in turn.
    const beside = this.#known[place ^ 1]
    if (beside !== undefined && isSame(beside.bytes, bytes, start, end)) return beside.text
    const text = decoder.decode(bytes.subarray(start, end))
    if (end - start > LONGEST) return text
    if (known !== undefined) this.#known[place ^ 1] = known
    this.#known[place] = { bytes: bytes.slice(start, end), text }
    return text
  }
}
