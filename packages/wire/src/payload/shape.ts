import type { Pattern } from './pattern.ts'

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** The types of JSON Schema as bits; every integer is a number too. */
export const Types = {
  null: 1,
  boolean: 2,
  integer: 4,
  /** A number that is no integer. */
  fraction: 8,
  string: 16,
  array: 32,
  object: 64,
  /** All of them. */
  any: 127,
} as const

/** What is captured of a value: see `Captures`. */
export type CaptureForm =
  /** A number as it is, a boolean as 0 or 1, a string of an `enum` as its index there. */
  | 'value'
  /** The decimal number that a string spells. */
  | 'decimal'
  /** The IEEE 754 single that a string of eight hexadecimal digits spells, most significant first. */
  | 'float32-hex'

/**
 * A payload's allowed values, whatever they are encoded in: JSON Schema 2020-12 with its references resolved. Every assertion
 * holds for values of its own type only, as there; `types` says which types are allowed at all. Cycles are possible (`$ref`),
 * so a shape is compiled lazily and its depth is bounded by `PayloadLimits.depth`.
 */
export interface Shape {
  /** Bits of `Types`. */
  readonly types: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  /** In Unicode code points. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: Pattern
  /** The text that the checker's `names` have for this word: the speaking device's id, the site. */
  readonly placeholder?: keyof Names
  readonly prefixItems?: readonly Shape[]
  /** Of the items behind `prefixItems`. */
  readonly items?: Shape
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly contains?: Shape
  readonly minContains?: number
  readonly maxContains?: number
  readonly properties?: ReadonlyMap<string, Shape>
  readonly required?: readonly string[]
  /** Of properties that neither `properties` nor `patternProperties` name. */
  readonly additionalProperties?: Shape
  readonly patternProperties?: readonly (readonly [Pattern, Shape])[]
  readonly propertyNames?: Shape
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly dependentRequired?: ReadonlyMap<string, readonly string[]>
  readonly dependentSchemas?: ReadonlyMap<string, Shape>
  /** `const` is an `enum` of one. */
  readonly enum?: readonly Json[]
  readonly allOf?: readonly Shape[]
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
  readonly not?: Shape
  readonly if?: Shape
  readonly then?: Shape
  readonly else?: Shape
  /** Slot of `Captures` that takes the value. Never under `not`, `if`, `contains` or an item of unbounded number. */
  readonly capture?: number
  readonly captureForm?: CaptureForm
}

/** Texts that differ by act: the device that the act is about and its site, as UTF-8. */
export interface Names {
  readonly device: Uint8Array
  readonly site: Uint8Array
}
