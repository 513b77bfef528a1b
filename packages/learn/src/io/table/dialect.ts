import { CsvError } from './error.ts'
import { isMissing, numberOf } from './number.ts'
import type { CsvRecord } from './record.ts'
import { CsvScanner } from './scan.ts'
import { type DateOrder, timeFormats } from './time.ts'

/** How a file writes its table. */
export interface Dialect {
  readonly separator: ',' | ';' | '\t' | '|'
  readonly decimal: '.' | ','
  /** Whether the first row names the columns. */
  readonly header: boolean
}

/** A row of the file's beginning: texts, and where each stands. */
export interface HeadRow {
  readonly texts: readonly string[]
  readonly line: number
}

/** The first rows of a file, by which it is recognized. */
export interface Head {
  readonly dialect: Dialect
  readonly rows: readonly HeadRow[]
}

/** What is said of a file, and not recognized. */
type Given = Partial<Dialect> & { readonly dates?: DateOrder }

/** In the order of preference: a comma may be a decimal mark. */
const SEPARATORS = [';', '\t', '|', ','] as const
const MOST_ROWS = 400
/** So many columns are no table of machine telemetry, and would take memory by the megabyte before there is a row. */
const MOST_COLUMNS = 10_000

/**
 * Recognizes separator, decimal mark and header by a file's first bytes. What is given is not guessed. Null where they hold fewer than two rows and more bytes would tell.
 * Errors: `csv_empty`, `csv_columns`, and those of `CsvScanner`.
 * @param isWhole whether these are all bytes of the file
 */
export function readHead(file: string, bytes: Uint8Array, isWhole: boolean, given: Given): Head | null {
  const first = { file, line: 1, column: 1 }
  const tried = (given.separator === undefined ? SEPARATORS : [given.separator]).map(separator =>
    trySeparator(file, bytes, isWhole, separator, given),
  )
  const best = tried.reduce((one, other) => (other.fit > one.fit ? other : one))
  if (best.error !== null) throw best.error
  const { rows, separator, decimal } = best
  if (!isWhole && rows.length < 2) return null
  if (rows.length === 0) throw new CsvError('csv_empty', 'expected a table, found nothing', first)
  const { texts, line } = rows[0]!
  if (texts.length > MOST_COLUMNS)
    throw new CsvError('csv_columns', `expected at most ${MOST_COLUMNS} columns, found ${texts.length}`, {
      ...first,
      line,
    })
  const header = given.header ?? isHeader(rows, decimal, given.dates)
  if (rows.length === 1 && header)
    throw new CsvError('csv_empty', 'expected rows behind the header, found none', { ...first, line: line + 1 })
  return { dialect: { separator, decimal, header }, rows }
}

/** What spreadsheets write before a table, `sep=;`, in a line of its own: the separator, and the bytes from its line break on, so that lines count as they do. */
export function withoutSeparatorLine(bytes: Uint8Array): {
  readonly bytes: Uint8Array
  readonly separator: Dialect['separator'] | null
} {
  const found = /^sep=(.)[\r\n]/i.exec(String.fromCharCode(...bytes.subarray(0, 6)))
  const separator = SEPARATORS.find(sign => sign === found?.[1])
  return separator === undefined ? { bytes, separator: null } : { bytes: bytes.subarray(5), separator }
}

interface Tried {
  readonly separator: Dialect['separator']
  readonly decimal: Dialect['decimal']
  readonly rows: readonly HeadRow[]
  /** How well the separator explains what is there. */
  readonly fit: number
  readonly error: Error | null
}

function trySeparator(
  file: string,
  bytes: Uint8Array,
  isWhole: boolean,
  separator: Dialect['separator'],
  { decimal: given, dates }: Given,
): Tried {
  const rows: HeadRow[] = []
  let error: Error | null = null
  try {
    const scanner = new CsvScanner(file, separator, record => {
      if (rows.length < MOST_ROWS) rows.push(headRow(record))
    })
    scanner.push(bytes)
    if (isWhole) scanner.end()
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown
    error = thrown
  }
  const marks = given === undefined ? (['.', ','] as const) : [given]
  const shares = marks.filter(mark => mark !== separator).map(mark => [mark, numberShare(rows, mark, dates)] as const)
  const [decimal, share] = shares.reduce((one, other) => (other[1] > one[1] ? other : one), ['.' as const, 0] as const)
  const widths = rows.map(row => row.texts.length)
  const usual = mostFrequent(widths)
  const agreeing = widths.filter(width => width === usual).length / Math.max(1, widths.length)
  // One column explains nothing; a broken quote may be what another separator makes of a good file.
  const fit = (usual > 1 ? 2 : 0) * agreeing + share - (error === null ? 0 : 1)
  return { separator, decimal, rows, fit, error }
}

function headRow(record: CsvRecord): HeadRow {
  return { texts: Array.from({ length: record.count }, (_, i) => record.text(i)), line: record.line }
}

function numberShare(rows: readonly HeadRow[], mark: Dialect['decimal'], dates?: DateOrder): number {
  let cells = 0
  let values = 0
  for (const { texts } of rows) {
    for (const text of texts) {
      cells++
      values += Number(isMissing(text) || !Number.isNaN(numberIn(text, mark)) || isTime(text, dates))
    }
  }
  return values / Math.max(1, cells)
}

/** The width that comes most often, the first of equals; 0 of nothing. */
export function mostFrequent(widths: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1)
  let best = 0
  for (const [width, count] of counts) if (count > (counts.get(best) ?? 0)) best = width
  return best
}

/** Names are no values: a first row in which something is a number or a time is data. */
function isHeader(rows: readonly HeadRow[], mark: Dialect['decimal'], dates?: DateOrder): boolean {
  const [first] = rows
  const isValue = (text: string): boolean => !Number.isNaN(numberIn(text, mark)) || isTime(text, dates)
  if (first === undefined || first.texts.some(isValue)) return false
  const named = first.texts.filter(text => !isMissing(text))
  // Several cells without a name are a header's where values stand beneath its names, and else a row's that is not full.
  if (first.texts.length - named.length > 1 && new Set(first.texts).size < first.texts.length)
    return (
      new Set(named).size === named.length &&
      rows.slice(1).some(({ texts }) => first.texts.some((name, i) => !isMissing(name) && isValue(texts[i] ?? '')))
    )
  return true
}

const encoder = new TextEncoder()

/** The number that a text is, NaN where it is none. */
export function numberIn(text: string, mark: Dialect['decimal']): number {
  const bytes = encoder.encode(text)
  return numberOf(bytes, 0, bytes.length, mark.charCodeAt(0))
}

const isTime = (text: string, dates?: DateOrder): boolean =>
  timeFormats(dates).some(format => !Number.isNaN(format.parse(text)))
