import { textOf } from '../../mqtt/utf8.ts'
import { Character } from './characters.ts'
import type { Run } from './run.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { MINUS, PLUS, POINT, ZERO } = Character

const EXACT_MANTISSA = 2 ** 53
const EXACT_POWER = 22
/** The powers of ten that a double holds exactly, by their exponent. */
export const POWERS = Float64Array.from({ length: EXACT_POWER + 1 }, (_, power) => Number(`1e${power}`))
// Beyond it every number is 0 or infinite, and the exponent need not be counted on.
const LARGEST_EXPONENT = 1_000_000

/**
 * Reads the number at `at` (RFC 8259, section 6) and sets the run's `number` to the nearest double, which may be infinite.
 * Answers where it ends, or -1 where it is not spelled as a number.
 */
export function readNumber(run: Run, bytes: Uint8Array, at: number, end: number): number {
  let next = at
  const negative = next < end && bytes[next] === MINUS
  if (negative) next++
  let digit = next < end ? bytes[next] - ZERO : -1
  if (digit >>> 0 > 9) return -1
  // Exact up to 2^53; whatever is larger stays at least that large, though rounded.
  let mantissa = digit
  next++
  if (digit !== 0) {
    // The first nine digits fit a machine integer, which is quicker than a double.
    let head = digit
    const most = Math.min(end, next + 8)
    while (next < most) {
      digit = bytes[next] - ZERO
      if (digit >>> 0 > 9) break
      head = (head * 10 + digit) | 0
      next++
    }
    mantissa = head
    if (next === most && next < end) {
      const from = next
      const further = Math.min(end, next + 9)
      head = 0
      while (next < further) {
        digit = bytes[next] - ZERO
        if (digit >>> 0 > 9) break
        head = (head * 10 + digit) | 0
        next++
      }
      mantissa = mantissa * POWERS[next - from] + head
      while (next < end) {
        digit = bytes[next] - ZERO
        if (digit >>> 0 > 9) break
        mantissa = mantissa * 10 + digit
        next++
      }
    }
  }
  let power = 0
  if (next < end && bytes[next] === POINT) {
    const from = ++next
    const most = Math.min(end, next + 9)
    let head = 0
    while (next < most) {
      digit = bytes[next] - ZERO
      if (digit >>> 0 > 9) break
      head = (head * 10 + digit) | 0
      next++
    }
    mantissa = mantissa * POWERS[next - from] + head
    while (next < end) {
      digit = bytes[next] - ZERO
      if (digit >>> 0 > 9) break
      mantissa = mantissa * 10 + digit
      next++
    }
    if (next === from) return -1
    power = from - next
  }
  if (next < end && (bytes[next] | 0x20) === 0x65) {
    next++
    const minus = next < end && bytes[next] === MINUS
    if (minus || (next < end && bytes[next] === PLUS)) next++
    const from = next
    let exponent = 0
    while (next < end) {
      digit = bytes[next] - ZERO
      if (digit >>> 0 > 9) break
      if (exponent < LARGEST_EXPONENT) exponent = exponent * 10 + digit
      next++
    }
    if (next === from) return -1
    power += minus ? -exponent : exponent
  }
  run.number = nearestDouble(mantissa, power, negative, bytes, at, next)
  return next
}

/** Both factors being exact, one division or multiplication rounds once: that is the nearest double. */
function nearestDouble(
  mantissa: number,
  power: number,
  negative: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (mantissa >= EXACT_MANTISSA || power > EXACT_POWER || power < -EXACT_POWER)
    return Number(textOf(bytes, start, end))
  const value = power < 0 ? mantissa / POWERS[-power] : power > 0 ? mantissa * POWERS[power] : mantissa
  return negative ? -value : value
}
