import type { Captures } from '../captures.ts'
import type { Names, Shape } from '../shape.ts'
import { PAYLOAD_LIMITS, type PayloadFault, type PayloadLimits, type PayloadValidator } from '../validator.ts'
import { Character, space } from './characters.ts'
import { Kind } from './kind.ts'
import type { Plan } from './plan.ts'
import { planOf } from './plans.ts'
import { Run } from './run.ts'
import { codeOf, sentenceOf } from './sentences.ts'
import { checkValue } from './value.ts'
import { pointerAt } from './where.ts'

/**
 * Makes a validator of JSON (RFC 8259) for a shape. Beyond the shape it refuses keys that stand twice, numbers that are not
 * finite, integers beyond 2^53 where the shape wants an integer or captures the value, escaped halves of surrogate pairs, and what
 * is over the limits. Its `fault` reads the payload's bytes: ask before they change.
 */
export function jsonValidator(shape: Shape, limits: PayloadLimits = PAYLOAD_LIMITS): PayloadValidator {
  return new JsonValidator(shape, limits)
}

class JsonValidator implements PayloadValidator {
  readonly slots: number
  readonly #plan: Plan
  readonly #run: Run
  #start: number
  #good: boolean

  constructor(shape: Shape, limits: PayloadLimits) {
    const { plan, slots } = planOf(shape)
    this.#plan = plan
    this.slots = slots
    this.#run = new Run(limits, checkValue)
    this.#start = 0
    this.#good = true
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    const run = this.#run
    captures.clear(this.slots)
    run.begin(bytes, end, names, captures)
    this.#start = start
    let at = start
    if (at < end && bytes[at] <= Character.SPACE) at = space(bytes, at, end)
    at = checkValue(run, this.#plan, at)
    if (at >= 0 && at < end) {
      at = space(bytes, at, end)
      if (at < end) at = run.fail(Kind.TRAILING, at, this.#plan)
    }
    this.#good = at >= 0
    return this.#good
  }

  get fault(): PayloadFault | null {
    if (this.#good) return null
    const run = this.#run
    return {
      code: codeOf(run.kind),
      where: pointerAt(run.bytes, this.#start, run.end, run.at),
      why: sentenceOf(run.kind, run.plan ?? this.#plan, run.found, run.limits),
      offset: run.at,
    }
  }
}
