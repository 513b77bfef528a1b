import { bytesJson, textJson } from './text.ts'

/** How what was read is written down. */
export interface Writing {
  /** Nothing is written: the packet is only read through, to know whether it can be. */
  readonly silent: boolean
  readonly passwords: boolean
  /** Bytes of one text that are written at most; 0 is no limit. */
  readonly limit: number
}

export const SILENT: Writing = { silent: true, passwords: false, limit: 0 }

/**
 * Reads the fields of one packet in order and writes them as JSON on the way. Tolerant: only a field that reaches over the
 * packet's end is `broken`; what is merely illegal is read. Reused for all packets, so that reading in silence allocates nothing.
 */
export class Fields {
  writing: Writing = SILENT
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  end = 0
  broken = false
  text = ''
  /** The topic alias that was read, 0 where there was none. */
  alias = 0
  #comma = false

  begin(bytes: Uint8Array, at: number, end: number, writing: Writing): void {
    this.bytes = bytes
    this.at = at
    this.end = end
    this.writing = writing
    this.broken = false
    this.text = ''
    this.alias = 0
    this.#comma = false
  }

  u8(): number {
    return this.#has(1) ? this.bytes[this.at++] : 0
  }

  u16(): number {
    if (!this.#has(2)) return 0
    this.at += 2
    return (this.bytes[this.at - 2] << 8) | this.bytes[this.at - 1]
  }

  u32(): number {
    const high = this.u16()
    return high * 65_536 + this.u16()
  }

  /** A variable byte integer (MQTT 5.0, section 1.5.5). */
  variable(): number {
    let value = 0
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.u8()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    this.broken = true
    return 0
  }

  /** Skips a field with a length of two bytes before it; answers where its content begins, and `at` is where it ends. */
  prefixed(): number {
    const length = this.u16()
    const start = this.at
    if (this.#has(length)) this.at += length
    return start
  }

  open(key: string): void {
    if (this.writing.silent) return
    this.text += `${this.#comma ? ',' : ''}"${key}":{`
    this.#comma = false
  }

  close(): void {
    if (this.writing.silent) return
    this.text += '}'
    this.#comma = true
  }

  number(key: string, value: number): void {
    if (!this.writing.silent) this.raw(key, String(value))
  }

  flag(key: string, value: boolean): void {
    if (!this.writing.silent) this.raw(key, value ? 'true' : 'false')
  }

  /** What `prefixed` skipped, as text. */
  string(key: string, start: number): void {
    if (!this.writing.silent) this.raw(key, textJson(this.bytes, start, this.at, this.writing.limit))
  }

  /** What `prefixed` skipped, or bytes up to `end`, that may be no text. */
  binary(key: string, start: number, end = this.at): void {
    if (!this.writing.silent) this.raw(key, bytesJson(this.bytes, start, end, this.writing.limit))
  }

  /** A value that is JSON already. Not to be called where the writing is silent. */
  raw(key: string, value: string): void {
    this.text += `${this.#comma ? ',' : ''}"${key}":${value}`
    this.#comma = true
  }

  /**
   * Reads something and gives what it wrote, with a comma before it, instead of writing it: EVE has some fields in another
   * order than the packet.
   */
  aside(read: (fields: Fields) => void): string {
    const { text } = this
    const comma = this.#comma
    this.text = ''
    this.#comma = true
    read(this)
    const written = this.text
    this.text = text
    this.#comma = comma
    return written
  }

  #has(count: number): boolean {
    if (!this.broken && this.at + count <= this.end) return true
    this.broken = true
    return false
  }
}
