import { Character, IN_STRING, InString, space } from './characters.ts'
import { readKey } from './key.ts'
import { isUnquoted, type Part, partOf, Way } from './part.ts'
import type { Plan } from './plan.ts'
import type { Run } from './run.ts'
import { type Spelling, spelling, wordAt } from './spelling.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { CLOSE_OBJECT, COMMA, OPEN_OBJECT } = Character

const MOST_BYTES = 2_048
const MOST_VALUES = 64

/**
 * How one good payload was written: the bytes around the values of its members. A payload with the same bytes around its values has
 * the same members, so that only its values need checking, each by its own plan. Any other payload is read as usual: a
 * template changes how long a check takes and never its verdict.
 */
export interface Template {
  readonly parts: readonly Part[]
  /** The bytes before the values, part by part, as words of four; a value that can be but one belongs to them. */
  readonly words: Int32Array
  /** The site whose name belongs to these bytes. */
  readonly site: Uint8Array
  /** Whether a value is read as any, which takes a run that has begun. */
  readonly needsRun: boolean
  /** The bytes behind the last value. */
  readonly tail: Spelling
}

/** Whether nothing but the members' names and their values decides about the object. */
export function isTemplatable(plan: Plan): boolean {
  const { governed, dependentPlans } = plan.members
  return plan.steps === null && plan.choices === null && plan.capture < 0 && !governed && dependentPlans.length === 0
}

/** Makes the template of the payload that the run has just found good; null where it is no object, or too large. */
export function learn(run: Run, plan: Plan, start: number): Template | null {
  const { bytes, end } = run
  let at = space(bytes, start, end)
  if (bytes[at] !== OPEN_OBJECT || end - start > MOST_BYTES) return null
  const parts: Part[] = []
  const words: number[] = []
  let from = start
  run.depth = 1
  // The values are read as they were, and that took no more than this.
  run.work = run.limits.work
  at = space(bytes, at + 1, end)
  while (bytes[at] !== CLOSE_OBJECT) {
    at = space(bytes, readKey(run, plan, at, run.keyTop), end)
    const member = run.index < 0 ? plan.members.additional : plan.members.named[run.index].plan
    const next = run.value(run, member, at)
    if (!isFixed(member) && !isSite(run, member, at, next)) {
      if (parts.length === MOST_VALUES) return null
      const part = partOf(member, bytes, from, at, next, run.limits)
      const last = from + part.length - 4
      for (let word = from; word <= last; word += word === from ? part.step : 4) words.push(wordAt(bytes, word))
      parts.push(part)
      from = isUnquoted(part.way) ? next - 1 : next
    }
    at = space(bytes, next, end)
    if (bytes[at] === COMMA) at = space(bytes, at + 1, end)
  }
  return {
    parts,
    words: Int32Array.from(words),
    site: run.names.site,
    needsRun: parts.some(({ way }) => way === Way.ANY),
    tail: spelling(bytes.slice(from, end)),
  }
}

/** One string is all that the value can be, and nobody captures it. */
function isFixed(plan: Plan): boolean {
  const { choices } = plan
  if (choices === null || plan.captures || plan.steps !== null || plan.textual) return false
  return choices.count === 1 && choices.texts[0] !== null
}

/** It can but be the name of the site, and is that name as it is: so it is while the site is the same. */
function isSite({ bytes, names }: Run, plan: Plan, at: number, next: number): boolean {
  if (plan.steps !== null || !plan.named || plan.placeholder !== 'site') return false
  const { site } = names
  if (next - at !== site.length + 2) return false
  return site.every((byte, i) => bytes[at + 1 + i] === byte && IN_STRING[byte] === InString.PLAIN)
}
