import { type Column, type ColumnReader, columnReader } from './column.ts'
import { type Dialect, type HeadRow, readHead } from './dialect.ts'
import { CsvError } from './error.ts'
import { guessKinds } from './kinds.ts'
import type { CsvRecord } from './record.ts'
import { CsvScanner } from './scan.ts'

/** A table as it was read. */
export interface Table {
  readonly file: string
  readonly dialect: Dialect
  readonly rows: number
  readonly columns: readonly Column[]
}

/** What is known of a file; the rest is recognized. */
export interface TableOptions extends Partial<Dialect> {
  /** What it is called in messages. */
  readonly file?: string
  /** The column of times; only epochs need it said. Error: `csv_column`. */
  readonly time?: string
  /** What columns hold, where it is known: another file of the same columns may show less of it. */
  readonly kinds?: Readonly<Record<string, 'number' | 'category'>>
}

/** By so much of a file its dialect and its columns' kinds are recognized. */
const HEAD = 262_144
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** Reads a CSV as its bytes come. Besides the columns it keeps the file's first 256 KiB until they are read, and then one row. */
export class TableReader {
  readonly #options: TableOptions
  readonly #file: string
  #head = new Uint8Array(HEAD)
  #held = 0
  #scanner: CsvScanner | null = null
  #dialect: Dialect | null = null
  #names: readonly string[] = []
  #readers: readonly ColumnReader[] = []
  #skip = false
  #rows = 0

  constructor(options: TableOptions = {}) {
    this.#options = options
    this.#file = options.file ?? 'table'
  }

  /** Errors: `csv_encoding`, `csv_quote_text`, `csv_quote_open`, `csv_row_long`, `csv_width`, `csv_header`, `csv_column`, `csv_number`, `csv_time`, `csv_categories`. */
  push(chunk: Uint8Array): void {
    let from = 0
    while (this.#scanner === null && from < chunk.length) {
      const part = chunk.subarray(from, from + HEAD - this.#held)
      this.#head.set(part, this.#held)
      this.#held += part.length
      from += part.length
      if (this.#held === HEAD) this.#begin(false)
    }
    if (from < chunk.length) this.#scanner?.push(from === 0 ? chunk : chunk.subarray(from))
  }

  /** The table. Errors: as of `push`, and `csv_empty`. */
  end(): Table {
    if (this.#scanner === null) this.#begin(true)
    this.#scanner?.end()
    if (this.#dialect === null) throw new Error('a table without a dialect')
    const columns = this.#readers.map(reader => reader.end())
    return { file: this.#file, dialect: this.#dialect, rows: this.#rows, columns }
  }

  #begin(isWhole: boolean): void {
    const marked = BYTE_ORDER_MARK.every((byte, i) => this.#head[i] === byte)
    const bytes = this.#head.subarray(marked ? BYTE_ORDER_MARK.length : 0, this.#held)
    const { dialect, rows } = readHead(this.#file, bytes, isWhole, this.#options)
    const data = dialect.header ? rows.slice(1) : rows
    this.#names = dialect.header ? this.#namesIn(rows[0]!) : widest(data).texts.map((_, i) => `column${i + 1}`)
    const { time = null } = this.#options
    if (time !== null && !this.#names.includes(time)) {
      const what = `expected a column '${time}', found ${this.#names.join(', ')}`
      throw new CsvError('csv_column', what, { file: this.#file, line: 1, column: 1 })
    }
    const mark = dialect.decimal.charCodeAt(0)
    const guesses = guessKinds(this.#names, data, dialect, time, this.#options.kinds)
    this.#dialect = dialect
    this.#readers = guesses.map((guess, i) => columnReader(this.#names[i]!, guess, mark))
    this.#skip = dialect.header
    this.#scanner = new CsvScanner(this.#file, dialect.separator, record => this.#take(record))
    this.#scanner.push(bytes)
    this.#head = new Uint8Array()
  }

  #take(record: CsvRecord): void {
    if (this.#skip) {
      this.#skip = false
      return
    }
    const width = this.#readers.length
    if (record.count !== width) {
      const expected = this.#dialect?.header === true ? 'as in the header' : 'as in most rows'
      const what = `expected ${width} cells ${expected}, found ${record.count}`
      throw record.error('csv_width', Math.min(record.count, width), what)
    }
    for (let cell = 0; cell < width; cell++) this.#readers[cell]!.take(record, cell)
    this.#rows++
  }

  #namesIn({ texts, line }: HeadRow): string[] {
    const seen = new Set<string>()
    return texts.map((text, i) => {
      const name = text === '' ? `column${i + 1}` : text
      if (seen.has(name)) {
        const what = `expected each column to have a name of its own, found '${name}' twice`
        throw new CsvError('csv_header', what, { file: this.#file, line, column: 1 })
      }
      seen.add(name)
      return name
    })
  }
}

/** A row as wide as most. */
function widest(rows: readonly HeadRow[]): HeadRow {
  const counts = new Map<number, number>()
  for (const { texts } of rows) counts.set(texts.length, (counts.get(texts.length) ?? 0) + 1)
  return rows.reduce((one, other) => (counts.get(other.texts.length)! > counts.get(one.texts.length)! ? other : one))
}

/** Reads a whole CSV from chunks: a file's stream, standard input, a response's body. Errors: those of `TableReader`. */
export async function readTable(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: TableOptions = {},
): Promise<Table> {
  const reader = new TableReader(options)
  for await (const chunk of chunks) reader.push(chunk)
  return reader.end()
}

/** Reads a CSV that is a text. */
export function tableOf(text: string, options: TableOptions = {}): Table {
  const reader = new TableReader(options)
  reader.push(new TextEncoder().encode(text))
  return reader.end()
}
