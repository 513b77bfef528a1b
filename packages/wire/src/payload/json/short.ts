import { Character } from './characters.ts'
import { POWERS } from './number.ts'
import type { Run } from './run.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { MINUS, POINT, ZERO } = Character
const TENS = POWERS

// So many digits fit a machine integer, which is quicker than a double.
const DIGITS = 9
// So many more make an integer that a double holds.
const FURTHER = 6
const POINT_DIGIT = POINT - ZERO

/**
 * Reads the number at `at` where it is as numbers of machines are: at most 9 digits, a point anywhere among them, or an integer
 * of at most 15 digits. Sets the run's `number` and answers where it ends; -1 where it may be another number, or none.
 */
export function readShort(run: Run, bytes: Uint8Array, at: number, end: number): number {
  let next = at
  const negative = next < end && bytes[next] === MINUS
  if (negative) next++
  const first = next
  let most = Math.min(end, first + DIGITS)
  let digit = -1
  let head = 0
  while (next < most) {
    digit = bytes[next] - ZERO
    if (digit >>> 0 > 9) break
    head = (head * 10 + digit) | 0
    next++
  }
  if (next === first || (next > first + 1 && bytes[first] === ZERO)) return -1
  let value = head
  if (digit === POINT_DIGIT) {
    const from = ++next
    if (most < end) most++
    while (next < most) {
      digit = bytes[next] - ZERO
      if (digit >>> 0 > 9) break
      head = (head * 10 + digit) | 0
      next++
    }
    if (next === from) return -1
    // Both being exact, the division rounds once: to the nearest double.
    value = head / TENS[next - from]
  } else if (next === most) {
    const from = next
    let tail = 0
    most = Math.min(end, from + FURTHER)
    while (next < most) {
      digit = bytes[next] - ZERO
      if (digit >>> 0 > 9) break
      tail = (tail * 10 + digit) | 0
      next++
    }
    value = head * TENS[next - from] + tail
  }
  if (next < end) {
    const behind = bytes[next]
    if ((behind - ZERO) >>> 0 < 10 || behind === POINT || (behind | 0x20) === 0x65) return -1
  }
  run.number = negative ? -value : value
  return next
}
