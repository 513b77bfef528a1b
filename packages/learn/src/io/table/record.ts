import { CsvError, type CsvPlace, shown } from './error.ts'

const LF = 0x0a
const QUOTE = 0x22
const CONTINUATION = 0x80

/** How a cell stood in its file. */
export const Quoting = { none: 0, quoted: 1, doubled: 2 } as const

/** One row of a file: where its cells lie in the bytes that are being read. Valid until the next one is read. */
export class CsvRecord {
  readonly file: string
  bytes = new Uint8Array()
  starts = new Int32Array(64)
  ends = new Int32Array(64)
  quoting = new Uint8Array(64)
  count = 0
  /** Where it begins in `bytes`, and on which line of the file. */
  from = 0
  line = 1
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  constructor(file: string) {
    this.file = file
  }

  add(start: number, end: number, quoting: number): void {
    if (this.count === this.starts.length) this.#grow()
    this.starts[this.count] = start
    this.ends[this.count] = end
    this.quoting[this.count++] = quoting
  }

  /** What stands in a cell, without its quotes and what blanks are around it. Error: `csv_encoding`. */
  text(cell: number): string {
    const bytes = this.bytes.subarray(this.starts[cell], this.ends[cell])
    let text: string
    try {
      text = this.#decoder.decode(bytes)
    } catch {
      throw this.error('csv_encoding', cell, 'expected UTF-8, found bytes that are none: save the file as UTF-8')
    }
    if (this.quoting[cell] === Quoting.none) return text.trim()
    return this.quoting[cell] === Quoting.doubled ? text.replaceAll('""', '"') : text
  }

  /** An error at a cell. */
  error(code: string, cell: number, what: string): CsvError {
    return new CsvError(code, what, this.place(cell))
  }

  /** An error at a cell that should have held something else. */
  unexpected(code: string, cell: number, expected: string): CsvError {
    return this.error(code, cell, `expected ${expected}, found ${shown(this.text(cell))}`)
  }

  /** Where a cell begins; one behind the last is the end of the row. */
  place(cell: number): CsvPlace {
    const at = cell < this.count ? this.starts[cell]! - Number(this.quoting[cell]! > 0) : this.ends[this.count - 1]!
    return placeAt(this.file, this.bytes, this.from, at, this.line)
  }

  #grow(): void {
    const size = this.starts.length * 2
    const grown = <A extends Int32Array | Uint8Array>(to: A, from: A): A => {
      to.set(from)
      return to
    }
    this.starts = grown(new Int32Array(size), this.starts)
    this.ends = grown(new Int32Array(size), this.ends)
    this.quoting = grown(new Uint8Array(size), this.quoting)
  }
}

/** Which line and column a byte stands in, counted from the beginning of a row. */
export function placeAt(file: string, bytes: Uint8Array, from: number, at: number, line: number): CsvPlace {
  let column = 1
  let lines = line
  for (let i = from; i < at; i++) {
    const byte = bytes[i]!
    if (byte === LF) {
      lines++
      column = 1
    } else if ((byte & 0xc0) !== CONTINUATION) column++
  }
  return { file, line: lines, column }
}

/** How many lines end within a cell. */
export function linesWithin(bytes: Uint8Array, from: number, to: number): number {
  let lines = 0
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) lines++
  return lines
}

export { LF, QUOTE }
