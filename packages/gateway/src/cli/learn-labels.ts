import type { Column, Table } from '@ringwall/learn/io'
import { RingwallError } from '../base/error.ts'
import { writeOut } from './learn-input.ts'
import { table as tableText } from './output.ts'
import type { Outcome } from './verb.ts'

/** What is said of the columns. */
export interface LabelsOptions {
  readonly label: string
  readonly ignore?: readonly string[]
  readonly seed: number
  readonly out: string
}

const MOST_LINES = 20

/** Takes out the rows of a labeled table that are not to be learned from: labels that the other rows contradict, and rows whose class hangs on a rare value. */
export async function sanitizeLabeled(
  table: Table,
  { label, ignore = [], seed, out }: LabelsOptions,
): Promise<Outcome> {
  const { cellText, columnOf, csvLines } = await import('@ringwall/learn/io')
  const { sanitizeLabels } = await import('@ringwall/learn/robust/poison')
  const labeled = columnOf(table, label)
  for (const name of ignore) columnOf(table, name)
  const read = table.columns.filter(
    column => column !== labeled && column.kind !== 'time' && !ignore.includes(column.name),
  )
  if (read.length === 0)
    throw new RingwallError('columns_none', `${table.file}: no column beside '${label}'`, 'Leave fewer columns out.')
  const words = Array.from({ length: table.rows }, (_, row) => cellText(labeled, row))
  const empty = words.indexOf('')
  if (empty >= 0)
    throw new RingwallError(
      'label_missing',
      `${table.file}: row ${empty} has no label in column '${label}'`,
      'Give it one, or take the row out.',
    )
  const classes = [...new Set(words)]
  const labels = Int32Array.from(words, word => classes.indexOf(word))
  const names = { columns: read.map(({ name }) => name), classes }
  const { kept, removed } = sanitizeLabels(matrixOf(read, table.rows), labels, { seed, names })
  const isKept = new Uint8Array(table.rows)
  for (const row of kept) isKept[row] = 1
  writeOut(
    out,
    csvLines(table, row => isKept[row] === 1),
  )
  const lines = removed.slice(0, MOST_LINES).map(({ code, row, why }) => [code, String(row), words[row] ?? '', why])
  const text = [
    `${table.rows} rows of ${classes.length} classes; ${kept.length} rows kept.\n`,
    removed.length === 0 ? 'Nothing was taken out.\n' : tableText([['what', 'row', 'label', 'why'], ...lines]),
    removed.length > MOST_LINES ? `... and ${removed.length - MOST_LINES} more (--json tells all)\n` : '',
    out === '-' ? '' : `Clean: ${out}\n`,
  ].join('')
  const told = removed.map(each => ({ ...each, label: classes[each.label], likelier: classes[each.likelier] }))
  const json = { rows: table.rows, kept: kept.length, classes, removals: told, out }
  return { status: removed.length > 0 ? 1 : 0, text, json }
}

/** Numbers as they are, and words by their number; NaN where a value is missing. */
function matrixOf(columns: readonly Column[], rows: number) {
  const data = new Float32Array(rows * columns.length)
  for (const [i, { kind, values }] of columns.entries())
    for (let row = 0; row < rows; row++) {
      const value = values[row] ?? Number.NaN
      data[row * columns.length + i] = kind === 'category' && value < 0 ? Number.NaN : value
    }
  return { rows, columns: columns.length, data }
}
