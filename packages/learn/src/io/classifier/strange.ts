import type { ModelRecord } from '../model/index.ts'
import { columnOf, type Table } from '../table/index.ts'
import { isEmpty } from './schema.ts'

/** What a table holds that a model did not meet when it was learned, by its columns. */
export interface Strange {
  /** Columns that are empty in all rows, and never were in training. */
  readonly empty: readonly string[]
  /** Columns of words with some that were not seen in training, and in how many rows. */
  readonly unseen: readonly { readonly name: string; readonly rows: number }[]
}

/** Compares what a model takes of a table with what it learned. Error: `column_unknown`. */
export function strangeIn(
  { preprocessing, schema }: Pick<ModelRecord, 'preprocessing' | 'schema'>,
  table: Table,
): Strange {
  const filled = new Set(schema.filter(({ missing }) => missing === 0).map(({ name }) => name))
  const read = preprocessing.steps.map(step => ({ step, column: columnOf(table, step.from) }))
  const empty = read.filter(({ column }) => filled.has(column.name) && isEmpty(column)).map(({ column }) => column.name)
  const unseen = read.flatMap(({ step, column }) => {
    if (step.kind === 'number' || column.kind !== 'category') return []
    const words = new Set(step.words)
    const isNew = column.categories.map(word => !words.has(word))
    const rows = column.values.reduce((sum, code) => sum + Number(code >= 0 && isNew[code]), 0)
    return rows > 0 ? [{ name: column.name, rows }] : []
  })
  return { empty, unseen }
}
