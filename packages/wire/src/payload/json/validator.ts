import type { Captures } from '../captures.ts'
import type { Names, Shape } from '../shape.ts'
import { PAYLOAD_LIMITS, type PayloadFault, type PayloadLimits, type PayloadValidator } from '../validator.ts'
import { Character, space } from './characters.ts'
import { follows } from './follow.ts'
import { Kind } from './kind.ts'
import type { Plan } from './plan.ts'
import { planOf } from './plans.ts'
import { Run } from './run.ts'
import { codeOf, sentenceOf } from './sentences.ts'
import { isTemplatable, learn, type Template } from './template.ts'
import { checkValue } from './value.ts'
import { pointerAt } from './where.ts'

const MOST_PATIENCE = 65_536

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
  #template: Template | null
  readonly #templatable: boolean
  // Good payloads that were not written like the template, and how many more make the last one the template.
  #strangers: number
  #patience: number

  constructor(shape: Shape, limits: PayloadLimits) {
    const { plan, slots } = planOf(shape)
    this.#plan = plan
    this.slots = slots
    this.#run = new Run(limits, checkValue)
    this.#start = 0
    this.#good = true
    this.#template = null
    this.#templatable = isTemplatable(plan)
    this.#strangers = 0
    this.#patience = 1
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    const run = this.#run
    const template = this.#template
    this.#start = start
    captures.clear(this.slots)
    if (template !== null) {
      if (template.needsRun) {
        run.begin(bytes, end, names, captures)
        run.depth = 1
      }
      this.#good = follows(run, template, bytes, start, end, names, captures)
      if (this.#good) return true
      captures.clear(this.slots)
    }
    run.begin(bytes, end, names, captures)
    this.#good = this.#read(run, bytes, start, end)
    if (this.#good && this.#templatable && ++this.#strangers >= this.#patience) this.#learn(run, start)
    return this.#good
  }

  #read(run: Run, bytes: Uint8Array, start: number, end: number): boolean {
    let at = start
    if (at < end && bytes[at] <= Character.SPACE) at = space(bytes, at, end)
    at = checkValue(run, this.#plan, at)
    if (at < 0) return false
    at = space(bytes, at, end)
    return at === end || run.fail(Kind.TRAILING, at, this.#plan) >= 0
  }

  /** Ever more rarely, so that payloads which are each written otherwise cost next to nothing. */
  #learn(run: Run, start: number): void {
    this.#template = learn(run, this.#plan, start)
    this.#strangers = 0
    this.#patience = Math.min(2 * this.#patience, MOST_PATIENCE)
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
