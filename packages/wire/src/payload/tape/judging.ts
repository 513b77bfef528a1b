import { Captures } from '../captures.ts'
import type { Names } from '../shape.ts'
import type { Node } from './node.ts'
import { Tape } from './tape.ts'

/** What a value can fail: a keyword of JSON Schema, or one of the shape's own. */
export type Keyword =
  | 'type'
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

  /** Notes what failed; always false. */
  refuse(keyword: Keyword, node: Node, item: number): boolean {
    this.keyword = keyword
    this.node = node
    this.item = item
    return false
  }
}
