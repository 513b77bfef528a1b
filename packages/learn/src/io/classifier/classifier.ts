import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import {
  type AnyModel,
  digestOf,
  type LoadedModel,
  learnPreprocessing,
  type ModelRecord,
  preprocess,
  type SchemaColumn,
} from '../model/index.ts'
import type { Column, Table } from '../table/index.ts'
import { type ClassifyOptions, fitClassifier } from './fit.ts'
import { likeliest } from './judge.ts'
import { labelsOf } from './labels.ts'

/** What is learned from a table. */
export interface LearnOptions extends ClassifyOptions {
  /** The column of classes. */
  readonly label: string
  /** Columns that are not learned from. */
  readonly ignore?: readonly string[]
  /** When, for the record: ISO 8601. */
  readonly date: string
}

/** Learns classes from a table; columns of times, and those without a value, are not learned from. Errors: those of `labelsOf`, `numbersOf` and `fitClassifier`. */
export async function learnTable(table: Table, options: LearnOptions): Promise<ModelRecord> {
  const { label, ignore = [], date, seed = 1, algorithm = 'auto' } = options
  const labels = labelsOf(table, label)
  for (const name of ignore)
    if (!table.columns.some(column => column.name === name))
      throw new LearnError('column_unknown', `${table.file}: expected a column '${name}'`)
  const features = table.columns
    .filter(column => column.kind !== 'time' && column.name !== label && !ignore.includes(column.name))
    .filter(column => !isEmpty(column))
    .map(({ name }) => name)
  const preprocessing = learnPreprocessing(table, features)
  const inputs = {
    all: preprocess(preprocessing, table),
    by: (rows: Int32Array) => preprocess(learnPreprocessing(table, features, rows), table),
  }
  const { model, judgments, judgedRows, settings } = fitClassifier(inputs, labels, options)
  const measured = Object.entries(judgments).flatMap(([name, judgment]) =>
    Object.entries(judgment).map(([figure, value]) => [`${name} ${figure}`, value] as const),
  )
  return {
    model,
    schema: table.columns.map(column => schemaOf(column, label, features)),
    preprocessing,
    classes: labels.names,
    calibration: null,
    training: {
      rows: table.rows,
      seed,
      options: { ...settings, asked: algorithm, label, ignore },
      data: await digestOf(bytesOf(table)),
      date,
      figures: { 'rows judged by': judgedRows, ...Object.fromEntries(measured) },
    },
  }
}

/** What a classifier says of the rows of a table. */
export interface Told {
  readonly classes: readonly string[]
  /** For each row which class is the likeliest. */
  readonly predicted: Int32Array
  /** Row after row the probability of each class. */
  readonly probabilities: Float32Array
}

/** Says the classes of rows. Errors: `not_a_classifier`, `column_unknown`, `column_kind`. */
export function tellTable({ model, preprocessing, classes }: ModelRecord | LoadedModel, table: Table): Told {
  const probabilities = probabilitiesOf(model, preprocess(preprocessing, table))
  const predicted = Int32Array.from({ length: table.rows }, (_, row) => likeliest(probabilities, row, classes.length))
  return { classes, predicted, probabilities }
}

export function probabilitiesOf(each: AnyModel, rows: Matrix): Float32Array {
  if (each.kind === 'mlp-classifier') return each.model.probabilities(rows).data
  if (each.kind === 'boosted-trees' || each.kind === 'random-forest') return each.model.predictProbabilities(rows)
  throw new LearnError('not_a_classifier', `a model of kind ${each.kind} tells no classes of rows`)
}

/** What columns of another table must hold, for `readTable`. */
export function kindsOf({ schema }: Pick<ModelRecord, 'schema'>): Record<string, 'number' | 'category'> {
  return Object.fromEntries(
    schema.flatMap(({ name, kind, role }) => (role === 'feature' && kind !== 'time' ? [[name, kind] as const] : [])),
  )
}

export function schemaOf(column: Column, label: string, features: readonly string[]): SchemaColumn {
  const { name, kind, values } = column
  const role = name === label ? 'label' : features.includes(name) ? 'feature' : kind === 'time' ? 'time' : 'ignored'
  if (column.kind === 'category') {
    const missing = column.values.reduce((sum, code) => sum + Number(code < 0), 0)
    return { name, kind, role, missing, categories: column.categories.slice(0, MOST_WORDS) }
  }
  let [least, most, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const value of values) {
    if (Number.isNaN(value)) missing++
    else {
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
  }
  return { name, kind, role, missing, ...(least <= most ? { least, most } : {}) }
}

const MOST_WORDS = 1_000

export const isEmpty = (column: Column): boolean =>
  column.kind === 'category' ? column.categories.length === 0 : column.values.every(value => Number.isNaN(value))

/** All that a table says, for its digest: names, words, and numbers as they lie in memory. */
export function bytesOf({ columns }: Table): Uint8Array {
  const encoder = new TextEncoder()
  const parts = columns.flatMap(column => {
    const words = column.kind === 'category' ? column.categories : []
    const { buffer, byteOffset, byteLength } = column.values
    return [
      encoder.encode(JSON.stringify([column.name, column.kind, words])),
      new Uint8Array(buffer, byteOffset, byteLength),
    ]
  })
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
