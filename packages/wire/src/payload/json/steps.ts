import { Kind } from './kind.ts'
import type { Plan, Steps } from './plan.ts'
import type { Run } from './run.ts'

/** Applies further plans to the value at `at`, which was read before and ends at `next`. Answers `next`, or -1. */
export function checkSteps(run: Run, plan: Plan, steps: Steps, at: number, next: number): number {
  const bytes = next - at
  for (const one of steps.all) if (run.again(one, at, bytes) < 0) return -1
  if (steps.any.length > 0 && !checkAny(run, plan, steps.any, at, bytes)) return -1
  if (steps.one.length > 0 && !checkOne(run, plan, steps.one, at, bytes)) return -1
  if (steps.not !== null) {
    if (run.fits(steps.not, at, bytes)) return run.fail(Kind.NOT, at, plan)
    if (run.hard) return -1
  }
  if (steps.condition !== null) {
    const fits = run.fits(steps.condition, at, bytes)
    if (!fits && run.hard) return -1
    const branch = fits ? steps.then : steps.otherwise
    if (branch !== null && run.again(branch, at, bytes) < 0) return -1
  }
  return next
}

/** Every alternative that fits captures; the others need no trying behind the first that fits. */
function checkAny(run: Run, plan: Plan, alternatives: readonly Plan[], at: number, bytes: number): boolean {
  let fitting = 0
  for (const one of alternatives) {
    if (fitting > 0 && !(one.captures && run.capturing)) continue
    if (run.fits(one, at, bytes)) {
      fitting++
      if (one.captures && run.capturing && run.again(one, at, bytes) < 0) return false
    } else if (run.hard) return false
  }
  return fitting > 0 || run.fail(Kind.ANY_OF, at, plan) >= 0
}

function checkOne(run: Run, plan: Plan, alternatives: readonly Plan[], at: number, bytes: number): boolean {
  let fitting: Plan | null = null
  let count = 0
  for (const one of alternatives) {
    if (run.fits(one, at, bytes)) {
      fitting = one
      count++
    } else if (run.hard) return false
  }
  if (count !== 1 || fitting === null) return run.fail(Kind.ONE_OF, at, plan, count) >= 0
  return !fitting.captures || !run.capturing || run.again(fitting, at, bytes) >= 0
}
