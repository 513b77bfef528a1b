import type { ModelRecord } from '@ringwall/learn/io'
import { RingwallError } from '../base/error.ts'
import type { ScoredRow } from './learn-alarms.ts'
import { type Chosen, type ColumnOptions, chosenColumns, counted, readingOf, timesIn } from './learn-columns.ts'
import { madeAt } from './learn-date.ts'
import { type CsvOptions, readCsv, readModelFile } from './learn-input.ts'
import { TrainingBar } from './learn-progress.ts'

/** What is said of the table and of learning. */
export interface Source extends CsvOptions, ColumnOptions {
  readonly trainRows?: number
  readonly falseAlarms?: number
  /** Deviations that make a change. */
  readonly changeLimit?: number
}

/** A series as it is judged: its columns in the model's order, its clock, and the model. */
export interface Prepared {
  readonly chosen: Chosen
  readonly times: Float64Array | null
  readonly record: ModelRecord
}

/** Reads a series and learns it. Errors: `rows_too_few`, `usage`, and those of `readCsv`, `chosenColumns` and `learnSeries`. */
export async function learned(file: string, options: Source): Promise<Prepared> {
  const { trainRows = 0, time, falseAlarms, changeLimit } = options
  const { learnSeries } = await import('@ringwall/learn/io')
  const table = await readCsv(file, options, readingOf(options))
  if (trainRows >= table.rows) {
    const what = `--train-rows is ${trainRows}, and the table has ${counted(table.rows, 'row')}`
    throw new RingwallError('rows_too_few', what, 'Leave rows to judge.', { file })
  }
  const chosen = await chosenColumns(table, options, trainRows)
  if (chosen.names.length === 1 && falseAlarms !== undefined) {
    const what = '--false-alarms is for several sensors, and one is judged here: by its records, which have no rate'
    throw new RingwallError('usage', what, 'Leave the option out, or let more columns count.', { file })
  }
  const times = await timesIn(table, time)
  const bar = new TrainingBar('learning')
  try {
    const progress = (done: number): void => bar.update(done)
    const given = {
      ...(falseAlarms === undefined ? {} : { falseAlarms }),
      ...(changeLimit === undefined ? {} : { changeLimit }),
    }
    const date = madeAt()
    return { chosen, times, record: await learnSeries(chosen, { trainRows, date, progress, ...given }) }
  } finally {
    bar.end()
  }
}

/** Reads a model, and a series as it takes it. Errors: `model_no_series`, `file_unusable`, and those of `readModel`, `readCsv` and `preprocess`. */
export async function kept(file: string, model: string, options: Source): Promise<Prepared> {
  const { time } = options
  const { inputNames, kindsOf, preprocess } = await import('@ringwall/learn/io')
  const record = await readModelFile(model)
  if (record.model.kind !== 'series' && record.model.kind !== 'watch') {
    const what = `it is a model of kind ${record.model.kind}, and a series is judged by one of kind series or watch`
    const hint = 'Name a model that learn series --save or learn spoof --save has kept.'
    throw new RingwallError('model_no_series', what, hint, { file: model })
  }
  const known = inputNames(record.preprocessing)
  const table = await readCsv(file, options, {
    kinds: kindsOf(record),
    // Times are looked for among the columns that the model does not know.
    skips: (name, looksLike) => !known.includes(name) && name !== time && looksLike !== 'time',
    ...(time === undefined ? {} : { time }),
  })
  const left = table.columns
    .filter(({ name }) => !known.includes(name))
    .map(({ name, kind }) => ({ name, why: name === time || kind === 'time' ? 'time' : 'not in the model' }))
  const unnamed = table.dialect.header ? null : table.columns.length
  const chosen = { names: known, matrix: preprocess(record.preprocessing, table), left, unnamed }
  return { chosen, times: await timesIn(table, time), record }
}

/** Judges a series by its model, or by a watch. */
export async function judged(
  record: ModelRecord,
  { matrix }: Chosen,
): Promise<{ rows: readonly ScoredRow[]; trainRows: number }> {
  const { judgeRows, judgeWatchRows } = await import('@ringwall/learn/io')
  const bar = new TrainingBar('judging')
  try {
    const progress = (done: number): void => bar.update(done)
    if (record.model.kind === 'series') return await judgeRows(record, matrix, progress)
    const { rows, trainRows } = await judgeWatchRows(record, matrix, progress)
    // A watch tells no changes.
    return { rows: rows.map(row => ({ ...row, change: false })), trainRows }
  } finally {
    bar.end()
  }
}
