import { LearnError } from '../base/error.ts'
import { Fields } from '../base/fields.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import { requireSeries } from './columns.ts'
import { Contrasts } from './contrast.ts'
import { requireAbove, requireWhole } from './online/step.ts'

/** How a `ChangeDetector` looks. Rows are counted in even steps of time. */
export interface ChangeOptions {
  /** Rows that the last ones are compared with. */
  readonly reference?: number
  /** How many last rows are compared, in each way. */
  readonly windows?: readonly number[]
  /** How many deviations of the training part's contrasts make a change. The default, `thresholdFor` the rows, cries every 5,000 rows or less often on noise of 8 sensors; 3.5 every 150, and sooner at a small step. */
  readonly threshold?: number
  /** While a change goes on, it is reported again after so many rows. */
  readonly again?: number
}

/** A fitted detector: plain data, to be kept as JSON. */
export interface ChangeModel {
  readonly columns: number
  readonly reference: number
  readonly windows: readonly number[]
  readonly threshold: number
  readonly again: number
  /** By window, then column: the contrast that makes a change; null where the training part had no values to tell it by. */
  readonly limits: readonly (readonly (number | null)[])[]
}

/** Fewest rows to train on. */
export const FEWEST_ROWS = 20
/** A column that never moved in training has changed when it moves by more than this share of its value. */
const ROUNDING = 1e-6
const TINY = 1e-9

/**
 * Learns from a part of a series, without labels, how much each column's last rows differ from the ones before them when all is as usual: drift and
 * autocorrelation are in that. A limit is `threshold` deviations of it, and never less than the greatest that was seen. On a short part reference and
 * windows are shortened. Errors: `series_short` (under 20 rows), `series_empty`, `series_not_finite`, `change_options`, `model_field` (what no model may say: a reference that is too long for so many columns), `matrix_ragged`.
 */
export function fitChange(
  training: Matrix,
  { reference = 60, windows = [5, 15], threshold = thresholdFor(training.rows), again = 20 }: ChangeOptions = {},
): ChangeModel {
  requireSeries(training)
  requireWhole('reference', reference, 2)
  requireAbove('threshold', threshold, 0)
  requireWhole('again', again, 1)
  if (windows.length === 0) throw new LearnError('change_options', 'no window to compare')
  for (const window of windows) requireWhole('a window', window, 1)
  const { rows, columns } = training
  if (rows < FEWEST_ROWS) {
    throw new LearnError('series_short', `expected at least ${FEWEST_ROWS} rows to train on, found ${rows}`)
  }
  // At least four references' worth of contrasts, or chance decides what is usual.
  const fit = Math.min(reference, Math.floor(rows / 5))
  const fitted = [...new Set(windows.map(window => Math.min(window, Math.max(1, fit >> 1))))]
  const contrasts = new Contrasts(columns, fit, fitted)
  const squares = fitted.map(() => new Float64Array(columns))
  const counts = fitted.map(() => new Float64Array(columns))
  const greatest = fitted.map(() => new Float64Array(columns))
  for (let row = 0; row < rows; row++) {
    contrasts.push(rowOf(training, row))
    for (let window = 0; window < fitted.length; window++) {
      for (let column = 0; column < columns; column++) {
        const contrast = Math.abs(contrasts.of(window, column))
        if (Number.isNaN(contrast)) continue
        squares[window]![column]! += contrast * contrast
        counts[window]![column]!++
        greatest[window]![column] = Math.max(greatest[window]![column]!, contrast)
      }
    }
  }
  const floors = floorsOf(training)
  const limits = fitted.map((_, window) =>
    floors.map((floor, column) => {
      const count = counts[window]![column]!
      if (count === 0) return null
      return Math.max(threshold * Math.sqrt(squares[window]![column]! / count), greatest[window]![column]!, floor)
    }),
  )
  return changeModelOf({ columns, reference: fit, windows: fitted, threshold, again, limits })
}

/** Enough rows to tell the deviations of the slowest contrasts by. */
const ENOUGH_ROWS = 400

/** The default threshold: 5, and .8 more for each halving of the rows under 400, whose own deviations are told too badly. */
function thresholdFor(rows: number): number {
  return 5 + 0.8 * Math.max(0, Math.log2(ENOUGH_ROWS / rows))
}

/** Numbers that a detector holds, at most, and how many windows it compares: what a file says must not take memory or time without end. */
const MOST_HELD = 2 ** 20
const MOST_WINDOWS = 64

/** Makes a model of what was kept of one: its counts agree and its numbers are such. Error: `model_field`, which names the field. */
export function changeFrom(fields: Fields): ChangeModel {
  const count = { least: 1, most: MOST_HELD }
  const above = { least: Number.MIN_VALUE }
  const columns = fields.whole('columns', count)
  const reference = fields.whole('reference', count)
  const windows = fields.items('windows', { least: 1, most: MOST_WINDOWS }, (each, at) => each.whole(at, count))
  const held = columns * (reference + Math.max(...windows))
  if (held > MOST_HELD)
    throw fields.wrong('reference', `is ${reference}: ${held} numbers would be held, of ${MOST_HELD}`)
  const limitOf = (each: Fields, at: string) => (each.has(at) ? each.number(at, above) : null)
  return {
    columns,
    reference,
    windows,
    threshold: fields.number('threshold', above),
    again: fields.whole('again', count),
    limits: fields.items('limits', { least: windows.length, most: windows.length }, (each, at) =>
      each.items(at, { least: columns, most: columns }, limitOf),
    ),
  }
}

/** The same of a model as plain data: JSON that was parsed. Error: `model_field`, also where it has another field. */
export function changeModelOf(kept: ChangeModel): ChangeModel {
  const fields = new Fields({ ...kept })
  const model = changeFrom(fields)
  fields.end()
  return model
}

function floorsOf({ rows, columns, data }: Matrix): number[] {
  return Array.from({ length: columns }, (_, column) => {
    let greatest = 0
    for (let row = 0; row < rows; row++) {
      const size = Math.abs(data[row * columns + column]!)
      if (size > greatest) greatest = size
    }
    return Math.max(ROUNDING * greatest, TINY)
  })
}
