import { type Matrix, randomOf, rowOf, rowsOf } from '../../../packages/learn/src/index.ts'
import { Anchor } from '../../../packages/learn/src/robust/poison/index.ts'
import { SeriesDetector } from '../../../packages/learn/src/series/index.ts'
import { alone, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import { readSkabNormal } from './model-poison-data.ts'
import { folderOf } from './quality-data.ts'

/** Rows that the anchor is frozen of, rows of a window that is learned from, and from one learning to the next. */
const ANCHOR = 4_000
const WINDOW = 2_000
const EVERY = 500
/** Rows in which the sensor walks, and those at the end in which it is measured what goes unseen. */
const JUDGED = 1_000
/** How far the sensor walks in the end, in its deviations. */
const WALK = 6

/**
 * A detector that learns anew from the last rows as time goes on, and an attacker who drifts one sensor so slowly that each window teaches the next part of the walk. What is measured is the share of rows that are missed in the end, when
 * the sensor stands six deviations from where it was when the run began: with every window learned from, and with those only that the anchor lets through.
 */
export const modelPoisonBaseline: Bench = async function* ({ options }) {
  const folder = folderOf('skab')
  if (folder === null) {
    progress('model-poison: SKAB skipped, ../shared/data/skab is not there')
    return
  }
  const clean = readSkabNormal(folder)
  // A sensor that has no level of its own is not judged by it, whoever moves it.
  const { unfit } = SeriesDetector.fit(rowsOf(clean, 0, ANCHOR))
  const fit = Array.from({ length: clean.columns }, (_, at) => at).filter(at => !unfit.has(at))
  const figures = new Map<string, number[]>()
  const add = (metric: string, value: number) => figures.set(metric, [...(figures.get(metric) ?? []), value])
  for (const seed of options.quick ? [1] : [1, 2, 3]) {
    progress(`model-poison: SKAB baseline, seed ${seed}`)
    const random = randomOf(seed)
    const column = fit[random.below(fit.length)]!
    const poisoned = walked(clean, column, random.next() < 0.5 ? -1 : 1)
    for (const [how, anchored] of [['as it is', false] as const, ['anchored', true] as const]) {
      const attacked = run(poisoned, anchored)
      add(`missed in the end, ${how}`, 100 * attacked.silent)
      add(`windows refused under attack, ${how}`, 100 * attacked.refused)
      const honest = run(clean, anchored)
      add(`false alarms in the end, ${how}`, 100 * (1 - honest.silent))
      add(`windows refused without attack, ${how}`, 100 * honest.refused)
    }
  }
  for (const [metric, values] of figures)
    yield alone({ bench: 'model', case: 'model-poison SKAB, shifted baseline', metric, unit: '%' }, values)
}

/** The rows with one sensor that walks from the end of the anchor to the rows that are judged, and stays there. */
function walked(rows: Matrix, column: number, direction: number): Matrix {
  const data = rows.data.slice()
  const values = Array.from({ length: ANCHOR }, (_, row) => data[row * rows.columns + column]!)
  const mean = values.reduce((sum, value) => sum + value, 0) / ANCHOR
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / WINDOW)
  const end = rows.rows - JUDGED
  for (let row = ANCHOR; row < rows.rows; row++) {
    const share = Math.min(1, (row - ANCHOR) / (end - ANCHOR))
    data[row * rows.columns + column]! += direction * share * WALK * deviation
  }
  return { ...rows, data }
}

/** Learns as time goes on; the share of the last rows without an alarm, and that of windows that were refused. */
function run(rows: Matrix, anchored: boolean): { silent: number; refused: number } {
  const first = rowsOf(rows, 0, ANCHOR)
  const anchor = Anchor.freeze(first)
  let detector = SeriesDetector.fit(first)
  let refused = 0
  let windows = 0
  const end = rows.rows - JUDGED
  for (let to = ANCHOR + EVERY; to <= end; to += EVERY) {
    const window = rowsOf(rows, to - WINDOW, to)
    windows++
    if (anchored && anchor.compare(window).length > 0) refused++
    else detector = SeriesDetector.fit(window)
  }
  const stream = detector.stream()
  for (let row = end - WINDOW; row < end; row++) stream.warm(rowOf(rows, row))
  let silent = 0
  for (let row = end; row < rows.rows; row++) silent += Number(!stream.push(rowOf(rows, row)).alarm)
  return { silent: silent / JUDGED, refused: refused / windows }
}
