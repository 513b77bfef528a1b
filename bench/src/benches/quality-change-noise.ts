import { ChangeDetector, type ChangeOptions } from '../../../packages/learn/src/change/index.ts'
import { type Matrix, randomOf, rowOf, rowsOf } from '../../../packages/learn/src/index.ts'
import { alone, type Line, progress } from '../base/report.ts'
import { median } from '../base/stats.ts'
import type { Setting } from './bench.ts'

const SENSORS = 8
/** Rows that are learned from, and the threshold; none is the default for so many rows. */
const CASES: readonly (readonly [learned: number, threshold?: number])[] = [
  [400, 3.5],
  [400, 4],
  [400, 4.5],
  [400],
  [400, 5.5],
  [200, 5],
  [200],
  [100],
  [2_000, 4],
  [2_000],
]
const AUTOCORRELATIONS = [0, 0.5]
/** In deviations, at one sensor. */
const STEPS = [1, 2, 3]
/** Rows of noise before a step, and behind it, where what is new has become usual. */
const BEFORE = 80
const USUAL = 75

/** How often the change detector cries on noise of eight sensors in which nothing changes, and how soon it finds a step at one of them, by its threshold. */
export function* qualityChangeNoise({ options: { only, quick, seed } }: Setting): Generator<Line> {
  if (only !== undefined && !only.startsWith('change noise')) return
  const [series, rows, steps] = quick ? [2, 2_000, 10] : [20, 10_000, 100]
  for (const r of AUTOCORRELATIONS) {
    for (const [learned, threshold] of CASES) {
      const options = threshold === undefined ? {} : { threshold }
      const named = `change noise, r ${r}, ${learned} rows, ${threshold === undefined ? 'default' : `threshold ${threshold}`}`
      progress(named)
      const subject = { bench: 'quality', case: named, unit: 'rows' }
      const cries = countOf(series, i => criesOn(noise(learned + rows, r, seed + i), learned, options))
      const note = cries === 0 ? { note: 'none' } : {}
      yield alone({ ...subject, metric: 'rows for each false alarm', ...note }, [(series * rows) / Math.max(1, cries)])
      for (const step of STEPS) {
        const delays = Array.from({ length: steps }, (_, i) => {
          return delayOf(
            noise(learned + BEFORE + USUAL, r, seed + 1_000 + i),
            { learned, step, sensor: i % SENSORS },
            options,
          )
        })
        const known = delays.filter(delay => delay !== null)
        const note =
          2 * known.length < steps
            ? 'no median delay'
            : `median delay ${median(delays.map(delay => delay ?? USUAL))} rows`
        const metric = `step of ${step} found`
        yield alone({ ...subject, metric, unit: '%', note }, [(100 * known.length) / steps])
      }
    }
  }
}

function countOf(times: number, of: (i: number) => number): number {
  return Array.from({ length: times }, (_, i) => of(i)).reduce((sum, each) => sum + each, 0)
}

function criesOn(matrix: Matrix, learned: number, options: ChangeOptions): number {
  const detector = ChangeDetector.fit(rowsOf(matrix, 0, learned), options)
  return countOf(matrix.rows - learned, i => Number(detector.next(rowOf(matrix, learned + i)).change))
}

/** Rows from a step to the first cry that blames its sensor, as cries by chance seldom do; null where there is none until the step has become usual. */
function delayOf(
  matrix: Matrix,
  { learned, step, sensor }: { readonly learned: number; readonly step: number; readonly sensor: number },
  options: ChangeOptions,
): number | null {
  const detector = ChangeDetector.fit(rowsOf(matrix, 0, learned), options)
  const from = learned + BEFORE
  for (let row = learned; row < matrix.rows; row++) {
    const values = rowOf(matrix, row)
    if (row >= from) values[sensor]! += step
    const { change, sensor: blamed } = detector.next(values)
    if (change && blamed === sensor && row >= from) return row - from
  }
  return null
}

/** Noise of a deviation of 1 and an autocorrelation of r from row to row. */
function noise(rows: number, r: number, seed: number): Matrix {
  const random = randomOf(seed)
  const data = new Float32Array(rows * SENSORS)
  for (let at = 0; at < data.length; at++) {
    const before = at < SENSORS ? random.normal() : data[at - SENSORS]!
    data[at] = r * before + Math.sqrt(1 - r * r) * random.normal()
  }
  return { rows, columns: SENSORS, data }
}
