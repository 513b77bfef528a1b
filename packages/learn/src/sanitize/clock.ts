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

/** A clock that goes back in this share of its rows is not one clock. */
const BACK = 0.1

/**
 * Whether times are no clock of their rows, and say nothing of them: judging them would leave half of the rows or fewer (a coarse resolution), or they go back in more than a tenth of the rows
 * (several devices in one file).
 */
export function clockIsUnfit(times: ArrayLike<number>, period: number): boolean {
  const judge = new ClockJudge(period)
  let [back, repeated] = [0, 0]
  for (let row = 0; row < times.length; row++) {
    const code = judge.judge(row, times[row]!)?.code
    if (code === 'clock_back') back++
    if (code === 'clock_repeat') repeated++
  }
  return 2 * (back + repeated) >= times.length || back > BACK * times.length
}
