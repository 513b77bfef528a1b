import { joined } from './bytes.ts'
import { CsvError } from './error.ts'
import { CsvRecord, LF, linesWithin, placeAt, QUOTE, Quoting } from './record.ts'

const CR = 0x0d
/** Bytes of a row. More is a quote that is never closed, or no table. */
export const LONGEST_ROW = 1_048_576

/** Cuts bytes into rows and cells (RFC 4180) as they come; of what was read, no more is kept than one row. Lines that are empty are passed over. */
export class CsvScanner {
  readonly #separator: number
  readonly #take: (record: CsvRecord) => void
  readonly #record: CsvRecord
  #rest = new Uint8Array()
  #line = 1

  /** @param take is given each row; what it throws ends the reading */
  constructor(file: string, separator: string, take: (record: CsvRecord) => void) {
    this.#separator = separator.charCodeAt(0)
    this.#take = take
    this.#record = new CsvRecord(file)
  }

  /** Errors: `csv_quote_text`, `csv_quote_open`, `csv_row_long`, `csv_encoding` (a NUL byte). */
  push(chunk: Uint8Array): void {
    this.#read(this.#rest.length === 0 ? chunk : joined(this.#rest, chunk), false)
  }

  /** The last row may end without a line break. */
  end(): void {
    this.#read(this.#rest, true)
  }

  #read(bytes: Uint8Array, isLast: boolean): void {
    const nul = bytes.indexOf(0)
    if (nul >= 0) {
      const what =
        'expected text, found a NUL byte: mend the file, or save it as UTF-8 if it is UTF-16 without its byte order mark'
      throw new CsvError('csv_encoding', what, placeAt(this.#record.file, bytes, 0, nul, this.#line))
    }
    let from = 0
    while (from < bytes.length) {
      // A file of nothing else must not cost a record for each.
      const isReturn = bytes[from] === CR && from + 1 < bytes.length
      if (bytes[from] === LF || isReturn) {
        from += isReturn && bytes[from + 1] === LF ? 2 : 1
        this.#line++
        continue
      }
      const next = this.#row(bytes, from, isLast)
      if (next < 0) break
      const { count, starts, ends, quoting } = this.#record
      this.#requireEnd(ends[count - 1]! - from)
      if (count > 1 || ends[0]! > starts[0]! || quoting[0] !== Quoting.none) this.#take(this.#record)
      for (let i = 0; i < count; i++)
        if (quoting[i] !== Quoting.none) this.#line += linesWithin(bytes, starts[i]!, ends[i]!)
      this.#line++
      from = next
    }
    this.#requireEnd(bytes.length - from)
    this.#rest = bytes.slice(from)
  }

  #requireEnd(length: number): void {
    if (length <= LONGEST_ROW) return
    const { file } = this.#record
    const what = `expected the end of the row within ${LONGEST_ROW} bytes: a quote may be open, or this is no table`
    throw new CsvError('csv_row_long', what, { file, line: this.#line, column: 1 })
  }

  /** Cuts the row that begins at a byte; gives where the next one begins, -1 where its end has not come yet. */
  #row(bytes: Uint8Array, from: number, isLast: boolean): number {
    const record = this.#record
    const { length } = bytes
    const separator = this.#separator
    Object.assign(record, { bytes, from, line: this.#line, count: 0 })
    let at = from
    for (;;) {
      if (bytes[at] === QUOTE) at = this.#quoted(bytes, at, isLast)
      else {
        const start = at
        for (; at < length; at++) {
          const byte = bytes[at]
          if (byte === separator || byte === LF || byte === CR) break
        }
        record.add(start, at, Quoting.none)
      }
      if (at < 0 || (at >= length && !isLast)) return -1
      if (at >= length) return length
      if (bytes[at] === LF) return at + 1
      if (bytes[at] === CR) {
        if (at + 1 === length && !isLast) return -1
        return bytes[at + 1] === LF ? at + 2 : at + 1
      }
      at++
    }
  }

  /** Adds the cell whose quote stands at a byte; gives where what is behind it begins, -1 where its end has not come yet. */
  #quoted(bytes: Uint8Array, open: number, isLast: boolean): number {
    let quoting: number = Quoting.quoted
    let close = bytes.indexOf(QUOTE, open + 1)
    while (close >= 0 && bytes[close + 1] === QUOTE) {
      quoting = Quoting.doubled
      close = bytes.indexOf(QUOTE, close + 2)
    }
    if (close < 0) {
      if (isLast) throw this.#wrong('csv_quote_open', open, 'expected a closing quote, found the end of the file')
      return -1
    }
    this.#record.add(open + 1, close, quoting)
    const behind = bytes[close + 1]
    if (behind === undefined || behind === this.#separator || behind === LF || behind === CR) return close + 1
    const what = 'expected a separator or the end of the line behind a closing quote'
    throw this.#wrong('csv_quote_text', close + 1, `${what}, found ${JSON.stringify(String.fromCharCode(behind))}`)
  }

  #wrong(code: string, at: number, what: string): CsvError {
    const { file, bytes, from, line } = this.#record
    return new CsvError(code, what, placeAt(file, bytes, from, at, line))
  }
}
