import { LearnError } from '../../base/error.ts'
import { type Matrix, rowsOf } from '../../base/matrix.ts'
import { type ProcessDescription, TelemetryWatch } from '../../robust/telemetry/index.ts'
import type { Numbers } from '../table/index.ts'
import { digestOfRows, ownRows, plainRecord } from './plain-record.ts'
import type { ModelRecord } from './record.ts'
import { watchCalibration } from './watch.ts'

/** How a watch is learned. */
export interface LearnWatchOptions {
  /** What is watched, by the columns of the table. */
  readonly process: ProcessDescription
  /** Rows that are normal, from the first one on. */
  readonly trainRows: number
  /** When, for the record: ISO 8601. */
  readonly date: string
  /** Of nets; 1. */
  readonly seed?: number
  /** From 0 to 1. */
  readonly progress?: (done: number) => void
}

/** Learns a watch of what a process is described to be, from the first rows of a table. Errors: those of `TelemetryWatch.fit`. */
export async function learnWatch({ names, matrix }: Numbers, options: LearnWatchOptions): Promise<ModelRecord> {
  const { process, trainRows, date, seed = 1, progress } = options
  if (!(Number.isInteger(trainRows) && trainRows >= 0 && trainRows <= matrix.rows))
    throw new LearnError('rows_too_few', `${trainRows} training rows of a table of ${matrix.rows}`)
  const train = rowsOf(matrix, 0, trainRows)
  const model = await TelemetryWatch.fit(process, train, { seed, ...(progress === undefined ? {} : { progress }) })
  return {
    model: { kind: 'watch', model },
    ...plainRecord({ names, matrix: train }),
    classes: [],
    calibration: watchCalibration(model),
    training: {
      rows: trainRows,
      seed,
      options: {},
      data: await digestOfRows(names, train),
      date,
    },
  }
}

/** What a row was found to be by a watch. */
export interface WatchRow {
  /** The highest score over its threshold: an alarm above 1. */
  readonly score: number
  readonly alarm: boolean
  /** The column whose residual it is; -1 where the score is 0. */
  readonly sensor: number
}

/**
 * Judges the rows of a machine by a watch of it, in the model's order of columns. Where the first rows are those that the model learned from, they get scores and no alarms.
 * Errors: `model_no_watch`, `row_width`.
 */
export async function judgeWatchRows(
  record: ModelRecord,
  matrix: Matrix,
  progress: (done: number) => void = () => {},
): Promise<{ readonly rows: WatchRow[]; readonly trainRows: number }> {
  if (record.model.kind !== 'watch')
    throw new LearnError('model_no_watch', `a model of kind ${record.model.kind} watches no sensors`)
  const trainRows = await ownRows(record, matrix)
  const judged = record.model.model.judge(matrix, progress)
  return { rows: judged.map((each, row) => ({ ...each, alarm: each.alarm && row >= trainRows })), trainRows }
}
