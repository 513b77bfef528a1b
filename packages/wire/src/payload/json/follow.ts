import type { Captures } from '../captures.ts'
import { type Names, Types } from '../shape.ts'
import { Character, IN_STRING, InString } from './characters.ts'
import { POWERS } from './number.ts'
import { LONG_DIGITS, Way } from './part.ts'
import type { Run } from './run.ts'
import { spells, wordAt } from './spelling.ts'
import type { Template } from './template.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { MINUS, POINT, QUOTE, SPACE, ZERO } = Character
const { PLAIN } = InString
const CLASSES = IN_STRING
const TENS = POWERS
const { BOOLEAN, DEVICE, LONG, OPTION, SHORT, TEXT } = Way
const { fraction: FRACTION, integer: INTEGER } = Types
const NUMERIC = INTEGER | FRACTION

const SHORT_DIGITS = 9
const FIRST_DIGITS = LONG_DIGITS.least
const FURTHER_DIGITS = LONG_DIGITS.most - LONG_DIGITS.least
const POINT_DIGIT = POINT - ZERO

// Four characters a word, the first in the lowest byte.
const TRUE = 0x65757274
const FALS = 0x736c6166
const LAST_OF_FALSE = 0x65
const ZEROS = 0x30303030
const SIXES = 0x06060606
const HIGH_HALVES = 0xf0f0f0f0 | 0

/**
 * Whether the payload is written like the template and its values are good. Where not, nothing is known about it yet: what is wrong, if
 * anything, is for `checkValue` to tell. The run must have begun where the template needs it.
 *
 * All ways of reading a value stand in this one function, for calls and what the engine checks anew behind each would cost as
 * much as the reading. Sums of positions are cut to machine integers (`| 0`), which spares a look for each whether they still are.
 */
export function follows(
  run: Run,
  template: Template,
  bytes: Uint8Array,
  start: number,
  end: number,
  names: Names,
  captures: Captures,
): boolean {
  const { parts, words, tail } = template
  const { values, starts, ends } = captures
  const { device } = names
  if (names.site !== template.site) return false
  let at = start
  let word = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    const from = (at + part.length) | 0
    if (from >= end) return false
    let step = part.step
    while (at < from) {
      if (wordAt(bytes, at) !== words[word]) return false
      word = (word + 1) | 0
      at = (at + step) | 0
      step = 4
    }
    at = from
    if (part.padded) while (at < end && bytes[at] === SPACE) at = (at + 1) | 0
    const begin = at
    const { way, plan, capture } = part
    let value = 0
    if (way === SHORT || way === LONG) {
      const isNegative = bytes[at] === MINUS
      if (isNegative) at = (at + 1) | 0
      const first = at
      let head = 0
      if (way === LONG) {
        at = (at + FIRST_DIGITS) | 0
        if (at >= end) return false
        const high = wordAt(bytes, first) ^ ZEROS
        const low = wordAt(bytes, (first + 4) | 0) ^ ZEROS
        // What is no digit has something in its high half, if not before then after six are added.
        if (((high | (high + SIXES) | low | (low + SIXES)) & HIGH_HALVES) !== 0) return false
        head = (fourDigits(high) * 10_000 + fourDigits(low)) | 0
      }
      const further = at
      let digits = 0
      // Where the digits behind the point begin; 0 while there is none.
      let point = 0
      for (; at < end; at = (at + 1) | 0) {
        const digit = (bytes[at] - ZERO) | 0
        if (digit >>> 0 < 10) digits = (digits * 10 + digit) | 0
        else if (digit === POINT_DIGIT && point === 0) point = (at + 1) | 0
        else break
      }
      const whole = ((point === 0 ? at : (point - 1) | 0) - first) | 0
      if (whole === 0 || (whole > 1 && bytes[first] === ZERO)) return false
      if (way === LONG) {
        const count = (at - further) | 0
        if (point !== 0 || count > FURTHER_DIGITS) return false
        value = head * TENS[count] + digits
      } else if (point === 0) {
        if (whole > SHORT_DIGITS) return false
        value = digits
      } else {
        const behind = (at - point) | 0
        if (behind === 0 || ((whole + behind) | 0) > SHORT_DIGITS) return false
        // Both being exact, the division rounds once: to the nearest double.
        value = digits / TENS[behind]
      }
      if (isNegative) value = -value
      const types = plan.types & NUMERIC
      if (types !== NUMERIC) {
        const isInteger = point === 0 || Math.floor(value) === value
        if ((types & (isInteger ? INTEGER : FRACTION)) === 0) return false
      }
      if (plan.ranged === true) {
        if (!(value >= plan.minimum && value <= plan.maximum)) return false
        if (!(value > plan.exclusiveMinimum && value < plan.exclusiveMaximum)) return false
      }
    } else if (way === DEVICE) {
      const length = device.length
      if (((at + length) | 0) >= end || length > part.most) return false
      // Other characters than plain ones would have to be escaped, or judged as UTF-8.
      let classes: number = PLAIN
      for (let k = 0; k < length; k = (k + 1) | 0) {
        const byte = bytes[at]
        if (byte !== device[k]) return false
        classes |= CLASSES[byte]
        at = (at + 1) | 0
      }
      if (classes !== PLAIN) return false
    } else if (way === OPTION) {
      const { options } = part
      let option = 0
      while (option < options.length && !isOption(bytes, at, end, options[option])) option = (option + 1) | 0
      if (option === options.length) return false
      at = (at + options[option].length) | 0
      value = option
    } else if (way === TEXT) {
      while (at < end && CLASSES[bytes[at]] === PLAIN) at = (at + 1) | 0
      const length = (at - begin) | 0
      if (length < part.least || length > part.most) return false
    } else if (way === BOOLEAN) {
      at = (at + 4) | 0
      if (at >= end) return false
      const letters = wordAt(bytes, begin)
      if (letters === FALS && bytes[at] === LAST_OF_FALSE) at = (at + 1) | 0
      else if (letters !== TRUE) return false
      value = letters === TRUE ? 1 : 0
    } else {
      at = run.value(run, plan, at)
      if (at < 0) return false
      continue
    }
    if (capture >= 0) {
      values[capture] = value
      starts[capture] = begin
      ends[capture] = at
    }
  }
  return ((at + tail.length) | 0) === end && spells(bytes, at, end, tail)
}

/** Whether the spelling stands at `at`, and the string ends with it. */
function isOption(bytes: Uint8Array, at: number, end: number, option: Uint8Array): boolean {
  const length = option.length
  const next = (at + length) | 0
  if (next >= end || bytes[next] !== QUOTE) return false
  for (let i = 0; i < length; i = (i + 1) | 0) if (bytes[(at + i) | 0] !== option[i]) return false
  return true
}

/** The number that four digits make. */
function fourDigits(digits: number): number {
  const pairs = (digits * 10 + (digits >>> 8)) | 0
  return ((pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff)) | 0
}
