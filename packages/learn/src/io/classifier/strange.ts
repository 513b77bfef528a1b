import type { ModelRecord } from '../model/index.ts'
import { columnOf, type Table } from '../table/index.ts'
import { missingIn } from './schema.ts'

/** What a table holds that a model did not meet when it was learned, by its columns. */
export interface Strange {
  /** Columns that are empty in more than half of the rows, and in training were in a tenth at most; in how many rows. */
  readonly empty: readonly { readonly name: string; readonly rows: number }[]
  /** Columns of words with some that were not seen in training, and in how many rows. */
  readonly unseen: readonly { readonly name: string; readonly rows: number }[]
  /** Columns of numbers that are out of the range that was learned in more than a tenth of the rows; in how many, and that range. */
  readonly outside: readonly {
    readonly name: string
    readonly rows: number
    readonly least: number
    readonly most: number
  }[]
}

const MOSTLY = 0.5
const FEW = 0.1
const OUTSIDE = 0.1

/** Compares what a model takes of a table with what it learned. Error: `column_unknown`. */
export function strangeIn(
  { preprocessing, schema, training }: Pick<ModelRecord, 'preprocessing' | 'schema' | 'training'>,
  table: Table,
): Strange {
  const learned = new Map(schema.map(column => [column.name, column]))
  const read = preprocessing.steps.map(step => ({
    step,
    column: columnOf(table, step.from),
    its: learned.get(step.from),
  }))
  const empty = read.flatMap(({ column, its }) => {
    const rows = missingIn(column)
    const learnedFew = its !== undefined && its.missing <= FEW * training.rows
    return learnedFew && rows > MOSTLY * table.rows ? [{ name: column.name, rows }] : []
  })
  const unseen = read.flatMap(({ step, column }) => {
    if (step.kind === 'number' || column.kind !== 'category') return []
    const words = new Set(step.words)
    const isNew = column.categories.map(word => !words.has(word))
    const rows = column.values.reduce((sum, code) => sum + Number(code >= 0 && isNew[code]), 0)
    return rows > 0 ? [{ name: column.name, rows }] : []
  })
  const outside = read.flatMap(({ column, its }) => {
    const { least, most } = its ?? {}
    if (column.kind !== 'number' || least === undefined || most === undefined) return []
    const rows = column.values.reduce((sum, value) => sum + Number(value < least || value > most), 0)
    return rows > OUTSIDE * table.rows ? [{ name: column.name, rows, least, most }] : []
  })
  return { empty, unseen, outside }
}
