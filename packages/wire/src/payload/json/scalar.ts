import { hexDigit } from '../../bytes/hex.ts'
import { codePoints } from '../../bytes/points.ts'
import { sameBytes } from '../../bytes/same.ts'
import { isMultiple } from '../schema/multiple.ts'
import { Types } from '../shape.ts'
import { Character, IN_STRING, InString } from './characters.ts'
import { Kind } from './kind.ts'
import { readNumber } from './number.ts'
import type { Choices, Plan } from './plan.ts'
import type { Run } from './run.ts'
import { readShort } from './short.ts'
import { spelling, spells } from './spelling.ts'
import { readText } from './text.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { QUOTE } = Character
const { boolean: BOOLEAN, fraction: FRACTION, integer: INTEGER, null: NULL_TYPE, string: STRING } = Types
const { PLAIN } = InString
const CLASSES = IN_STRING

const TRUE = spelling(Uint8Array.of(0x74, 0x72, 0x75, 0x65))
const FALSE = spelling(Uint8Array.of(0x66, 0x61, 0x6c, 0x73, 0x65))
const NULL = spelling(Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c))
// More options than these are looked up behind the reading.
const FEW = 8
const LARGEST = Number.MAX_SAFE_INTEGER

/** Checks a number. */
export function checkNumber(run: Run, plan: Plan, at: number): number {
  let next = readShort(run, run.bytes, at, run.end)
  if (next < 0) next = readNumber(run, run.bytes, at, run.end)
  if (next < 0) return run.fail(Kind.NUMBER, at, plan)
  const value = run.number
  if (value - value !== 0) return run.fail(Kind.INFINITE, at, plan)
  if (next - at > run.limits.stringBytes) return run.fail(Kind.NUMBER_BYTES, at, plan, next - at)
  const type = Math.floor(value) === value ? INTEGER : FRACTION
  if (plan.exact && type === INTEGER && (value > LARGEST || value < -LARGEST)) {
    return run.fail(Kind.UNSAFE, at, plan, value)
  }
  if ((plan.types & type) === 0) return run.fail(Kind.TYPE, at, plan, type)
  if (plan.ranged) {
    if (value < plan.minimum) return run.fail(Kind.MINIMUM, at, plan, value)
    if (value > plan.maximum) return run.fail(Kind.MAXIMUM, at, plan, value)
    if (value <= plan.exclusiveMinimum) return run.fail(Kind.EXCLUSIVE_MINIMUM, at, plan, value)
    if (value >= plan.exclusiveMaximum) return run.fail(Kind.EXCLUSIVE_MAXIMUM, at, plan, value)
    if (plan.multipleOf !== 0 && !isMultiple(value, plan.multipleOf)) return run.fail(Kind.MULTIPLE, at, plan, value)
  }
  if (plan.choices !== null && !plan.choices.numbers.includes(value)) return run.fail(Kind.ENUM, at, plan)
  if (plan.capture >= 0 && run.capturing) {
    // Not by its method: a double that is handed on may have to be allocated.
    const captures = run.captures
    captures.values[plan.capture] = value
    captures.starts[plan.capture] = at
    captures.ends[plan.capture] = next
  }
  return next
}

/** Checks a string. */
export function checkString(run: Run, plan: Plan, at: number): number {
  if (plan.named) {
    const next = behindName(run, plan.placeholder === 'site' ? run.names.site : run.names.device, at)
    if (next >= 0) return next
  }
  const choices = plan.choices
  if (choices !== null && choices.count <= FEW && !plan.textual && (plan.types & STRING) !== 0) {
    // Most often an option stands there in its usual spelling and needs no reading.
    for (let i = 0; i < choices.count; i++) {
      const spelled = choices.spelled[i]
      if (choices.texts[i] === null || !spells(run.bytes, at, run.end, spelled)) continue
      const next = at + spelled.length
      return plan.capture < 0 ? next : capturedText(run, plan, at, next, i)
    }
  }
  const next = readText(run, plan, at)
  if (next < 0) return -1
  if ((plan.types & STRING) === 0) return run.fail(Kind.TYPE, at, plan, STRING)
  if (plan.textual && !checkText(run, plan, at)) return -1
  let choice = -1
  if (choices !== null) {
    choice = choiceOf(run, choices)
    if (choice < 0) return run.fail(Kind.ENUM, at, plan)
  }
  return plan.capture < 0 ? next : capturedText(run, plan, at, next, choice)
}

/** Where the string ends if it is the name as it is, in ASCII without escapes; otherwise -1, and it is to be read. */
function behindName(run: Run, name: Uint8Array, at: number): number {
  const { bytes } = run
  const start = at + 1
  const next = start + name.length
  if (next >= run.end || bytes[next] !== QUOTE || name.length > run.limits.stringBytes) return -1
  for (let i = 0; i < name.length; i++) {
    const byte = name[i]
    if (bytes[start + i] !== byte || CLASSES[byte] !== PLAIN) return -1
  }
  return next + 1
}

/** Checks `true`, `false` or `null`; anything else is no value. */
export function checkLiteral(run: Run, plan: Plan, at: number): number {
  const { bytes, end } = run
  const first = at < end ? bytes[at] : 0
  const spelled = first === 0x74 ? TRUE : first === 0x66 ? FALSE : NULL
  if (!spells(bytes, at, end, spelled)) return run.fail(Kind.VALUE, at, plan)
  const type = spelled === NULL ? NULL_TYPE : BOOLEAN
  if ((plan.types & type) === 0) return run.fail(Kind.TYPE, at, plan, type)
  const next = at + spelled.length
  if (plan.choices !== null && !isSpelled(plan.choices, bytes, at, next)) return run.fail(Kind.ENUM, at, plan)
  if (plan.capture >= 0 && run.capturing) {
    const captures = run.captures
    captures.values[plan.capture] = spelled === TRUE ? 1 : spelled === FALSE ? 0 : Number.NaN
    captures.starts[plan.capture] = at
    captures.ends[plan.capture] = next
  }
  return next
}

/** Checks the assertions on strings against the run's text. */
function checkText(run: Run, plan: Plan, at: number): boolean {
  const { text, textStart: start, textEnd: end } = run
  const length = run.wide ? codePoints(text, start, end) : end - start
  if (length < plan.minLength) return run.fail(Kind.MIN_LENGTH, at, plan, length) >= 0
  if (length > plan.maxLength) return run.fail(Kind.MAX_LENGTH, at, plan, length) >= 0
  if (plan.pattern?.test(text, start, end) === false) return run.fail(Kind.PATTERN, at, plan) >= 0
  if (plan.placeholder !== null) {
    const wanted = plan.placeholder === 'site' ? run.names.site : run.names.device
    if (!sameBytes(text, start, end, wanted, 0, wanted.length)) return run.fail(Kind.PLACEHOLDER, at, plan) >= 0
  }
  return true
}

/** Captures a string as its plan wants it; `choice` is its index among the plan's choices, or -1. */
function capturedText(run: Run, plan: Plan, at: number, next: number, choice: number): number {
  if (!run.capturing) return next
  const captures = run.captures
  if (plan.captureForm !== 'value') {
    // An option in its usual spelling was not read.
    if (choice >= 0) readText(run, plan, at)
    const value = plan.captureForm === 'decimal' ? decimal(run) : single(run)
    if (Number.isNaN(value)) return run.fail(plan.captureForm === 'decimal' ? Kind.DECIMAL : Kind.HEX, at, plan)
    captures.values[plan.capture] = value
  } else captures.values[plan.capture] = choice < 0 ? Number.NaN : choice
  captures.starts[plan.capture] = at + 1
  captures.ends[plan.capture] = next - 1
  return next
}

/** The number that the run's text spells, or NaN. */
function decimal(run: Run): number {
  const end = readNumber(run, run.text, run.textStart, run.textEnd)
  return end === run.textEnd && Number.isFinite(run.number) ? run.number : Number.NaN
}

const word = new Uint32Array(1)
const float = new Float32Array(word.buffer)

/** The finite single whose eight digits the run's text is, or NaN. */
function single(run: Run): number {
  if (run.textEnd - run.textStart !== 8) return Number.NaN
  let bits = 0
  for (let i = run.textStart; i < run.textEnd; i++) {
    const digit = hexDigit(run.text[i])
    if (digit < 0) return Number.NaN
    bits = bits * 16 + digit
  }
  word[0] = bits
  return Number.isFinite(float[0]) ? float[0] : Number.NaN
}

function choiceOf(run: Run, choices: Choices): number {
  for (let i = 0; i < choices.count; i++) {
    const option = choices.texts[i]
    if (option !== null && sameBytes(run.text, run.textStart, run.textEnd, option, 0, option.length)) return i
  }
  return -1
}

function isSpelled(choices: Choices, bytes: Uint8Array, at: number, end: number): boolean {
  for (const option of choices.spelled) if (sameBytes(bytes, at, end, option.bytes, 0, option.length)) return true
  return false
}
