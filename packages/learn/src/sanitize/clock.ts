import { LearnError } from '../base/error.ts'
import { medianOf } from '../linear/index.ts'
import { type Removal, told } from './removal.ts'

/** How many usual periods may lie between two rows before it is a jump. */
const JUMP = 10

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

/** What is wrong with the time of a row after that of the last one that was right; null where nothing is. */
export function judgeClock(row: number, time: number, before: number, period: number): Removal | null {
  const step = time - before
  const at = { from: row, to: row + 1, column: -1, value: step }
  if (step < 0) return { ...at, code: 'clock_back', why: `the clock goes back by ${told(-step)} ms` }
  if (step === 0) return { ...at, code: 'clock_repeat', why: 'the time is that of the row before' }
  if (!(step > JUMP * period)) return null
  return { ...at, code: 'clock_jump', why: `${told(step)} ms after the row before, where ${told(period)} are usual` }
}
