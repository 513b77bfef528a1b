import { LearnError } from '../../base/error.ts'
import { largest } from '../../base/largest.ts'
import type { Matrix } from '../../base/matrix.ts'
import { GREATEST } from '../../base/single.ts'
import { type Deciding, type Decision, decisionsOf } from '../../ensemble/index.ts'
import {
  type AnyModel,
  digestOf,
  ensembleIn,
  inputNames,
  type LoadedModel,
  learnPreprocessing,
  type ModelRecord,
  preprocess,
  type TrainingRecord,
} from '../model/index.ts'
import { type Column, columnOf, type Table } from '../table/index.ts'
import { judgedInBlocks } from './blocks.ts'
import { learnEnsemble } from './ensemble.ts'
import { type Algorithm, type ClassifyOptions, fitClassifier } from './fit.ts'
import { countsOf, labelsOf } from './labels.ts'
import { bytesOf, isEmpty, schemaOf } from './schema.ts'

/** What is learned from a table. */
export interface LearnOptions extends Omit<ClassifyOptions, 'algorithm'> {
  /** One model (`auto`: the better one), or an ensemble of three. */
  readonly algorithm?: Algorithm | 'ensemble'
  /** Of an ensemble: whether the table is a stream, and the order of its rows is learned from. */
  readonly stream?: boolean
  /** Of an ensemble: the class that is normal, where it is to tell attacks that nobody has seen. */
  readonly normal?: string
  /** The column of classes. */
  readonly label: string
  /** Columns that are not learned from. */
  readonly ignore?: readonly string[]
  /** When, for the record: ISO 8601. */
  readonly date: string
}

/** Learns classes from a table; columns of times, and those without a value, are not learned from. Errors: `columns_many`, `value_infinite`, and those of `labelsOf`, `learnPreprocessing` and `fitClassifier`. */
export async function learnTable(table: Table, options: LearnOptions): Promise<ModelRecord> {
  const { label, ignore = [], date, seed = 1, algorithm = 'auto' } = options
  const labels = labelsOf(table, label)
  for (const name of ignore) columnOf(table, name)
  const features = table.columns
    .filter(column => column.kind !== 'time' && column.name !== label && !ignore.includes(column.name))
    .filter(column => !isEmpty(column))
    .map(({ name }) => name)
  const featureNames = new Set(features)
  for (const column of table.columns) if (featureNames.has(column.name)) checkFinite(column, table.file)
  const preprocessing = learnPreprocessing(table, features)
  const width = inputNames(preprocessing).length
  if (width > MOST_INPUTS)
    throw new LearnError('columns_many', `${table.file}: expected at most ${MOST_INPUTS} inputs, found ${width}`)
  const shared = { schema: table.columns.map(column => schemaOf(column, label, featureNames)), classes: labels.names }
  const record = async (its: TrainingRecord['options'], figures: Readonly<Record<string, number>>) => ({
    rows: table.rows,
    seed,
    options: its,
    data: await digestOf(bytesOf(table)),
    date,
    classRows: countsOf(labels),
    figures,
  })
  if (algorithm === 'ensemble') {
    const { stream = false, normal, progress = () => {} } = options
    const asked = { stream, ...(normal === undefined ? {} : { normal }) }
    const { figures, ...learned } = await learnEnsemble(table, preprocessing, labels, { seed, ...asked, progress })
    return { ...shared, ...learned, training: await record({ algorithm, ...asked, label, ignore }, figures) }
  }
  const inputs = {
    all: preprocess(preprocessing, table),
    by: (rows: Int32Array) => preprocess(learnPreprocessing(table, features, rows), table),
  }
  const { model, judgments, judgedRows, settings } = fitClassifier(inputs, labels, { ...options, algorithm })
  const measured = Object.entries(judgments).flatMap(([name, judgment]) =>
    Object.entries(judgment).map(([figure, value]) => [`${name} ${figure}`, value] as const),
  )
  return {
    ...shared,
    model,
    preprocessing,
    training: await record(
      { ...settings, asked: algorithm, label, ignore },
      { 'rows judged by': judgedRows, ...Object.fromEntries(measured) },
    ),
  }
}

/** What a classifier says of the rows of a table. */
export interface Told {
  readonly classes: readonly string[]
  /** For each row which class is the likeliest. */
  readonly predicted: Int32Array
  /** Row after row the probability of each class. */
  readonly probabilities: Float32Array
  /** Of an ensemble: how doubtful each row is, from 0 to 1, and whether it is decided. */
  readonly doubts?: { readonly doubt: Float64Array; readonly decisions: readonly Decision[] }
  /** Of a detector of attacks: how rare rows as odd as each are among normal ones. */
  readonly unseen?: Float64Array
}

/** The share of rows like those that were learned that go undecided, where nothing is said. */
export const FALSE_DOUBTS = 0.05

/** Says the classes of rows. @param deciding when an ensemble decides; @param progress how far an ensemble is, from 0 to 1. Errors: `not_a_classifier`, `column_unknown`, `column_kind`, `option_wrong`. */
export function tellTable(
  { model, preprocessing, classes }: ModelRecord | LoadedModel,
  table: Table,
  deciding: Deciding = { falseDoubts: FALSE_DOUBTS },
  progress: (done: number) => void = () => {},
): Told {
  const ensemble = ensembleIn(model)
  if (ensemble !== null) {
    const rows = preprocess(preprocessing, table)
    const { unseen, ...judged } = judgedInBlocks(rows, progress, block => ({
      ...ensemble.judge(block),
      unseen: model.kind === 'attack-detector' ? model.model.pValues(block) : new Float64Array(0),
    }))
    const { predicted, probabilities, doubt } = judged
    return {
      classes,
      predicted,
      probabilities: probabilities.data,
      doubts: { doubt, decisions: decisionsOf(judged, deciding) },
      ...(model.kind === 'attack-detector' ? { unseen } : {}),
    }
  }
  const probabilities = probabilitiesOf(model, preprocess(preprocessing, table))
  const predicted = Int32Array.from({ length: table.rows }, (_, row) =>
    largest(probabilities, row * classes.length, classes.length),
  )
  return { classes, predicted, probabilities }
}

/** Row after row the probability of each class, by any model that tells classes. Error: `not_a_classifier`. */
export function probabilitiesOf(each: AnyModel, rows: Matrix): Float32Array {
  const several = ensembleIn(each)
  if (several !== null) return several.probabilities(rows).data
  if (each.kind === 'mlp-classifier') return each.model.probabilities(rows).data
  if (each.kind === 'boosted-trees' || each.kind === 'random-forest') return each.model.predictProbabilities(rows)
  throw new LearnError('not_a_classifier', `a model of kind ${each.kind} tells no classes of rows`)
}

/** Each takes some 60 KiB while it is learned from. */
export const MOST_INPUTS = 20_000

/** Error: `value_infinite`, with the row. */
export function checkFinite({ name, kind, values }: Column, file: string): void {
  if (kind !== 'number') return
  const row = values.findIndex(value => Math.abs(value) > GREATEST)
  if (row >= 0)
    throw new LearnError('value_infinite', `${file}: column '${name}', row ${row}: ${values[row]} is beyond 3e38`)
}
