import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { Sanitizer } from '../index.ts'

/** Rows of a sensor's values for tests and benches. */
export const ROWS = 3_000
/** Rows 2,000 to 2,200 are wrong where a stretch is. */
const [FROM, TO] = [2_000, 2_200]
const [LONG_FROM, LONG_ROWS] = [1_000, 400]

/** The share of a sensor's good values that is taken out by what is learned from themselves. */
export function shareTaken(values: readonly number[]): number {
  return taken(values).filter(Boolean).length / values.length
}

/** The same of the values behind those that are learned from. */
export function shareTakenBehind(values: readonly number[], learned: number): number {
  const behind = taken(values, values.slice(0, learned)).slice(learned)
  return behind.filter(Boolean).length / behind.length
}

/** The share of the values that a fault has changed which are taken out, by what is learned from the wrong ones themselves or from other values; 1 where it has changed none. */
export function found(values: readonly number[], wrong: readonly number[], train: readonly number[] = wrong): number {
  const gone = taken(wrong, train)
  const changed = wrong.flatMap((value, row) => (value === values[row] ? [] : [row]))
  return changed.length === 0 ? 1 : changed.filter(row => gone[row]).length / changed.length
}

/** Ten single values five to ten times the sensor's range outside of it. */
export function spiked(values: readonly number[], seed: number): number[] {
  const random = randomOf(seed)
  const [lowest, highest] = [Math.min(...values), Math.max(...values)]
  const wrong = [...values]
  for (let i = 0; i < 10; i++) {
    const off = (5 + 5 * random.next()) * (highest - lowest)
    wrong[20 + 290 * i + random.below(200)] = random.below(2) === 0 ? highest + off : lowest - off
  }
  return wrong
}

/** A stretch in thousandths of the unit. */
export const timesThousand = (values: readonly number[]): number[] => stretch(values, value => value * 1_000)

/** A stretch in degrees Fahrenheit, where they are Celsius. */
export const inFahrenheit = (values: readonly number[]): number[] => stretch(values, value => 1.8 * value + 32)

/** Whether a stretch of one value is told as stuck. */
export function stuckIsTold(values: readonly number[]): boolean {
  const stuck = columnOf(stretch(values, () => values[FROM]!))
  const { removals } = Sanitizer.learn(columnOf(values)).clean(stuck)
  return removals.some(({ code, from }) => code === 'stuck' && from >= FROM && from < TO)
}

/** The share of 400 rows of one value that is taken, by what is learned from them too: more than a tenth of all rows. */
export function longStuck(values: readonly number[]): number {
  const to = LONG_FROM + LONG_ROWS
  const wrong = values.map((value, row) => (row >= LONG_FROM && row < to ? values[LONG_FROM]! : value))
  return taken(wrong).slice(LONG_FROM, to).filter(Boolean).length / LONG_ROWS
}

/** Which of a column's values are taken out by what is learned from themselves, or from others. */
export function taken(values: readonly number[], train: readonly number[] = values): boolean[] {
  const { rows } = Sanitizer.learn(columnOf(train)).clean(columnOf(values))
  return Array.from(rows.data, value => Number.isNaN(value))
}

function stretch(values: readonly number[], convert: (value: number) => number): number[] {
  return values.map((value, row) => (row >= FROM && row < TO ? convert(value) : value))
}

function columnOf(values: readonly number[]): Matrix {
  return { rows: values.length, columns: 1, data: Float32Array.from(values) }
}
