import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf, rowsOf } from '../base/matrix.ts'
import { type DetectorOptions, SeriesDetector } from './detector.ts'
import type { Judgment } from './judgment.ts'

/** The share of the time that learning takes, by and large. */
const LEARNING = 0.5
const REPORT_ROWS = 500

/**
 * Learns from the first rows of a table and judges the others; the first get scores, but no alarms. This is `ringwall learn series`.
 * Errors: those of `fit`.
 */
export function detectSeries(rows: Matrix, trainRows: number, options: DetectorOptions = {}): Judgment[] {
  const { progress = () => {} } = options
  checkRows(rows, trainRows)
  const learning = { ...options, progress: (done: number) => progress(LEARNING * done) }
  const detector = SeriesDetector.fit(rowsOf(rows, 0, trainRows), learning)
  return judgeSeries(detector, rows, trainRows, done => progress(LEARNING + (1 - LEARNING) * done))
}

/**
 * Judges all rows of one device. So many of the first are known to be normal, such as those that were learned from: they get scores, but no alarms.
 * Errors: `rows_too_few`, `row_width`.
 */
export function judgeSeries(
  detector: SeriesDetector,
  rows: Matrix,
  normalRows: number,
  progress: (done: number) => void = () => {},
): Judgment[] {
  checkRows(rows, normalRows)
  const scores = detector.stream()
  const stream = detector.stream()
  return Array.from({ length: rows.rows }, (_, row) => {
    if (row % REPORT_ROWS === 0) progress(row / rows.rows)
    const values = rowOf(rows, row)
    if (row >= normalRows) return stream.push(values)
    stream.warm(values)
    return { ...scores.push(values), alarm: false, onset: false, sensor: -1 }
  })
}

function checkRows({ rows }: Matrix, first: number): void {
  if (!(Number.isInteger(first) && first >= 0 && first <= rows))
    throw new LearnError('rows_too_few', `${first} training rows of a table of ${rows}`)
}
