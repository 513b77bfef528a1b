import { joined, startsWith } from './bytes.ts'
import { CsvError } from './error.ts'
import { FORMAT_BYTES, foreignFormat } from './format.ts'

/** By their byte order mark, in the order in which they are tried. */
const MARKS = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const

const encoder = new TextEncoder()

/** A file's bytes as UTF-8 without a byte order mark, as they come: UTF-16 is recognized by its mark, what is no text by its first bytes. */
export class Utf8Stream {
  readonly #file: string
  #first = new Uint8Array()
  #isOpen = false
  /** Null where the bytes are taken as they are. */
  #decoder: TextDecoder | null = null

  constructor(file: string) {
    this.#file = file
  }

  /** Errors: `csv_format`, `csv_encoding`. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#isOpen) return this.#decoded(chunk)
    const bytes = joined(this.#first, chunk)
    this.#first = bytes
    return bytes.length < FORMAT_BYTES ? new Uint8Array() : this.#open()
  }

  /** What is left. Errors: as of `push`. */
  end(): Uint8Array {
    const rest = this.#isOpen ? new Uint8Array() : this.#open()
    return this.#decoder === null ? rest : joined(rest, encoder.encode(this.#text(undefined)))
  }

  #open(): Uint8Array {
    const bytes = this.#first
    const foreign = foreignFormat(bytes)
    if (foreign !== null) throw this.#error('csv_format', foreign)
    this.#isOpen = true
    this.#first = new Uint8Array()
    const marked = MARKS.find(({ mark }) => startsWith(bytes, mark))
    if (marked === undefined) return bytes
    if (marked.encoding !== 'utf-8') this.#decoder = new TextDecoder(marked.encoding, { fatal: true, ignoreBOM: true })
    return this.#decoded(bytes.subarray(marked.mark.length))
  }

  #decoded(bytes: Uint8Array): Uint8Array {
    return this.#decoder === null ? bytes : encoder.encode(this.#text(bytes))
  }

  #text(bytes: Uint8Array | undefined): string {
    try {
      return this.#decoder?.decode(bytes, { stream: bytes !== undefined }) ?? ''
    } catch {
      throw this.#error(
        'csv_encoding',
        'expected UTF-16 as the file begins, found bytes that are none: save it as UTF-8',
      )
    }
  }

  #error(code: string, what: string): CsvError {
    return new CsvError(code, what, { file: this.#file, line: 1, column: 1 })
  }
}
