import { Types } from '../shape.ts'
import { Character, space } from './characters.ts'
import { isChoice, noChoice, sameValue, valueHash } from './equal.ts'
import { Kind } from './kind.ts'
import type { Plan } from './plan.ts'
import type { Run } from './run.ts'

/** Checks an array. */
export function checkArray(run: Run, plan: Plan, start: number): number {
  if ((plan.types & Types.array) === 0) return run.fail(Kind.TYPE, start, plan, Types.array)
  if (run.depth >= run.limits.depth) return run.fail(Kind.DEPTH, start, plan)
  const itemTop = run.itemTop
  run.depth++
  const next = readItems(run, plan, start)
  run.depth--
  if (next < 0) return -1
  if (plan.elements.unique && !checkUnique(run, plan, start, itemTop)) return -1
  run.itemTop = itemTop
  if (plan.choices !== null && !isChoice(run, plan.choices, start)) return noChoice(run, plan, start)
  if (plan.capture >= 0 && run.capturing) run.captures.set(plan.capture, Number.NaN, start, next)
  return next
}

function readItems(run: Run, plan: Plan, start: number): number {
  const { bytes, end } = run
  const { prefix, items, contains, unique } = plan.elements
  let count = 0
  let contained = 0
  let at = space(bytes, start + 1, end)
  if (at < end && bytes[at] === Character.CLOSE_ARRAY) return checkCounts(run, plan, start, 0, 0) ? at + 1 : -1
  for (;;) {
    if (count >= run.limits.members) return run.fail(Kind.MOST_ITEMS, start, plan)
    const item = count < prefix.length ? prefix[count] : items
    if (item.types === 0) return run.fail(Kind.FURTHER_ITEM, at, plan, count)
    const next = run.value(run, item, at)
    if (next < 0) return -1
    if (contains !== null) {
      if (run.fits(contains, at, next - at)) contained++
      else if (run.hard) return -1
    }
    if (unique) run.pushItem(valueHash(run, plan, at), at)
    count++
    at = space(bytes, next, end)
    const mark = at < end ? bytes[at] : 0
    if (mark === Character.COMMA) at = space(bytes, at + 1, end)
    else if (mark === Character.CLOSE_ARRAY) break
    else return run.fail(Kind.COMMA, at, plan)
  }
  return checkCounts(run, plan, start, count, contained) ? at + 1 : -1
}

function checkCounts(run: Run, plan: Plan, start: number, count: number, contained: number): boolean {
  const { least, most, contains, leastContained, mostContained } = plan.elements
  if (count < least) return run.fail(Kind.MIN_ITEMS, start, plan, count) >= 0
  if (count > most) return run.fail(Kind.MAX_ITEMS, start, plan, count) >= 0
  if (contains === null) return true
  if (contained < leastContained) return run.fail(Kind.MIN_CONTAINS, start, plan, contained) >= 0
  if (contained > mostContained) return run.fail(Kind.MAX_CONTAINS, start, plan, contained) >= 0
  return true
}

/** Compares hashes first, so that items which differ cost little. */
function checkUnique(run: Run, plan: Plan, start: number, base: number): boolean {
  for (let later = base + 1; later < run.itemTop; later++) {
    for (let i = base; i < later; i++) {
      if (run.itemHashes[i] !== run.itemHashes[later]) continue
      const same = sameValue(run, run.bytes, run.itemAts[i], run.bytes, run.itemAts[later])
      if (same) return run.fail(Kind.UNIQUE, start, plan, later - base) >= 0
      if (run.hard) return false
    }
  }
  return true
}
