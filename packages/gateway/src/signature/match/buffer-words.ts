import { AhoCorasick } from './aho-corasick.ts'
import type { Sticky } from './buffers.ts'
import type { Part } from './part.ts'
import { SHORTEST_FILTERED } from './prefilter.ts'
import type { Word } from './word.ts'

/** What is looked for first in one buffer: words at its beginning by its first byte, and words anywhere in it. */
export class BufferWords {
  readonly buffer: Sticky
  /** By the first byte: the parts that want one of their words to begin with it there; null where none wants that. */
  readonly #heads: readonly (Int32Array | null)[] | null
  /** Short words go apart, so that they do not make the others slow. */
  readonly #automata: readonly AhoCorasick[]

  private constructor(buffer: Sticky, parts: readonly Part[]) {
    this.buffer = buffer
    const headed = parts.filter(({ fast }) => fast?.heads != null)
    this.#heads = headed.length === 0 ? null : Array.from({ length: 256 }, (_, byte) => headedBy(headed, byte))
    const all: Word[] = parts.flatMap(({ fast, index }) =>
      fast === null || fast.heads !== null ? [] : fast.words.map(bytes => ({ bytes, tells: index })),
    )
    const long = all.filter(({ bytes }) => bytes.length > SHORTEST_FILTERED)
    const short = all.filter(({ bytes }) => bytes.length <= SHORTEST_FILTERED)
    this.#automata = [long, short].filter(({ length }) => length > 0).map(words => new AhoCorasick(words))
  }

  /** Null where no part looks for anything in the buffer. */
  static of(buffer: Sticky, parts: readonly Part[]): BufferWords | null {
    const own = parts.filter(({ fast }) => fast?.buffer === buffer)
    return own.length === 0 ? null : new BufferWords(buffer, own)
  }

  /** Tells the parts for which something stands in `[start, end)`, some of them several times. */
  search(bytes: Uint8Array, start: number, end: number, tell: (part: number) => void): void {
    if (this.#heads !== null && start < end) {
      const headed = this.#heads[bytes[start]]
      if (headed !== null) for (let i = 0; i < headed.length; i++) tell(headed[i])
    }
    for (let i = 0; i < this.#automata.length; i++) this.#automata[i].search(bytes, start, end, tell)
  }

  /** Whether `search` would tell anything. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#heads !== null && start < end && this.#heads[bytes[start]] !== null) return true
    for (let i = 0; i < this.#automata.length; i++) if (this.#automata[i].has(bytes, start, end)) return true
    return false
  }
}

function headedBy(parts: readonly Part[], byte: number): Int32Array | null {
  const found = parts.filter(({ fast }) => fast?.heads?.includes(byte))
  return found.length === 0 ? null : Int32Array.from(found, ({ index }) => index)
}
