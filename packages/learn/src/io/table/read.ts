import { joined } from './bytes.ts'
import type { Column, ColumnReader } from './column.ts'
import { columnReader } from './column-reader.ts'
import { type Dialect, mostFrequent, readHead, withoutSeparatorLine } from './dialect.ts'
import { Utf8Stream } from './encoding.ts'
import { CsvError } from './error.ts'
import { type Guess, guessKinds } from './kinds.ts'
import { foundInstead } from './nearest.ts'
import type { CsvRecord } from './record.ts'
import { CsvScanner, LONGEST_ROW } from './scan.ts'
import type { DateOrder } from './time.ts'

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
  /** Whether numbers beyond 32-bit ones (3.4e38), `inf` among them, are kept, for somebody who takes them out. Without it: `csv_range`. */
  readonly keepsAbsurd?: boolean
  /** In which order days, months and years stand. Without it that is told by all rows; where they leave it open, a decimal comma or a `;` says that days come first. */
  readonly dates?: DateOrder
  /** Whether a column, by its name and what its first values look like, is not read: it has no values, whatever stands in it. */
  readonly skips?: (name: string, looksLike: 'number' | 'category' | 'open' | 'time') => boolean
  /** Whether times keep the text of their cells, for somebody who writes the table again. */
  readonly keepsTexts?: boolean
}

/** By so much of a file its dialect and its columns' kinds are recognized. */
const HEAD = 262_144
/** By no more: there would be two rows of the longest. */
const MOST_HEAD = 4 * LONGEST_ROW

/**
 * Reads a CSV as its bytes come. Besides the columns it keeps the file's first 256 KiB (more where its first rows are longer) until they are read, and then one row.
 * Where no header names them, columns are called column1, column2 and so on; so is a column whose name is empty.
 */
export class TableReader {
  readonly #options: TableOptions
  readonly #file: string
  readonly #text: Utf8Stream
  #head = new Uint8Array(HEAD)
  #held = 0
  #scanner: CsvScanner | null = null
  #dialect: Dialect | null = null
  #names: readonly string[] = []
  #readers: readonly ColumnReader[] = []
  #isHeaderNext = false
  #rows = 0

  constructor(options: TableOptions = {}) {
    this.#options = options
    this.#file = options.file ?? 'table'
    this.#text = new Utf8Stream(this.#file)
  }

  /**
   * Errors: `csv_format`, `csv_encoding`, `csv_empty`, `csv_quote_text`, `csv_quote_open`, `csv_row_long`, `csv_width`, `csv_header`, `csv_column`, `csv_columns`, `csv_number`, `csv_range`,
   * `csv_time`, `csv_categories`.
   */
  push(chunk: Uint8Array): void {
    this.#read(this.#text.push(chunk))
  }

  /** The table. Errors: as of `push`. */
  end(): Table {
    this.#read(this.#text.end())
    if (this.#scanner === null) this.#begin(true)
    this.#scanner?.end()
    if (this.#dialect === null) throw new Error('a table without a dialect')
    const columns = this.#readers.map(reader => reader.end())
    return { file: this.#file, dialect: this.#dialect, rows: this.#rows, columns }
  }

  #read(bytes: Uint8Array): void {
    let from = 0
    while (this.#scanner === null && from < bytes.length) {
      const part = bytes.subarray(from, from + this.#head.length - this.#held)
      this.#head.set(part, this.#held)
      this.#held += part.length
      from += part.length
      if (this.#held === this.#head.length) this.#begin(false)
    }
    if (from < bytes.length) this.#scanner?.push(from === 0 ? bytes : bytes.subarray(from))
  }

  #begin(isWhole: boolean): void {
    const { bytes, separator } = withoutSeparatorLine(this.#head.subarray(0, this.#held))
    const head = readHead(
      this.#file,
      bytes,
      isWhole,
      separator === null ? this.#options : { separator, ...this.#options },
    )
    if (head === null) return this.#holdMore()
    const { dialect, rows } = head
    const data = dialect.header ? rows.slice(1) : rows
    const width = mostFrequent(data.map(({ texts }) => texts.length))
    const names = dialect.header ? rows[0]!.texts : new Array<string>(width).fill('')
    this.#names = names.map((name, i) => (name === '' ? `column${i + 1}` : name))
    const { time = null, keepsAbsurd = false, keepsTexts = false, dates, skips } = this.#options
    if (time !== null && !this.#names.includes(time)) {
      const what = `expected a column '${time}', ${foundInstead(time, this.#names)}`
      throw new CsvError('csv_column', what, { file: this.#file, line: rows[0]!.line, column: 1 })
    }
    const mark = dialect.decimal.charCodeAt(0)
    const guesses = guessKinds(this.#names, data, dialect, time, this.#options.kinds, dates).map((guess, i): Guess => {
      const isSkipped = guess.kind !== 'skipped' && skips?.(this.#names[i]!, guess.kind) === true
      return isSkipped ? { kind: 'skipped' } : guess
    })
    const prefersDay = dialect.decimal === ',' || dialect.separator === ';'
    this.#dialect = dialect
    const cells = { mark, keepsAbsurd, keepsTexts, prefersDay }
    this.#readers = guesses.map((guess, i) => columnReader(this.#names[i]!, guess, cells))
    this.#isHeaderNext = dialect.header
    this.#scanner = new CsvScanner(this.#file, dialect.separator, record => this.#take(record))
    this.#scanner.push(bytes)
    this.#head = new Uint8Array()
  }

  #holdMore(): void {
    if (this.#held >= MOST_HEAD) {
      const what = `expected a table, found less than two rows in the first ${MOST_HEAD} bytes`
      throw new CsvError('csv_empty', what, { file: this.#file, line: 1, column: 1 })
    }
    this.#head = joined(this.#head, new Uint8Array(this.#held))
  }

  #take(record: CsvRecord): void {
    if (this.#isHeaderNext) {
      this.#isHeaderNext = false
      return this.#requireNames(record)
    }
    const width = this.#readers.length
    if (record.count !== width) {
      const expected = this.#dialect?.header === true ? 'as in the header' : 'as in most rows'
      const what = `expected ${width} ${width === 1 ? 'cell' : 'cells'} ${expected}, found ${record.count}`
      throw record.error('csv_width', Math.min(record.count, width), what)
    }
    for (let cell = 0; cell < width; cell++) this.#readers[cell]!.take(record, cell)
    this.#rows++
  }

  #requireNames(record: CsvRecord): void {
    const seen = new Set<string>()
    for (const [i, name] of this.#names.entries()) {
      if (seen.has(name))
        throw record.error('csv_header', i, `expected each column to have a name of its own, found '${name}' twice`)
      seen.add(name)
    }
  }
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
