import { Types } from '../shape.ts'
import { Character, space } from './characters.ts'
import { isChoice, noChoice } from './equal.ts'
import { readKey } from './key.ts'
import { Kind } from './kind.ts'
import type { Members, Plan } from './plan.ts'
import type { Run } from './run.ts'
import { checkNumber, checkString } from './scalar.ts'
import { spells } from './spelling.ts'
import { readText } from './text.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { CLOSE_OBJECT, COMMA, MINUS, QUOTE, SPACE, ZERO } = Character

/** Checks an object. */
export function checkObject(run: Run, plan: Plan, start: number): number {
  if ((plan.types & Types.object) === 0) return run.fail(Kind.TYPE, start, plan, Types.object)
  if (run.depth >= run.limits.depth) return run.fail(Kind.DEPTH, start, plan)
  const { wordTop, keyTop } = run
  const members = plan.members
  run.openWords(members.words)
  run.depth++
  const next = readMembers(run, plan, start, wordTop, keyTop)
  run.depth--
  run.keyTop = keyTop
  if (next < 0) return -1
  for (let i = 0; i < members.words; i++) {
    const missing = members.required[i] & ~run.words[wordTop + i]
    if (missing !== 0) return run.fail(Kind.MISSING, start, plan, 32 * i + 31 - Math.clz32(missing & -missing))
  }
  if (members.dependentNames.length > 0 && !checkDependentNames(run, plan, start, wordTop)) return -1
  for (const { of, plan: dependent } of members.dependentPlans) {
    if (isSeen(run, wordTop, of) && run.again(dependent, start, next - start) < 0) return -1
  }
  run.wordTop = wordTop
  if (plan.choices !== null && !isChoice(run, plan.choices, start)) return noChoice(run, plan, start)
  if (plan.capture >= 0 && run.capturing) run.captures.set(plan.capture, Number.NaN, start, next)
  return next
}

function readMembers(run: Run, plan: Plan, start: number, wordBase: number, keyBase: number): number {
  const { bytes, end } = run
  const members = plan.members
  const named = members.named
  let count = 0
  let expected = 0
  let at = space(bytes, start + 1, end)
  if (at < end && bytes[at] === CLOSE_OBJECT) return checkCount(run, plan, start, 0) ? at + 1 : -1
  for (;;) {
    const keyAt = at
    let index = expected
    if (expected < named.length && spells(bytes, at, end, named[expected].spelled)) at += named[expected].spelled.length
    else {
      at = readKey(run, plan, at, keyBase)
      if (at < 0) return -1
      index = run.index
    }
    if (index >= 0) {
      const word = wordBase + (index >> 5)
      const bit = 1 << (index & 31)
      const seen = run.words[word]
      if ((seen & bit) !== 0) return run.fail(Kind.DUPLICATE, keyAt, plan)
      run.words[word] = seen | bit
      expected = index + 1
    }
    if (++count > run.limits.members) return run.fail(Kind.MOST_MEMBERS, start, plan)
    if (at < end && bytes[at] <= SPACE) at = space(bytes, at, end)
    if (members.governed) at = checkGoverned(run, plan, index, keyAt, at)
    else {
      const member = index >= 0 ? named[index].plan : members.additional
      if (member.types === 0) return run.fail(Kind.UNKNOWN, keyAt, plan)
      const first = at < end ? bytes[at] : 0
      if (member.steps !== null) at = run.value(run, member, at)
      else if (first === QUOTE) at = checkString(run, member, at)
      else if ((first - ZERO) >>> 0 < 10 || first === MINUS) at = checkNumber(run, member, at)
      else at = run.value(run, member, at)
    }
    if (at < 0) return -1
    if (at < end && bytes[at] <= SPACE) at = space(bytes, at, end)
    const mark = at < end ? bytes[at] : 0
    if (mark === COMMA) {
      at++
      if (at < end && bytes[at] <= SPACE) at = space(bytes, at, end)
    } else if (mark === CLOSE_OBJECT) break
    else return run.fail(Kind.COMMA, at, plan)
  }
  return checkCount(run, plan, start, count) ? at + 1 : -1
}

function checkCount(run: Run, plan: Plan, start: number, count: number): boolean {
  if (count < plan.members.least) return run.fail(Kind.MIN_PROPERTIES, start, plan, count) >= 0
  if (count > plan.members.most) return run.fail(Kind.MAX_PROPERTIES, start, plan, count) >= 0
  return true
}

/** Checks a member whose key decides more than by its name. */
function checkGoverned(run: Run, plan: Plan, index: number, keyAt: number, at: number): number {
  const { names, named, patterns, additional }: Members = plan.members
  if (names !== null && run.value(run, names, keyAt) < 0) return -1
  let next = -1
  if (index >= 0 && named[index].own) {
    next = checkMember(run, plan, named[index].plan, keyAt, at)
    if (next < 0) return -1
  }
  for (const { pattern, plan: member } of patterns) {
    // The key is read again: a value before it may have taken its place.
    readText(run, plan, keyAt)
    if (!pattern.test(run.text, run.textStart, run.textEnd)) continue
    if (next >= 0 && !run.affords(next - at, at)) return -1
    next = checkMember(run, plan, member, keyAt, at)
    if (next < 0) return -1
  }
  return next < 0 ? checkMember(run, plan, additional, keyAt, at) : next
}

function checkMember(run: Run, plan: Plan, member: Plan, keyAt: number, at: number): number {
  return member.types === 0 ? run.fail(Kind.UNKNOWN, keyAt, plan) : run.value(run, member, at)
}

function checkDependentNames(run: Run, plan: Plan, start: number, wordBase: number): boolean {
  for (const { of, needs } of plan.members.dependentNames) {
    if (!isSeen(run, wordBase, of)) continue
    for (const name of needs) {
      if (!isSeen(run, wordBase, name)) return run.fail(Kind.NEEDED, start, plan, name) >= 0
    }
  }
  return true
}

function isSeen(run: Run, wordBase: number, index: number): boolean {
  return (run.words[wordBase + (index >> 5)] & (1 << (index & 31))) !== 0
}
