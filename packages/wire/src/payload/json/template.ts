import { Character, space } from './characters.ts'
import { readKey } from './key.ts'
import type { Plan } from './plan.ts'
import type { Run } from './run.ts'
import { checkLiteral, checkNumber, checkString } from './scalar.ts'
import { type Spelling, spelling, spells, wordAt } from './spelling.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { CLOSE_OBJECT, COMMA, MINUS, OPEN_ARRAY, OPEN_OBJECT, QUOTE, ZERO } = Character

const MOST_BYTES = 2_048
const MOST_VALUES = 64

/**
 * How one good payload was written: the bytes around the values of its members. A payload with the same bytes around its values has
 * the same members, so that only its values need checking, each by its own plan. Any other payload is read as usual: a
 * template changes how long a check takes and never its verdict.
 */
export interface Template {
  /** How many bytes stand before each value: at least four, and a value that can be but one belongs to them. */
  readonly lengths: Int32Array
  /** These bytes as the words of their spellings, one part after the other. */
  readonly words: Int32Array
  readonly plans: readonly Plan[]
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
  const parts: Spelling[] = []
  const plans: Plan[] = []
  let from = start
  run.depth = 1
  // The values are read as they were, and that took no more than this.
  run.work = run.limits.work
  at = space(bytes, at + 1, end)
  while (bytes[at] !== CLOSE_OBJECT) {
    at = space(bytes, readKey(run, plan, at, run.keyTop), end)
    const member = run.index < 0 ? plan.members.additional : plan.members.named[run.index].plan
    const next = run.value(run, member, at)
    if (!isFixed(member)) {
      if (plans.length === MOST_VALUES) return null
      parts.push(spelling(bytes.slice(from, at)))
      plans.push(member)
      from = next
    }
    at = space(bytes, next, end)
    if (bytes[at] === COMMA) at = space(bytes, at + 1, end)
  }
  return {
    lengths: Int32Array.from(parts, part => part.length),
    words: Int32Array.from(parts.flatMap(part => [...part.words])),
    plans,
    tail: spelling(bytes.slice(from, end)),
  }
}

/** Whether the payload is written like the template and its values are good. Where not, nothing is known about it yet. */
export function follows(run: Run, template: Template, start: number): boolean {
  const { bytes, end } = run
  const { lengths, words, plans, tail } = template
  let at = start
  let word = 0
  run.depth = 1
  for (let i = 0; i < plans.length; i++) {
    const last = at + lengths[i] - 4
    if (last + 4 >= end) return false
    for (; at < last; at += 4) if (wordAt(bytes, at) !== words[word++]) return false
    if (wordAt(bytes, last) !== words[word++]) return false
    at = last + 4
    const plan = plans[i]
    const first = bytes[at]
    if (plan.steps !== null) at = run.value(run, plan, at)
    else if ((first - ZERO) >>> 0 < 10 || first === MINUS) at = checkNumber(run, plan, at)
    else if (first === QUOTE) at = checkString(run, plan, at)
    else if (first === OPEN_OBJECT || first === OPEN_ARRAY) at = run.value(run, plan, at)
    else at = checkLiteral(run, plan, at)
    if (at < 0) return false
  }
  return at + tail.length === end && spells(bytes, at, end, tail)
}

/** One string is all that the value can be, and nobody captures it. */
function isFixed(plan: Plan): boolean {
  const { choices } = plan
  if (choices === null || plan.captures || plan.steps !== null || plan.textual) return false
  return choices.count === 1 && choices.texts[0] !== null
}
