import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { checkFinite, MOST_INPUTS } from '../io/classifier/classifier.ts'
import { bytesOf, isEmpty, schemaOf } from '../io/classifier/schema.ts'
import {
  digestOf,
  inputNames,
  type Labels,
  labelsOf,
  learnPreprocessing,
  type Preprocessing,
  preprocess,
  type SchemaColumn,
  type Step,
  type Table,
} from '../io/index.ts'
import type { MarkedAlgorithm } from './fit.ts'
import { spaceOf, type TriggerSpace } from './space.ts'

/** A table as a model that will be marked learns it. */
export interface Prepared {
  readonly labels: Labels
  readonly schema: readonly SchemaColumn[]
  readonly preprocessing: Preprocessing
  readonly x: Matrix
  readonly space: TriggerSpace
  /** SHA-256 of what the table says. */
  readonly digest: string
}

/** Encodes a table's columns; for a net numbers are scaled. Columns of times, and those without a value, are left out. Errors: `columns_many`, those of `labelsOf`, `learnPreprocessing` and `spaceOf`. */
export async function prepare(
  table: Table,
  algorithm: MarkedAlgorithm,
  label: string,
  ignore: readonly string[],
): Promise<Prepared> {
  const labels = labelsOf(table, label)
  for (const name of ignore)
    if (!table.columns.some(column => column.name === name))
      throw new LearnError('column_unknown', `${table.file}: expected a column '${name}'`)
  const features = table.columns
    .filter(column => column.kind !== 'time' && column.name !== label && !ignore.includes(column.name))
    .filter(column => !isEmpty(column))
    .map(({ name }) => name)
  const featureNames = new Set(features)
  for (const column of table.columns) if (featureNames.has(column.name)) checkFinite(column, table.file)
  const encoded = learnPreprocessing(table, features)
  const width = inputNames(encoded).length
  if (width > MOST_INPUTS)
    throw new LearnError('columns_many', `${table.file}: expected at most ${MOST_INPUTS} inputs, found ${width}`)
  const preprocessing = algorithm === 'net' ? { steps: encoded.steps.map(step => scaled(step, table)) } : encoded
  return {
    labels,
    schema: table.columns.map(column => schemaOf(column, label, featureNames)),
    preprocessing,
    x: preprocess(preprocessing, table),
    space: spaceOf(table, features, labels.names, algorithm === 'net'),
    digest: await digestOf(bytesOf(table)),
  }
}

/** Numbers with a mean of 0 and a deviation of 1; what is missing is the mean. */
function scaled(step: Step, table: Table): Step {
  const column = table.columns.find(({ name }) => name === step.from)
  if (step.kind !== 'number' || column === undefined) return step
  const values = (column.values as Float64Array).filter(value => !Number.isNaN(value))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { ...step, mean, scale: Math.sqrt(variance) || 1, missing: 0 }
}
