import { CsvError } from './error.ts'
import { isMissing, numberOf } from './number.ts'
import type { CsvRecord } from './record.ts'
import { CsvScanner } from './scan.ts'
import { TIME_FORMATS } from './time.ts'

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

/** In the order of preference: a comma may be a decimal mark. */
const SEPARATORS = [';', '\t', '|', ','] as const
const MOST_ROWS = 400
const LF = 0x0a

/**
 * Recognizes separator, decimal mark and header by a file's first bytes. What is given is not guessed. Errors: `csv_encoding`, `csv_empty`, `csv_row_long`, and those of `CsvScanner`.
 * @param isWhole whether these are all bytes of the file
 */
export function readHead(file: string, bytes: Uint8Array, isWhole: boolean, given: Partial<Dialect>): Head {
  const first = { file, line: 1, column: 1 }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0))
    throw new CsvError('csv_encoding', 'expected UTF-8, found UTF-16 or no text at all: save the file as UTF-8', first)
  const complete = isWhole ? bytes : bytes.subarray(0, bytes.lastIndexOf(LF) + 1)
  const tried = (given.separator === undefined ? SEPARATORS : [given.separator]).map(separator =>
    trySeparator(file, complete, separator, given.decimal),
  )
  const best = tried.reduce((one, other) => (other.fit > one.fit ? other : one))
  if (best.error !== null) throw best.error
  const { rows, separator, decimal } = best
  const header = rows.length > 0 && (given.header ?? isHeader(rows, decimal))
  if (!isWhole && rows.length <= Number(header)) {
    const what = `expected the header and the first row in ${bytes.length} bytes, found longer ones: leave columns out`
    throw new CsvError('csv_row_long', what, first)
  }
  if (rows.length === 0) throw new CsvError('csv_empty', 'expected a table, found nothing', first)
  if (rows.length === 1 && header)
    throw new CsvError('csv_empty', 'expected rows behind the header, found none', {
      ...first,
      line: rows[0]!.line + 1,
    })
  return { dialect: { separator, decimal, header }, rows }
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
  separator: Dialect['separator'],
  given: Dialect['decimal'] | undefined,
): Tried {
  const rows: HeadRow[] = []
  let error: Error | null = null
  try {
    const scanner = new CsvScanner(file, separator, record => {
      if (rows.length < MOST_ROWS) rows.push(headRow(record))
    })
    scanner.push(bytes)
    scanner.end()
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown
    error = thrown
  }
  const marks = given === undefined ? (['.', ','] as const) : [given]
  const shares = marks.filter(mark => mark !== separator).map(mark => [mark, numberShare(rows, mark)] as const)
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

function numberShare(rows: readonly HeadRow[], mark: Dialect['decimal']): number {
  let cells = 0
  let values = 0
  for (const { texts } of rows) {
    for (const text of texts) {
      cells++
      values += Number(isMissing(text) || !Number.isNaN(numberIn(text, mark)) || isTime(text))
    }
  }
  return values / Math.max(1, cells)
}

function mostFrequent(widths: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1)
  let best = 0
  for (const [width, count] of counts) if (count > (counts.get(best) ?? 0)) best = width
  return best
}

/** Names are no values: a first row in which something is a number or a time is data. */
function isHeader(rows: readonly HeadRow[], mark: Dialect['decimal']): boolean {
  const [first] = rows
  const isValue = (text: string): boolean => !Number.isNaN(numberIn(text, mark)) || isTime(text)
  if (first === undefined || first.texts.some(isValue)) return false
  if (new Set(first.texts).size < first.texts.length && first.texts.some(isMissing)) return false
  return true
}

const encoder = new TextEncoder()

/** The number that a text is, NaN where it is none. */
export function numberIn(text: string, mark: Dialect['decimal']): number {
  const bytes = encoder.encode(text)
  return numberOf(bytes, 0, bytes.length, mark.charCodeAt(0))
}

const isTime = (text: string): boolean => TIME_FORMATS.some(format => !Number.isNaN(format.parse(text)))
