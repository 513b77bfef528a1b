import { type ChangeStep, type OnlineDetector, requireRow, requireWhole, SILENT } from './step.ts'

/** One detector of one variable for each column: a change in any is a change, and the surest column is blamed. */
export class EachSensor implements OnlineDetector {
  readonly #detectors: readonly OnlineDetector[]

  /** Error: `change_options`. */
  constructor(columns: number, make: () => OnlineDetector) {
    requireWhole('columns', columns, 1)
    this.#detectors = Array.from({ length: columns }, make)
  }

  next(row: ArrayLike<number>): ChangeStep {
    requireRow(row, this.#detectors.length)
    let best = SILENT
    for (const [sensor, detector] of this.#detectors.entries()) {
      const step = detector.next([row[sensor]!])
      const stronger = step.change === best.change ? step.confidence > best.confidence : step.change
      if (step.sensor !== null && (best.sensor === null || stronger)) best = { ...step, sensor }
    }
    return best
  }
}
