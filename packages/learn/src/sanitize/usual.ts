import type { Matrix } from '../base/matrix.ts'
import { quantileOf } from '../linear/index.ts'
import { distanceFrom, type Level, levelsOf, type Method, presentValues } from './limits.ts'
import { type Run, runsOf, STRETCH, type States, statesOf } from './states.ts'
import { tailsOf } from './tail.ts'
import { ownConversions } from './unit-judge.ts'
import type { Conversion } from './units.ts'

/** What is usual of a column. */
export interface Usual {
  readonly level: Level
  readonly states: States
  /** What lies between is usual however far from the level it is: states that the column has, other ways of working that last. `lowest` is above `highest` where there is nothing of the kind. */
  readonly lowest: number
  readonly highest: number
  /** Conversions that look like another unit and are the way in which the column works. */
  readonly ownConversions: ReadonlySet<Conversion>
  /** Rows of the same value from which on it is stuck. */
  readonly stuckAfter: number
}

/** How much longer a run must be than this share of runs are ... */
const RUN_TIMES = 5
const RUNS = 0.95
/** ... and than that in which this share of rows lie. */
const LONG_TIMES = 2
const ROWS = 0.9
/** A sensor moves that has another value than before in this share of its rows. */
const MOVING = 0.9
/** Spreads about a way of working that belong to it. */
const ABOUT = 8

/**
 * What is usual of each column, from rows that may have faults themselves. A value far from the level is a fault where it is alone; where it recurs or lasts, the sensor has states, or the plant
 * another way of working.
 * @param limit spreads from the level beyond which a value is far. Error: `sensor_empty`
 */
export function usualOf(rows: Matrix, method: Method, limit: number): Usual[] {
  return levelsOf(rows, method).map((level, column) => {
    const values = presentValues(rows, column)
    const runs = runsOf(values)
    const states = statesOf(runs)
    const far = states.only ? [] : lastingFar(values, level, limit)
    const above = boundOf(far.filter(value => value > level.center))
    const below = -boundOf(far.filter(value => value < level.center).map(value => -value))
    const tails = states.only && states.values.size > 1 ? [] : tailsOf(runs)
    const bounds = [states.lowest, states.highest, above, below, ...tails].filter(Number.isFinite)
    // On its way between its level and another way of working, or a rest, a sensor may be anywhere between them.
    if (bounds.length > 0 && !states.only) bounds.push(level.center)
    return {
      level,
      states,
      lowest: Math.min(...bounds),
      highest: Math.max(...bounds),
      ownConversions: ownConversions(values, level, states.values),
      stuckAfter: stuckAfter(states.only ? runs : runs.filter(({ value }) => !states.values.has(value))),
    }
  })
}

/**
 * From how many rows of the same value on a column is stuck: ten, or five times what 95 % of its runs stay under, or twice the run in which one of ten rows lies at least, so that a sensor that
 * moves quickly and then stands is not. Infinite for a column that never moves.
 */
function stuckAfter(all: readonly Run[]): number {
  if (all.length < 2) return Number.POSITIVE_INFINITY
  const runs = withoutLongest(all)
  const lengths = runs.map(({ rows }) => rows).sort((a, b) => a - b)
  const present = lengths.reduce((sum, rows) => sum + rows, 0)
  let passed = 0
  const long = lengths.find(rows => {
    passed += rows
    return passed >= ROWS * present
  })!
  return Math.max(STRETCH, Math.ceil(RUN_TIMES * quantileOf(lengths, RUNS)), LONG_TIMES * long)
}

/**
 * The runs of a sensor that otherwise moves from row to row, without the longest where it stands within what it moves in: a fault that lasts for a good part of the rows would itself be what is
 * usual. At a value outside (0 of a pump) it may be at rest. Others' runs as they are.
 */
function withoutLongest(runs: readonly Run[]): readonly Run[] {
  const longest = runs.reduce((most, run) => (run.rows > most.rows ? run : most))
  const others = runs.filter(run => run !== longest)
  const rows = others.reduce((sum, run) => sum + run.rows, 0)
  if (others.length < MOVING * rows) return runs
  const values = others.map(({ value }) => value).sort((a, b) => a - b)
  const isWithin =
    longest.value >= quantileOf(values, 1 - RUNS) &&
    longest.value <= quantileOf(values, RUNS) &&
    others.every(({ value, rows }) => rows < STRETCH || value !== longest.value)
  return isWithin ? others : runs
}

/** The values that lie far from the level, on one side, for a stretch of rows without being all the same: a sensor that is stuck there works in no other way. */
function lastingFar(values: Float64Array, level: Level, limit: number): number[] {
  const lasting: number[] = []
  const side = (row: number): number =>
    distanceFrom(level, values[row]!) > limit ? Math.sign(values[row]! - level.center) : 0
  let from = 0
  for (let row = 1; row <= values.length; row++) {
    if (row < values.length && side(row) === side(from)) continue
    const stretch = values.subarray(from, row)
    if (side(from) !== 0 && stretch.length >= STRETCH && stretch.some(value => value !== stretch[0]))
      for (const value of stretch) lasting.push(value)
    from = row
  }
  return lasting
}

/** Up to where values go that lie in one way of working or several, without the single ones that stand out of them too; -Infinity of none. */
function boundOf(values: readonly number[]): number {
  if (values.length === 0) return -Infinity
  const [center, upper] = [quantileOf(values, 0.5), quantileOf(values, 0.9)]
  return center + ABOUT * (upper - center)
}
