import { LearnError } from '../../base/error.ts'
import { type Matrix, rowsOf } from '../../base/matrix.ts'
import { changesOf, fitChange } from '../../change/index.ts'
import { type DetectorOptions, type Judgment, judgeSeries, SeriesDetector } from '../../series/index.ts'
import type { Numbers } from '../table/index.ts'
import { digestOfRows, ownRows, plainRecord } from './plain-record.ts'
import type { ModelRecord } from './record.ts'
import { seriesCalibration } from './series.ts'

/** How a series is learned. */
export interface LearnSeriesOptions extends Omit<DetectorOptions, 'progress'> {
  /** Rows that are normal, from the first one on. */
  readonly trainRows: number
  /** Deviations by which the last rows must differ from those before for a change; as `fitChange` has it if absent. */
  readonly changeLimit?: number
  /** When, for the record: ISO 8601. */
  readonly date: string
  /** From 0 to 1. */
  readonly progress?: (done: number) => void
}

/** Learns what the first rows of a series are like, and how it changes. Errors: those of `SeriesDetector.fit` and `fitChange`. */
export async function learnSeries({ names, matrix }: Numbers, options: LearnSeriesOptions): Promise<ModelRecord> {
  const { trainRows, changeLimit, date, ...given } = options
  if (!(Number.isInteger(trainRows) && trainRows >= 0 && trainRows <= matrix.rows))
    throw new LearnError('rows_too_few', `${trainRows} training rows of a table of ${matrix.rows}`)
  const train = rowsOf(matrix, 0, trainRows)
  const detector = SeriesDetector.fit(train, given)
  const model = { detector, change: fitChange(train, changeLimit === undefined ? {} : { threshold: changeLimit }) }
  const { off, oldest } = detector.learned
  const figures = detector.channels.flatMap(({ name, calibration, threshold }): [string, number][] => [
    [`${name}: scores of normal rows`, calibration.count],
    [`${name}: share of them at its threshold`, calibration.p(threshold)],
  ])
  return {
    model: { kind: 'series', model },
    ...plainRecord({ names, matrix: train }),
    classes: [],
    calibration: seriesCalibration(model),
    training: {
      rows: trainRows,
      // Nothing is drawn.
      seed: 0,
      options: {
        falseAlarms: options.falseAlarms ?? null,
        changeLimit: changeLimit ?? null,
        off,
        oldest: Number.isFinite(oldest) ? oldest : null,
      },
      data: await digestOfRows(names, train),
      date,
      figures: Object.fromEntries(figures),
    },
  }
}

/** What a row of a series was found to be: judged by its score, and whether something changed. */
export interface SeriesRow extends Judgment {
  readonly change: boolean
}

/**
 * Judges the rows of a series by a model of it, in the model's order of columns. Where the first rows are those that the model learned from, they get scores and no alarms, as when it was learned; all others are judged.
 * Errors: `model_no_series`, `row_width`, `series_not_finite`.
 */
export async function judgeRows(
  record: ModelRecord,
  matrix: Matrix,
  progress: (done: number) => void = () => {},
): Promise<{ readonly rows: SeriesRow[]; readonly trainRows: number }> {
  if (record.model.kind !== 'series')
    throw new LearnError('model_no_series', `a model of kind ${record.model.kind} does not judge series`)
  const { detector, change } = record.model.model
  const trainRows = await ownRows(record, matrix)
  const judged = judgeSeries(detector, matrix, trainRows, progress)
  const changes = change === null ? [] : changesOf(change, matrix)
  const rows = judged.map((judgment, row): SeriesRow => {
    const found = row >= trainRows && changes[row]?.change === true ? changes[row] : undefined
    const sensor = judgment.sensor < 0 ? (found?.sensor ?? -1) : judgment.sensor
    return { ...judgment, sensor, change: found !== undefined }
  })
  return { rows, trainRows }
}
