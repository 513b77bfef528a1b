/** Takes what lines of hex hold, in their order. */
export interface HexSink {
  /** Bytes of the line that is being read; valid until this returns. */
  bytes(chunk: Uint8Array): void
  /** A line that held digits ended. Lines count from 1; `why` says what is wrong with it, empty where nothing is. */
  line(number: number, why: string): void
}

const BYTES_AT_ONCE = 65_536
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]
const NEWLINE = 0x0a
const COMMENT = 0x23
/** The value of each hex digit, -1 for what is none. */
const DIGITS = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
)
const SEPARATORS = new Set([...' \t\r\v\f:,-'].map(each => each.charCodeAt(0)))

/**
 * Reads lines of hex chunk by chunk, in bounded memory however long a line is. Spaces, colons, commas and hyphens between digits
 * and `0x` before a byte are skipped, what follows a `#` is a comment, and lines without anything else count but give nothing.
 */
export class HexReader {
  readonly #sink: HexSink
  readonly #out = new Uint8Array(BYTES_AT_ONCE)
  #filled = 0
  #position = 0
  #line = 1
  #digits = 0
  /** The first digit of a byte whose second is to come; -1 where there is none. */
  #half = -1
  #comment = false
  #why = ''

  constructor(sink: HexSink) {
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      const place = this.#position++
      if (place < 3 && byte === BYTE_ORDER_MARK[place]) continue
      if (byte === NEWLINE) this.#endLine()
      else if (byte === COMMENT) this.#comment = true
      else if (!this.#comment && this.#why === '') this.#take(byte)
    }
  }

  /** No more input comes: the last line may end without a line break. */
  end(): void {
    this.#endLine()
  }

  #take(byte: number): void {
    const value = DIGITS[byte]
    if (value < 0) {
      if (!SEPARATORS.has(byte)) this.#stranger(byte)
      return
    }
    this.#digits++
    if (this.#half < 0) {
      this.#half = value
      return
    }
    this.#out[this.#filled++] = (this.#half << 4) | value
    this.#half = -1
    if (this.#filled === BYTES_AT_ONCE) this.#flush()
  }

  #stranger(byte: number): void {
    if ((byte === 0x78 || byte === 0x58) && this.#half === 0) {
      this.#half = -1
      this.#digits--
      return
    }
    const shown =
      byte > 0x20 && byte < 0x7f ? JSON.stringify(String.fromCharCode(byte)) : `the byte 0x${byte.toString(16)}`
    this.#why = `${shown} is no hex digit (after ${this.#digits} digits of the line)`
  }

  #endLine(): void {
    this.#flush()
    if (this.#half >= 0 && this.#why === '') this.#why = `${this.#digits} hex digits, a byte has two`
    if (this.#digits > 0 || this.#why !== '') this.#sink.line(this.#line, this.#why)
    this.#line++
    this.#digits = 0
    this.#half = -1
    this.#comment = false
    this.#why = ''
  }

  #flush(): void {
    if (this.#filled > 0) this.#sink.bytes(this.#out.subarray(0, this.#filled))
    this.#filled = 0
  }
}
