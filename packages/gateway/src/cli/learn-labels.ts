import type { Column, Table } from '@ringwall/learn/io'
import type { SuspectCode } from '@ringwall/learn/robust/poison'
import { RingwallError } from '../base/error.ts'
import { writeOut } from './learn-input.ts'
import { labelsTold } from './learn-labels-told.ts'
import { TrainingBar } from './learn-progress.ts'
import type { Outcome } from './verb.ts'

/** What is said of the columns, and of what is to be done. */
export interface LabelsOptions {
  readonly label: string
  readonly ignore?: readonly string[]
  /** What is looked for; all if absent. */
  readonly against?: readonly SuspectCode[]
  /** Whether rows of doubtful labels are kept with the likelier one. */
  readonly relabel?: boolean
  readonly seed: number
  /** Where the clean table goes; nowhere if absent. */
  readonly out?: string
}

/** Takes out the rows of a labeled table that are not to be learned from: labels that the other rows contradict, and rows whose class hangs on a rare value. */
export async function sanitizeLabeled(table: Table, options: LabelsOptions): Promise<Outcome> {
  const { label, ignore = [], against, relabel = false, seed, out } = options
  const { cellText, classText, columnOf, csvLine } = await import('@ringwall/learn/io')
  const { sanitizeLabels } = await import('@ringwall/learn/robust/poison')
  const labeled = columnOf(table, label)
  for (const name of ignore) columnOf(table, name)
  const read = table.columns.filter(
    column => column !== labeled && column.kind !== 'time' && !ignore.includes(column.name),
  )
  if (read.length === 0)
    throw new RingwallError('columns_none', `no column beside '${label}'`, 'Leave fewer columns out.', {
      file: table.file,
    })
  const words = Array.from({ length: table.rows }, (_, row) => classText(labeled, row))
  const empty = words.indexOf('')
  if (empty >= 0)
    throw new RingwallError(
      'label_missing',
      `row ${empty} has no label in column '${label}'`,
      'Give it one, or take the row out.',
      { file: table.file },
    )
  const classes = [...new Set(words)]
  const codes = new Map(classes.map((word, code) => [word, code]))
  const bar = new TrainingBar('judging labels')
  const given = Int32Array.from(words, word => codes.get(word)!)
  const clean = sanitizeLabels(matrixOf(read, table.rows), given, {
    ...(against === undefined ? {} : { against }),
    relabel,
    seed,
    names: { columns: read.map(({ name }) => name), classes },
    progress: done => bar.update(done),
  })
  bar.end()
  if (out !== undefined) writeOut(out, lines())
  return labelsTold(given, classes, clean, out)

  function* lines(): Generator<string> {
    yield csvLine(table.columns.map(({ name }) => name))
    for (const row of clean.kept)
      yield csvLine(
        table.columns.map(column => (column === labeled ? classes[clean.labels[row]!]! : cellText(column, row))),
      )
  }
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
