import type { Numbers, Table, TableOptions } from '@ringwall/learn/io'
import { printable } from './output.ts'

/** Names that say what is known of a row, and not what was measured: they are never read. */
const LABELS =
  /^(?:labels?|class|target|anomal(?:y|ies|ous)|is_?anomaly|change_?points?|outliers?|att_?flag|attack|fault)$/i

/** Columns that a series is judged by. */
export interface Chosen extends Numbers {
  /** Columns that were left out, and why. */
  readonly left: readonly { readonly name: string; readonly why: string }[]
  /** How many columns the table has where no header names them; null where one does. */
  readonly unnamed: number | null
}

/** What may be said of columns. */
export interface ColumnOptions {
  readonly ignore?: readonly string[]
  readonly sensors?: readonly string[]
  readonly time?: string
}

/** How a table is read of which columns are chosen: those that are left out by their name are not read at all, whatever stands in them. */
export function readingOf({ ignore = [], sensors, time }: ColumnOptions): TableOptions {
  const isLeft = (name: string, looksLike: string): boolean => {
    if (name === time) return false
    if (ignore.includes(name)) return true
    return sensors === undefined ? LABELS.test(name) : !sensors.includes(name) && looksLike !== 'time'
  }
  return { skips: isLeft, ...(time === undefined ? {} : { time }) }
}

/**
 * The numeric columns of a table. Left out are those that are ignored, named as labels are, hold times or words, or no value in the first `rows` rows.
 * Errors: `column_unknown`, `columns_none`.
 */
export async function chosenColumns(table: Table, options: ColumnOptions, rows = table.rows): Promise<Chosen> {
  const { columnOf, numbersOf } = await import('@ringwall/learn/io')
  const { ignore = [], sensors, time } = options
  // A label that is not there is not read either: the same options serve files with labels and without.
  for (const name of [...ignore.filter(name => !LABELS.test(name)), ...(sensors ?? [])]) columnOf(table, name)
  const left = table.columns.flatMap(column => {
    const { name, kind } = column
    const say = (why: string) => [{ name, why }]
    if (ignore.includes(name)) return say('ignored')
    if (sensors !== undefined) return sensors.includes(name) ? [] : say('not among --sensors')
    if (name === time || kind === 'time') return say('time')
    if (LABELS.test(name)) return say('a label by its name (--sensors names those that count)')
    if (kind === 'category') return say('words')
    if (column.values.subarray(0, rows).every(value => !Number.isFinite(Math.fround(value))))
      return say('no value to learn from')
    return []
  })
  return {
    ...numbersOf(
      table,
      left.map(({ name }) => name),
    ),
    left,
    unnamed: table.dialect.header ? null : table.columns.length,
  }
}

/** The times of rows; null where no column has them. A column of numbers that is named for them gives the order alone. Errors: `column_unknown`, `column_no_time`. */
export async function timesIn(table: Table, time: string | undefined): Promise<Float64Array | null> {
  const { columnOf, timesOf } = await import('@ringwall/learn/io')
  if (time !== undefined && columnOf(table, time).kind === 'number') return null
  return timesOf(table, time)?.values ?? null
}

/** What is to be said of the columns, a line each: that no header names them, and which were left out. Empty where there is nothing. */
export function leftText({ left, unnamed }: Pick<Chosen, 'left' | 'unnamed'>): string {
  const header = unnamed === null ? '' : `No header: the columns are called ${nameless(unnamed)}.\n`
  if (left.length === 0) return header
  return `${header}${printable(`Left out: ${left.map(({ name, why }) => `${name} (${why})`).join(', ')}.`)}\n`
}

const nameless = (count: number): string => (count === 1 ? 'column1' : `column1 to column${count}`)

/** So many of something. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
