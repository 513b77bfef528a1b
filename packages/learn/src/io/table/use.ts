import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import type { Column, NumberColumn, TimeColumn } from './column.ts'
import { foundInstead } from './nearest.ts'
import type { Table } from './read.ts'

/** The columns of a table that are numbers, as a matrix. */
export interface Numbers {
  readonly names: readonly string[]
  readonly matrix: Matrix
}

/** The numeric columns; `ignore` names others to leave out. A column without any value is none. Errors: `column_unknown`, `columns_none`. */
export function numbersOf(table: Table, ignore: readonly string[] = []): Numbers {
  for (const name of ignore) columnOf(table, name)
  const chosen = table.columns.filter(
    (column): column is NumberColumn =>
      column.kind === 'number' && !ignore.includes(column.name) && column.values.some(value => !Number.isNaN(value)),
  )
  if (chosen.length === 0) {
    const kinds = table.columns
      .map(column => `${column.name.slice(0, 40)} (${ignore.includes(column.name) ? 'left out' : holds(column)})`)
      .join(', ')
      .slice(0, 400)
    throw new LearnError('columns_none', `${table.file}: expected a column of numbers, found ${kinds}`)
  }
  const data = new Float32Array(table.rows * chosen.length)
  for (const [i, { values }] of chosen.entries())
    for (let row = 0; row < table.rows; row++) data[row * chosen.length + i] = values[row]!
  return { names: chosen.map(({ name }) => name), matrix: { rows: table.rows, columns: chosen.length, data } }
}

const holds = ({ kind, values }: Column): string =>
  kind === 'number' && values.every(value => Number.isNaN(value)) ? 'empty' : kind

/** A column by its name. Error: `column_unknown`. */
export function columnOf(table: Table, name: string): Column {
  const found = table.columns.find(column => column.name === name)
  if (found !== undefined) return found
  const instead = foundInstead(
    name,
    table.columns.map(column => column.name),
  )
  throw new LearnError('column_unknown', `${table.file}: expected a column '${name}', ${instead}`)
}

/**
 * The column of times: the named one, else the first. Days in one column and times of day in another are put together. Null where there is none that goes on from day to day.
 * Errors: `column_unknown`, `column_no_time`.
 */
export function timesOf(table: Table, name?: string): TimeColumn | null {
  if (name !== undefined) {
    const column = columnOf(table, name)
    if (column.kind === 'time') return column
    throw new LearnError('column_no_time', `${table.file}: expected times in column '${name}', found ${column.kind}s`)
  }
  const times = table.columns.filter((column): column is TimeColumn => column.kind === 'time')
  const dated = times.find(column => !isClock(column))
  const clock = times.find(isClock)
  if (
    dated === undefined ||
    clock === undefined ||
    !dated.values.every(value => Number.isNaN(value) || value % DAY === 0)
  )
    return dated ?? null
  return { ...dated, values: dated.values.map((day, row) => day + clock.values[row]!) }
}

const DAY = 86_400_000
const isClock = ({ format }: TimeColumn): boolean => format.startsWith('a time of day')

/** What a cell says, as it would be written; empty where it is missing. */
export function cellText(column: Column, row: number): string {
  const value = column.values[row]!
  if (column.kind === 'category') return value < 0 ? '' : column.categories[value]!
  if (column.kind === 'time' && column.texts !== undefined) return column.texts[row]!
  if (Number.isNaN(value)) return ''
  // What is beyond all doubles is written so that it is read as such again.
  if (!Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999'
  return column.kind === 'number' ? String(value) : timeText(column, value)
}

function timeText(column: TimeColumn, value: number): string {
  const text = new Date(value).toISOString()
  return isClock(column) && value >= 0 && value < DAY ? text.slice(11, -1) : text
}
