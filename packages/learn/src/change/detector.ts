import type { Matrix } from '../base/matrix.ts'
import { normalAbove } from '../linear/index.ts'
import { Contrasts } from './contrast.ts'
import { type ChangeModel, type ChangeOptions, changeModelOf, fitChange } from './model.ts'
import { type ChangeStep, type OnlineDetector, requireRow, SILENT, stepsOf } from './online/step.ts'

/**
 * Tells from row to row whether a series over several sensors has changed, how surely, at which sensor and since when. It compares the last rows of each
 * sensor with those before them, in the measure of how much they differed in the training part, so that it follows slow drift and learns what is new within
 * a reference's length. Bounded: (reference + longest window) numbers a sensor, and reference times windows additions a sensor and row.
 */
export class ChangeDetector implements OnlineDetector {
  readonly model: ChangeModel
  readonly #contrasts: Contrasts
  #lastReport = -Infinity

  /** Error: `model_field`, of one that was kept and is none. */
  constructor(model: ChangeModel) {
    this.model = changeModelOf(model)
    this.#contrasts = new Contrasts(model.columns, model.reference, model.windows)
  }

  /** Fits and makes one that has not yet seen a row. Errors: those of `fitChange`. */
  static fit(training: Matrix, options?: ChangeOptions): ChangeDetector {
    return new ChangeDetector(fitChange(training, options))
  }

  next(row: ArrayLike<number>): ChangeStep {
    requireRow(row, this.model.columns)
    this.#contrasts.push(row)
    const { sensor, ratio } = this.#strongest()
    if (sensor === null) return SILENT
    const { limits, threshold, again } = this.model
    const looks = limits.length * this.model.columns
    const confidence = Math.max(0, 1 - looks * 2 * normalAbove(ratio * threshold))
    const at = this.#contrasts.rows - 1
    if (ratio <= 1 || at - this.#lastReport < again) return { change: false, confidence, sensor, since: null }
    this.#lastReport = at
    return { change: true, confidence, sensor, since: this.#onset(sensor) }
  }

  /** The sensor whose contrast is the greatest share of its limit. */
  #strongest(): { sensor: number | null; ratio: number } {
    let sensor: number | null = null
    let ratio = -1
    for (const [window, limits] of this.model.limits.entries()) {
      for (const [column, limit] of limits.entries()) {
        if (limit === null) continue
        const share = Math.abs(this.#contrasts.of(window, column)) / limit
        if (!(share > ratio)) continue
        ratio = share
        sensor = column
      }
    }
    return { sensor, ratio }
  }

  /** The row at which the held rows of a sensor are best cut in two levels, not longer ago than twice the longest window. */
  #onset(sensor: number): number {
    const { rows } = this.#contrasts
    const span = Math.min(rows, this.#contrasts.span)
    const held = Array.from({ length: span }, (_, i) => this.#contrasts.ago(sensor, span - 1 - i))
    const total = held.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0)
    const present = held.filter(value => !Number.isNaN(value)).length
    let sum = 0
    let count = 0
    let best = span - 1
    let most = -Infinity
    const first = Math.max(1, span - 2 * Math.max(...this.model.windows))
    for (const [cut, value] of held.entries()) {
      if (cut >= first && count > 0 && count < present) {
        const off = sum / count - (total - sum) / (present - count)
        const gain = ((count * (present - count)) / present) * off * off
        if (gain > most) {
          most = gain
          best = cut
        }
      }
      if (Number.isNaN(value)) continue
      sum += value
      count++
    }
    return rows - span + best
  }
}

/** What a fitted detector would have said live of each row of a matrix, from its first one on. Errors: those of `ChangeDetector.next`. */
export function changesOf(model: ChangeModel, matrix: Matrix): ChangeStep[] {
  return stepsOf(new ChangeDetector(model), matrix)
}
