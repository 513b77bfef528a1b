import { checkArray } from './array.ts'
import { Character } from './characters.ts'
import { checkObject } from './object.ts'
import type { Plan } from './plan.ts'
import type { Run } from './run.ts'
import { checkLiteral, checkNumber, checkString } from './scalar.ts'
import { checkSteps } from './steps.ts'

// Their own names here: the engine loads what a module imports anew each time, and keeps what is its own as constants.
const { MINUS, OPEN_ARRAY, OPEN_OBJECT, QUOTE, ZERO } = Character

/**
 * Reads the value at `at` once for its encoding and its own assertions; what applies further plans to it (`anyOf`, `not`,
 * `if` …) reads it again. Answers where it ends, or -1.
 */
export function checkValue(run: Run, plan: Plan, at: number): number {
  const first = at < run.end ? run.bytes[at] : 0
  let next: number
  if (first === QUOTE) next = checkString(run, plan, at)
  else if ((first - ZERO) >>> 0 < 10 || first === MINUS) next = checkNumber(run, plan, at)
  else if (first === OPEN_OBJECT) next = checkObject(run, plan, at)
  else if (first === OPEN_ARRAY) next = checkArray(run, plan, at)
  else next = checkLiteral(run, plan, at)
  return next < 0 || plan.steps === null ? next : checkSteps(run, plan, plan.steps, at, next)
}
