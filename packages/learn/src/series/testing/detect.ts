import { type Matrix, rowsOf } from '../../base/matrix.ts'
import { type DetectorOptions, type Judgment, judgeSeries, SeriesDetector } from '../index.ts'

/** Learns from the first rows of a table and judges all of them, as `ringwall learn series` does. */
export function detectSeries(rows: Matrix, trainRows: number, options: DetectorOptions = {}): Judgment[] {
  const detector = SeriesDetector.fit(rowsOf(rows, 0, trainRows), options)
  return judgeSeries(detector, rows, trainRows, options.progress)
}
