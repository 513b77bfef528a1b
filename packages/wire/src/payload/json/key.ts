import { sameBytes } from '../../bytes/same.ts'
import { Character, space } from './characters.ts'
import { hashOf } from './hash.ts'
import { Kind } from './kind.ts'
import type { Members, Plan } from './plan.ts'
import type { Run } from './run.ts'
import { readText } from './text.ts'
import { withoutEscapes } from './unescape.ts'

/**
 * Reads a key that is not the predicted one, and the colon behind it. Sets the run's `index`; a key that the plan does not name
 * is remembered among those from `base` on, and refused where it is there already. Answers where the colon ends, or -1.
 */
export function readKey(run: Run, plan: Plan, at: number, base: number): number {
  const { bytes, end } = run
  if (at >= end || bytes[at] !== Character.QUOTE) return run.fail(Kind.KEY, at, plan)
  const next = readText(run, plan, at)
  if (next < 0) return -1
  const hash = hashOf(run.text, run.textStart, run.textEnd)
  run.index = indexOf(run, plan.members, hash)
  if (run.index < 0) {
    if (isKnown(run, hash, base)) return run.fail(Kind.DUPLICATE, at, plan)
    run.pushKey(hash, at)
  }
  const colon = space(bytes, next, end)
  return colon < end && bytes[colon] === Character.COLON ? colon + 1 : run.fail(Kind.COLON, colon, plan)
}

function indexOf(run: Run, members: Members, hash: number): number {
  const { table, named } = members
  const mask = table.length - 1
  for (let slot = hash & mask; table[slot] >= 0; slot = (slot + 1) & mask) {
    const key = named[table[slot]].key
    if (sameBytes(run.text, run.textStart, run.textEnd, key, 0, key.length)) return table[slot]
  }
  return -1
}

function isKnown(run: Run, hash: number, base: number): boolean {
  for (let i = base; i < run.keyTop; i++) {
    if (run.keyHashes[i] === hash && isText(run, run.keyAts[i])) return true
  }
  return false
}

let other = new Uint8Array(64)

/** Whether the string whose quote is at `at` is the run's text. */
function isText(run: Run, at: number): boolean {
  const { bytes } = run
  let escaped = false
  let end = at + 1
  while (bytes[end] !== Character.QUOTE) {
    if (bytes[end] === Character.BACKSLASH) {
      escaped = true
      end++
    }
    end++
  }
  if (!escaped) return sameBytes(run.text, run.textStart, run.textEnd, bytes, at + 1, end)
  if (other.length < end - at) other = new Uint8Array(2 * (end - at))
  return sameBytes(run.text, run.textStart, run.textEnd, other, 0, withoutEscapes(bytes, at + 1, end, other))
}
