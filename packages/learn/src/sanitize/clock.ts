import { LearnError } from '../base/error.ts'
import { medianOf } from '../linear/index.ts'
import { type Removal, told } from './removal.ts'

/** How many usual periods may lie between two rows before it is a jump. */
const JUMP = 10
/** A clock that was set back is believed again when it goes on from there for so many rows. */
const SURE = 3

/** The usual time from row to row; NaN where there are not two times. Error: `time_invalid`. */
export function usualPeriod(times: ArrayLike<number>): number {
  const steps: number[] = []
  for (let row = 1; row < times.length; row++) {
    const step = times[row]! - times[row - 1]!
    if (!Number.isFinite(step)) throw new LearnError('time_invalid', `row ${row} has the time ${times[row]}`)
    if (step > 0) steps.push(step)
  }
  return steps.length === 0 ? Number.NaN : medianOf(steps)
}

/** Judges the times of one device's rows, one after the other. */
export class ClockJudge {
  readonly #period: number
  /** The last time that was right. */
  #right = Number.NaN
  /** The time of the row before, and for how many rows the clock has gone on regularly behind the last right one. */
  #before = Number.NaN
  #regular = 0

  /** @param period the usual time from row to row */
  constructor(period: number) {
    this.#period = period
  }

  /** What is wrong with the time of the next row; null where nothing is. Error: `time_invalid`. */
  judge(row: number, time: number): Removal | null {
    if (!Number.isFinite(time)) throw new LearnError('time_invalid', `row ${row} has the time ${time}`)
    const step = time - this.#right
    const at = { from: row, to: row + 1, column: -1, value: step }
    if (step <= 0 && !this.#goesOn(time)) {
      if (step < 0) return { ...at, code: 'clock_back', why: `the clock goes back by ${told(-step)} ms` }
      return { ...at, code: 'clock_repeat', why: 'the time is that of the row before' }
    }
    this.#right = time
    this.#before = Number.NaN
    this.#regular = 0
    if (!(step > JUMP * this.#period)) return null
    const why = `${told(step)} ms after the row before, where ${told(this.#period)} are usual`
    return { ...at, code: 'clock_jump', why }
  }

  /** Whether a clock that stands behind its last right time was set back for good, as the rows since then show. */
  #goesOn(time: number): boolean {
    const step = time - this.#before
    this.#before = time
    this.#regular = step > 0 && step <= JUMP * this.#period ? this.#regular + 1 : 1
    return this.#regular >= SURE
  }
}

/**
 * The rows whose clock stands ahead of those before and behind them: up to two rows in a row (of the first: one or two that no later row is behind), after which the clock goes on from where it
 * was. To be seen it takes the rows behind, so a table tells it and a stream cannot.
 */
export function rowsAhead(times: ArrayLike<number>, period: number): Set<number> {
  const ahead = new Set<number>()
  const goesOn = (from: number, to: number): boolean => {
    const step = times[to]! - times[from]!
    return step > 0 && step <= JUMP * period * (to - from)
  }
  for (let row = 0; row < times.length; row++) {
    for (let rows = 1; rows < SURE; rows++) {
      const [before, next] = [row - 1, row + rows]
      if (next + 1 >= times.length || ahead.has(before)) break
      const isBack = times[next]! < times[next - 1]!
      const isFar = before < 0 ? isBack : times[row]! - times[before]! > JUMP * period
      if (!isBack || !isFar || !goesOn(next, next + 1) || (before >= 0 && !goesOn(before, next))) continue
      for (let i = row; i < next; i++) ahead.add(i)
      break
    }
  }
  return ahead
}

/** What is told of a row among `rowsAhead`. */
export function clockAhead(row: number, times: ArrayLike<number>): Removal {
  const value = times[row]! - (row === 0 ? times[row + 1]! : times[row - 1]!)
  const why = `its time is ${told(Math.abs(value))} ms off, and the rows behind it go on from where those before it were`
  return { code: 'clock_ahead', from: row, to: row + 1, column: -1, value, why }
}

/** A clock that goes back in this share of its rows is not one clock. */
const BACK = 0.1

/**
 * Whether times are no clock of their rows, and say nothing of them: judging them would leave half of the rows or fewer (a coarse resolution), or they go back in more than a tenth of the rows
 * (several devices in one file).
 */
export function clockIsUnfit(times: ArrayLike<number>, period: number, ahead: ReadonlySet<number>): boolean {
  const judge = new ClockJudge(period)
  let [back, repeated] = [ahead.size, 0]
  for (let row = 0; row < times.length; row++) {
    if (ahead.has(row)) continue
    const code = judge.judge(row, times[row]!)?.code
    if (code === 'clock_back') back++
    if (code === 'clock_repeat') repeated++
  }
  return 2 * (back + repeated) >= times.length || back > BACK * times.length
}
