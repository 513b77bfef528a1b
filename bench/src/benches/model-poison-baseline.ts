import { type Matrix, rowOf, rowsOf } from '../../../packages/learn/src/index.ts'
import { Anchor } from '../../../packages/learn/src/robust/poison/index.ts'
import { SeriesDetector } from '../../../packages/learn/src/series/index.ts'
import { alone, type Line, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import { readSkabNormal } from './model-poison-data.ts'
import { folderOf } from './quality-data.ts'

/** Rows that the anchor is frozen of, rows of a window that is learned from, and from one learning to the next. */
const ANCHOR = 4_000
const WINDOW = 2_000
const EVERY = 500
/** Rows at the end, in which the sensor stands where it walked to, and it is measured what goes unseen. */
const JUDGED = 1_000
/** How far the sensor walks in the end, in deviations of its values in the anchor's rows: in the same time, so the shorter walk is the slower one. */
const WALKS = [1.5, 3, 6]
/** What is learned as time goes on: the first rows alone, every window, or those that the anchor lets through. */
const LEARNING = ['never anew', 'as it is', 'anchored'] as const

/**
 * A detector that learns anew from the last rows as time goes on, and an attacker who drifts one sensor so slowly that each window teaches the next part of the walk. What is measured is the share of the last rows that are missed, and the
 * false alarms of the same detector where the sensor tells the truth in the end: each sensor that has a level of its own, up and down, and each size of the walk. Nothing is drawn.
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
  const walks = fit.flatMap(column => [-1, 1].map(direction => ({ column, direction })))
  yield* measured('nobody walks', [clean], clean)
  for (const size of WALKS) {
    const chosen = options.quick ? walks.slice(0, 1) : walks
    const poisoned = chosen.map(({ column, direction }) => walked(clean, column, direction * size))
    yield* measured(`a walk of ${size} deviations`, poisoned, clean)
  }
}

/** What each way of learning comes to on each table. */
function* measured(name: string, tables: readonly Matrix[], clean: Matrix): Generator<Line> {
  const subject = (metric: string) => ({ bench: 'model', case: `model-poison SKAB, ${name}`, metric, unit: '%' })
  for (const how of LEARNING) {
    progress(`model-poison: SKAB, ${name}, ${how}`)
    const runs = tables.map(rows => ({ rows, ...learned(rows, how) }))
    if (!tables.includes(clean)) {
      const missed = runs.map(({ rows, detector }) => 100 - alarms(detector, rows))
      yield alone(subject(`missed in the end, ${how}`), missed)
    }
    const falsely = runs.map(({ detector }) => alarms(detector, clean))
    yield alone(subject(`false alarms in the end, ${how}`), falsely)
    const refused = runs.map(run => run.refused)
    if (how === 'anchored') yield alone(subject('windows refused'), refused)
  }
}

/** The rows with one sensor that walks from the end of the anchor to the rows that are judged, and stays there. */
function walked(rows: Matrix, column: number, deviations: number): Matrix {
  const data = rows.data.slice()
  const values = Array.from({ length: ANCHOR }, (_, row) => data[row * rows.columns + column]!)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  const end = rows.rows - JUDGED
  for (let row = ANCHOR; row < rows.rows; row++) {
    const share = Math.min(1, (row - ANCHOR) / (end - ANCHOR))
    data[row * rows.columns + column]! += share * deviations * deviation
  }
  return { ...rows, data }
}

/** Learns as time goes on; the detector in the end, and the share of windows that were refused in %. */
function learned(rows: Matrix, how: (typeof LEARNING)[number]): { detector: SeriesDetector; refused: number } {
  const first = rowsOf(rows, 0, ANCHOR)
  const anchor = Anchor.freeze(first)
  let detector = SeriesDetector.fit(first)
  let refused = 0
  let windows = 0
  for (let to = ANCHOR + EVERY; to <= rows.rows - JUDGED; to += EVERY) {
    const window = rowsOf(rows, to - WINDOW, to)
    windows++
    if (how === 'never anew' || (how === 'anchored' && anchor.compare(window).length > 0)) refused++
    else detector = SeriesDetector.fit(window)
  }
  return { detector, refused: (100 * refused) / windows }
}

/** The share of the last rows with an alarm, in %. */
function alarms(detector: SeriesDetector, rows: Matrix): number {
  const stream = detector.stream()
  const end = rows.rows - JUDGED
  for (let row = end - WINDOW; row < end; row++) stream.warm(rowOf(rows, row))
  let count = 0
  for (let row = end; row < rows.rows; row++) count += Number(stream.push(rowOf(rows, row)).alarm)
  return (100 * count) / JUDGED
}
