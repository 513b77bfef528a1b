import type { Pattern } from '../pattern.ts'
import type { CaptureForm, Names } from '../shape.ts'
import type { Spelling } from './spelling.ts'

/** A shape laid out for reading JSON. All plans have the same fields, so that reading them costs the same everywhere. */
export interface Plan {
  /** Bits of `Types`. */
  types: number
  /** An integer that a double cannot hold is refused. */
  exact: boolean
  /** One of the assertions on numbers is there; absent ones hold for all. */
  ranged: boolean
  minimum: number
  maximum: number
  exclusiveMinimum: number
  exclusiveMaximum: number
  /** 0 for none. */
  multipleOf: number
  /** One of the assertions on strings is there. */
  textual: boolean
  minLength: number
  maxLength: number
  pattern: Pattern | null
  placeholder: keyof Names | null
  /** The placeholder is all that is said of a string. */
  named: boolean
  choices: Choices | null
  members: Members
  elements: Elements
  steps: Steps | null
  /** -1 for none. */
  capture: number
  captureForm: CaptureForm
  /** It or a plan within it captures. */
  captures: boolean
}

/** The values of an `enum`, each list by the value's index there. */
export interface Choices {
  readonly count: number
  /** The JSON text of each, in UTF-8 and its usual spelling. */
  readonly spelled: readonly Spelling[]
  /** UTF-8 of the strings; null for the others. */
  readonly texts: readonly (Uint8Array | null)[]
  /** NaN for what is no number. */
  readonly numbers: Float64Array
  /** True where one is an array or an object. */
  readonly deep: boolean
}

/** A property that the shape names. */
export interface Member {
  readonly name: string
  /** UTF-8 of the name. */
  readonly key: Uint8Array
  /** The usual spelling in JSON with the colon behind it. */
  readonly spelled: Spelling
  /** Of `properties`, or what holds for others. */
  plan: Plan
  /** Whether `properties` names it; otherwise only `required` or a dependency does. */
  readonly own: boolean
}

export interface Members {
  readonly named: readonly Member[]
  /** Index into `named` by hash of the key, open addressing, -1 for none. */
  readonly table: Int32Array
  /** Words of 32 bits that hold which of `named` were seen. */
  readonly words: number
  /** The bits that must be seen. */
  readonly required: Int32Array
  additional: Plan
  /** Keys decide more than by name: `propertyNames` or `patternProperties`. */
  readonly governed: boolean
  names: Plan | null
  readonly patterns: { readonly pattern: Pattern; plan: Plan }[]
  readonly least: number
  readonly most: number
  /** Indices into `named`: when the first is seen, the others must be. */
  readonly dependentNames: readonly { readonly of: number; readonly needs: readonly number[] }[]
  readonly dependentPlans: { readonly of: number; plan: Plan }[]
}

export interface Elements {
  readonly prefix: Plan[]
  items: Plan
  readonly least: number
  readonly most: number
  readonly unique: boolean
  contains: Plan | null
  readonly leastContained: number
  readonly mostContained: number
}

/** What is applied to the same value after it was read. */
export interface Steps {
  readonly all: readonly Plan[]
  readonly any: readonly Plan[]
  readonly one: readonly Plan[]
  readonly not: Plan | null
  readonly condition: Plan | null
  readonly then: Plan | null
  readonly otherwise: Plan | null
}
