import type { ModelRecord } from '@ringwall/learn/io'
import type { Exposed, Exposure, TelemetryWatch } from '@ringwall/learn/robust/telemetry'
import { RingwallError } from '../base/error.ts'
import { type Chosen, type ColumnOptions, chosenColumns, counted, readingOf } from './learn-columns.ts'
import { madeAt } from './learn-date.ts'
import { type CsvOptions, learning, readCsv } from './learn-input.ts'
import { TrainingBar } from './learn-progress.ts'
import { kept } from './learn-series-judge.ts'
import { processOf, readProcess } from './learn-spoof-process.ts'

/** What is said of the table, of learning and of the attack. */
export interface Source extends CsvOptions, ColumnOptions {
  readonly trainRows?: number
  readonly process?: string
  readonly approach: number
  readonly hold: number
  readonly starts: number
  readonly seed?: number
}

/** A watch, and the table whose rows are attacked. */
export interface Prepared {
  readonly chosen: Chosen
  readonly record: ModelRecord
  readonly watch: TelemetryWatch
  /** So many of the first rows were learned from. */
  readonly trainRows: number
  /** What the same rows are watched by without hardening; null where that is not known, or could not be learned, and why. */
  readonly plain: Exposed | null
  readonly why: string | null
}

/** Reads a table and a description, and learns a watch of it. Errors: `rows_too_few`, and those of `readProcess`, `readCsv`, `chosenColumns`, `processOf` and `learnWatch`. */
export async function learnedWatch(file: string, options: Source): Promise<Prepared> {
  const { trainRows = 0, process: described = '', seed = 1 } = options
  const { learnWatch } = await import('@ringwall/learn/io')
  const named = readProcess(described)
  const table = await readCsv(file, options, readingOf(options))
  if (trainRows >= table.rows) {
    const what = `--train-rows is ${trainRows}, and the table has ${counted(table.rows, 'row')}`
    throw new RingwallError('rows_too_few', what, 'Leave rows to attack.', { file })
  }
  const chosen = await chosenColumns(table, options, trainRows)
  const process = await learning(described, () => processOf(named, chosen.names, described))
  const bar = new TrainingBar('learning')
  try {
    const date = madeAt()
    const progress = (done: number): void => bar.update(done)
    const record = await learnWatch(chosen, { process, trainRows, date, seed, progress })
    return { chosen, record, watch: watchIn(record, file), trainRows, ...(await plainOf(record, chosen, trainRows)) }
  } finally {
    bar.end()
  }
}

/** What watches without hardening; rows that suit a watch may not suit a detector. */
async function plainOf(
  record: ModelRecord,
  { matrix }: Chosen,
  trainRows: number,
): Promise<Pick<Prepared, 'plain' | 'why'>> {
  const { LearnError } = await import('@ringwall/learn')
  const { plainWatch } = await import('@ringwall/learn/robust/telemetry')
  const train = { ...matrix, rows: trainRows, data: matrix.data.subarray(0, trainRows * matrix.columns) }
  try {
    return { plain: plainWatch(watchIn(record, '').process, train), why: null }
  } catch (error) {
    if (error instanceof LearnError) return { plain: null, why: error.message }
    throw error
  }
}

/** Reads a watch that was kept, and a table as it takes it. Errors: `model_no_watch`, and those of `kept`. */
export async function keptWatch(file: string, model: string, options: Source): Promise<Prepared> {
  const { ownRows } = await import('@ringwall/learn/io')
  const { chosen, record } = await kept(file, model, options)
  const watch = watchIn(record, model)
  return { chosen, record, watch, trainRows: await ownRows(record, chosen.matrix), plain: null, why: null }
}

function watchIn({ model }: ModelRecord, file: string): TelemetryWatch {
  if (model.kind === 'watch') return model.model
  const what = `it is a model of kind ${model.kind}, and no watch of sensors`
  throw new RingwallError('model_no_watch', what, 'Name a model that learn spoof --save has kept.', { file })
}

/** How far each sensor can be spoofed, with the watch and without. */
export interface Found {
  readonly after: readonly Exposure[]
  readonly before: readonly Exposure[] | null
}

/** Attacks the rows that were not learned from. Error: `rows_too_few`. */
export async function exposed(file: string, prepared: Prepared, options: Source): Promise<Found> {
  const { watch, plain, trainRows, chosen } = prepared
  const { approach, hold, starts } = options
  const { exposureOf, settleOf } = await import('@ringwall/learn/robust/telemetry')
  const { rows, columns, data } = chosen.matrix
  const others = { rows: rows - trainRows, columns, data: data.subarray(trainRows * columns) }
  const least = settleOf(watch.process) + approach + hold
  if (others.rows < least) {
    const what = `${counted(others.rows, 'row')} that nothing was learned from: an attack takes ${least}`
    throw new RingwallError('rows_too_few', what, 'Give more rows, or say fewer for --train-rows.', { file })
  }
  const bar = new TrainingBar('attacking')
  const share = (from: number) => (done: number) => bar.update(plain === null ? done : (from + done) / 2)
  try {
    const attack = { approach, hold, starts }
    const before = plain === null ? null : exposureOf(plain, others, { ...attack, progress: share(0) })
    return { before, after: exposureOf(watch, others, { ...attack, progress: share(1) }) }
  } finally {
    bar.end()
  }
}
