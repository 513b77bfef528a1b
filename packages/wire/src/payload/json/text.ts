import { sequenceLength } from '../../mqtt/utf8.ts'
import { Character, IN_STRING, InString } from './characters.ts'
import { Kind } from './kind.ts'
import type { Plan } from './plan.ts'
import type { Run } from './run.ts'
import { ESCAPE_PROBLEM, escapedPoint, escapeLength, withoutEscapes } from './unescape.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { BACKSLASH, QUOTE } = Character
const { PLAIN } = InString
const CLASSES = IN_STRING

/**
 * Reads the string whose opening quote is at `at` (RFC 8259, section 7) and sets the run's `text`. Answers where it ends, or
 * -1. UTF-8 is checked strictly; escaped surrogates must come in pairs.
 */
export function readText(run: Run, plan: Plan, at: number): number {
  const { bytes, end } = run
  const start = at + 1
  let wide = false
  let escaped = false
  let next = start
  for (;;) {
    while (next + 4 <= end) {
      // Four at a time: anything but plain ASCII leaves a bit.
      if (
        (CLASSES[bytes[next]] | CLASSES[bytes[next + 1]] | CLASSES[bytes[next + 2]] | CLASSES[bytes[next + 3]]) !==
        PLAIN
      )
        break
      next += 4
    }
    while (next < end && CLASSES[bytes[next]] === PLAIN) next++
    if (next >= end) return run.fail(Kind.UNENDED, at, plan)
    const byte = bytes[next]
    if (byte === QUOTE) break
    if (byte === BACKSLASH) {
      escaped = true
      const point = escapedPoint(bytes, next, end)
      if (point < 0) return run.fail(point === ESCAPE_PROBLEM ? Kind.ESCAPE : Kind.SURROGATE, next, plan)
      if (point >= 0x80) wide = true
      next += escapeLength(bytes, next, point)
    } else if (byte >= 0x80) {
      wide = true
      const length = sequenceLength(bytes, next, end)
      if (length === 0) return run.fail(Kind.UTF8, next, plan, byte)
      next += length
    } else return run.fail(Kind.CONTROL, next, plan, byte)
  }
  if (next - start > run.limits.stringBytes) return run.fail(Kind.STRING_BYTES, at, plan, next - start)
  run.wide = wide
  if (escaped) {
    if (run.scratch.length < next - start) run.scratch = new Uint8Array(Math.max(64, 2 * (next - start)))
    run.text = run.scratch
    run.textStart = 0
    run.textEnd = withoutEscapes(bytes, start, next, run.scratch)
  } else {
    run.text = bytes
    run.textStart = start
    run.textEnd = next
  }
  return next + 1
}
