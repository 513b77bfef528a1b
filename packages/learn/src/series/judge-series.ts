import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import type { SeriesDetector } from './detector.ts'
import type { Judgment } from './judgment.ts'

const REPORT_ROWS = 500

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
  if (!(Number.isInteger(normalRows) && normalRows >= 0 && normalRows <= rows.rows))
    throw new LearnError('rows_too_few', `${normalRows} training rows of a table of ${rows.rows}`)
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
