import { sameBytes } from '../../bytes/same.ts'
import { Character, space } from './characters.ts'
import { hashOf } from './hash.ts'
import { Kind } from './kind.ts'
import { readNumber } from './number.ts'
import type { Choices, Plan } from './plan.ts'
import type { Run } from './run.ts'
import { readText } from './text.ts'
import { withoutEscapes } from './unescape.ts'

/** Whether the array or object at `at`, read before, is one of the choices. */
export function isChoice(run: Run, choices: Choices, at: number): boolean {
  if (!choices.deep) return false
  for (const option of choices.spelled) {
    if (sameValue(run, run.bytes, at, option.bytes, 0)) return true
    if (run.hard) return false
  }
  return false
}

/** The failure of a value for which `isChoice` answered false. */
export function noChoice(run: Run, plan: Plan, at: number): -1 {
  return run.hard ? -1 : run.fail(Kind.ENUM, at, plan)
}

const double = new Float64Array(1)
const halves = new Int32Array(double.buffer)

/** A hash that two equal values share, whatever the order of their members. The value was read before. */
export function valueHash(run: Run, plan: Plan, at: number): number {
  const { bytes } = run
  const first = bytes[at]
  let hash: number = first
  if (first === Character.OPEN_ARRAY) {
    for (let item = firstWithin(bytes, at); item >= 0; item = nextWithin(bytes, item)) {
      hash = Math.imul(hash ^ valueHash(run, plan, item), 0x01000193)
    }
    return hash
  }
  if (first === Character.OPEN_OBJECT) {
    for (let key = firstWithin(bytes, at); key >= 0; key = nextWithin(bytes, valueBehind(bytes, key))) {
      const value = valueHash(run, plan, valueBehind(bytes, key))
      hash = (hash + Math.imul(valueHash(run, plan, key), value | 1)) | 0
    }
    return hash
  }
  if (first === Character.QUOTE) {
    readText(run, plan, at)
    return hashOf(run.text, run.textStart, run.textEnd)
  }
  if (!isNumber(first)) return first
  readNumber(run, bytes, at, run.end)
  // Adding zero makes one zero of the two.
  double[0] = run.number + 0
  return Math.imul(halves[0], 0x01000193) ^ halves[1]
}

/**
 * Whether two values that were read before are the same: numbers by their value, strings without their escapes, members in any
 * order (JSON Schema 2020-12 Core, section 4.2.2). False as well, and the run has failed, where that is too much work.
 */
export function sameValue(run: Run, a: Uint8Array, at: number, b: Uint8Array, from: number): boolean {
  const first = a[at]
  if (first === b[from] && !run.affords(skip(a, at) - at + skip(b, from) - from, at)) return false
  if (first === Character.OPEN_OBJECT) return b[from] === first && sameMembers(run, a, at, b, from)
  if (first === Character.OPEN_ARRAY) return b[from] === first && sameItems(run, a, at, b, from)
  if (first === Character.QUOTE) return b[from] === first && sameTexts(a, at, b, from)
  if (!isNumber(first)) return first === b[from]
  if (!isNumber(b[from])) return false
  readNumber(run, a, at, a.length)
  const value = run.number
  readNumber(run, b, from, b.length)
  return value === run.number
}

function sameItems(run: Run, a: Uint8Array, start: number, b: Uint8Array, from: number): boolean {
  let at = firstWithin(a, start)
  let other = firstWithin(b, from)
  while (at >= 0 && other >= 0) {
    if (!sameValue(run, a, at, b, other)) return false
    at = nextWithin(a, at)
    other = nextWithin(b, other)
  }
  return at < 0 && other < 0
}

/** No key stands twice in an object that was read. */
function sameMembers(run: Run, a: Uint8Array, start: number, b: Uint8Array, from: number): boolean {
  if (countWithin(a, start) !== countWithin(b, from)) return false
  for (let key = firstWithin(a, start); key >= 0; key = nextWithin(a, valueBehind(a, key))) {
    let other = firstWithin(b, from)
    while (other >= 0 && !sameTexts(a, key, b, other)) {
      const next = nextWithin(b, valueBehind(b, other))
      if (!run.affords(next - other, key)) return false
      other = next
    }
    if (other < 0 || !sameValue(run, a, valueBehind(a, key), b, valueBehind(b, other))) return false
  }
  return true
}

function countWithin(bytes: Uint8Array, start: number): number {
  let count = 0
  for (let at = firstWithin(bytes, start); at >= 0; at = nextWithin(bytes, valueBehind(bytes, at))) count++
  return count
}

/** Where the first item or key of an array or object is, or -1. */
function firstWithin(bytes: Uint8Array, start: number): number {
  const at = space(bytes, start + 1, bytes.length)
  return bytes[at] === Character.CLOSE_ARRAY || bytes[at] === Character.CLOSE_OBJECT ? -1 : at
}

/** Where the next item or key behind a value is, or -1. */
function nextWithin(bytes: Uint8Array, value: number): number {
  const at = space(bytes, skip(bytes, value), bytes.length)
  return bytes[at] === Character.COMMA ? space(bytes, at + 1, bytes.length) : -1
}

function valueBehind(bytes: Uint8Array, key: number): number {
  const colon = space(bytes, skip(bytes, key), bytes.length)
  return space(bytes, colon + 1, bytes.length)
}

/** Where a value ends that was read before. */
function skip(bytes: Uint8Array, start: number): number {
  let at = start
  let open = 0
  do {
    const byte = bytes[at]
    if (byte === Character.QUOTE) at = textEnd(bytes, at)
    else if (byte === Character.OPEN_OBJECT || byte === Character.OPEN_ARRAY) {
      open++
      at++
    } else if (byte === Character.CLOSE_OBJECT || byte === Character.CLOSE_ARRAY) {
      open--
      at++
    } else if (isScalar(byte)) while (at < bytes.length && isScalar(bytes[at])) at++
    else at++
  } while (open > 0)
  return at
}

/** The bytes of numbers, `true`, `false` and `null`. */
function isScalar(byte: number): boolean {
  return isNumber(byte) || byte === Character.PLUS || byte === Character.POINT || ((byte | 0x20) - 0x61) >>> 0 < 26
}

function isNumber(byte: number): boolean {
  return byte === Character.MINUS || (byte - Character.ZERO) >>> 0 < 10
}

function textEnd(bytes: Uint8Array, quote: number): number {
  let at = quote + 1
  while (bytes[at] !== Character.QUOTE) at += bytes[at] === Character.BACKSLASH ? 2 : 1
  return at + 1
}

const left = { bytes: new Uint8Array(64), length: 0 }
const right = { bytes: new Uint8Array(64), length: 0 }

/** Whether two strings are the same, given where their quotes are. */
function sameTexts(a: Uint8Array, at: number, b: Uint8Array, from: number): boolean {
  const end = textEnd(a, at)
  const to = textEnd(b, from)
  if (sameBytes(a, at, end, b, from, to)) return true
  if (!escapes(a, at, end) && !escapes(b, from, to)) return false
  plain(a, at + 1, end - 1, left)
  plain(b, from + 1, to - 1, right)
  return sameBytes(left.bytes, 0, left.length, right.bytes, 0, right.length)
}

function escapes(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] === Character.BACKSLASH) return true
  return false
}

function plain(bytes: Uint8Array, start: number, end: number, into: { bytes: Uint8Array; length: number }): void {
  if (into.bytes.length < end - start) into.bytes = new Uint8Array(2 * (end - start))
  into.length = withoutEscapes(bytes, start, end, into.bytes)
}
