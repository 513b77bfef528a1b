import { Captures } from '../captures.ts'
import { type Names, Types } from '../shape.ts'
import { PAYLOAD_LIMITS, type PayloadLimits } from '../validator.ts'
import type { Node } from './node.ts'
import { Tape } from './tape.ts'

/** What a value can fail: a keyword of JSON Schema, or one of the shape's own. */
export type Keyword =
  | 'type'
  | 'exact'
  | 'decimal'
  | 'float32-hex'
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'multipleOf'
  | 'minLength'
  | 'maxLength'
  | 'pattern'
  | 'placeholder'
  | 'enum'
  | 'required'
  | 'dependentRequired'
  | 'additionalProperties'
  | 'minProperties'
  | 'maxProperties'
  | 'minItems'
  | 'maxItems'
  | 'uniqueItems'
  | 'contains'
  | 'maxContains'
  | 'anyOf'
  | 'oneOf'
  | 'not'
  | 'work'

const NOTHING = new Uint8Array(0)

/** One validator's work on one payload: what it reads, where it captures to, and what failed last. */
export class Judging {
  readonly tape = new Tape()
  names: Names = { device: NOTHING, site: NOTHING }
  captures = new Captures(0)
  /** Above zero while a shape is only tried: nothing is captured. */
  quiet = 0
  keyword: Keyword = 'type'
  node: Node | null = null
  item = 0

  readonly limits: PayloadLimits
  /** How much of `limits.work` is left. */
  work = 0

  /** Whether something failed that no alternative may make good. */
  #final = false

  constructor(limits: PayloadLimits = PAYLOAD_LIMITS) {
    this.limits = limits
  }

  begin(names: Names, captures: Captures): void {
    this.names = names
    this.captures = captures
    this.quiet = 0
    this.work = this.limits.work
    this.#final = false
  }

  /** Pays for an item with all that it holds to be read once more; false, for good, where too many were. */
  affords(node: Node, item: number): boolean {
    const { kinds, starts, ends, nexts } = this.tape
    const text = kinds[item] === Types.string ? (ends[item] - starts[item]) >> 4 : 0
    this.work -= nexts[item] - item + text
    return this.work >= 0 || this.refuse('work', node, item)
  }

  /** Notes what failed; always false. */
  refuse(keyword: Keyword, node: Node, item: number): boolean {
    if (this.#final) return false
    // Where it is only a condition that wants an integer, a number that may have been another must not decide.
    this.#final = keyword === 'exact' || keyword === 'work'
    this.keyword = keyword
    this.node = node
    this.item = item
    return false
  }
  /** Whether a payload whose shape holds is good. */
  get decided(): boolean {
    return !this.#final
  }
}
