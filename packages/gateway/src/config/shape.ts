import type { Kind } from './leaf.ts'
import type { Unit } from './units.ts'

/** The parts of JSON Schema that `leaf.ts` writes. */
export interface Shape {
  readonly description?: string
  readonly default?: unknown
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly patternProperties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly minItems?: number
  readonly maxItems?: number
  readonly anyOf?: readonly Shape[]
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly 'x-unit'?: Unit
  readonly 'x-minimum'?: number
  readonly 'x-maximum'?: number
  readonly 'x-kind'?: Kind
  readonly 'x-list'?: Shape
}
