import type { Table } from './read.ts'
import { cellText } from './use.ts'

/** What may stand in a cell; a missing number is written as nothing. */
export type Cell = string | number | boolean

const SPECIAL = /[",;\t|\r\n]|^\s|\s$/

/** One line of a CSV (RFC 4180): separated by commas, points as decimal marks, quotes where they are needed. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\n`
}

/** A table as lines of a CSV with a header; `keep` says which rows. */
export function* csvLines(table: Table, keep: (row: number) => boolean = () => true): Generator<string> {
  yield csvLine(table.columns.map(({ name }) => name))
  for (let row = 0; row < table.rows; row++) {
    if (keep(row)) yield csvLine(table.columns.map(column => cellText(column, row)))
  }
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'number') return Number.isNaN(cell) ? '' : String(cell)
  if (typeof cell === 'boolean') return cell ? '1' : '0'
  return SPECIAL.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
