import type { Severity } from '../../contract/index.ts'
import type { Happening, Kind } from '../../evidence/happening.ts'
import type { Field } from './fields.ts'
import type { Template } from './say.ts'

/** Which happenings are meant. */
export interface Trigger {
  readonly on: readonly Kind[]
  readonly filter: (happening: Happening) => boolean
}

/** What is looked for among the happenings before they are counted; all times in milliseconds. */
export type Form =
  /** Each of them counts. */
  | { readonly kind: 'each' }
  /** Something that should follow and does not. */
  | { readonly kind: 'absence'; readonly until: Trigger; readonly within: number; readonly key: readonly Field[] }
  /** Others that follow, in this order or in any, and nothing of `unless` between. */
  | {
      readonly kind: 'sequence'
      readonly next: readonly Trigger[]
      readonly unless: Trigger | null
      readonly within: number
      readonly ordered: boolean
      readonly key: readonly Field[]
    }
  /** Even intervals: their standard deviation is at most `jitter` of their mean. */
  | {
      readonly kind: 'periodic'
      readonly least: number
      readonly jitter: number
      readonly shortest: number
      readonly longest: number
    }
  /** A subject that has come evenly, `least` times or more, and stays away for `times` of its mean interval. */
  | {
      readonly kind: 'silence'
      readonly least: number
      readonly jitter: number
      readonly times: number
      readonly shortest: number
    }

/** A value that a subject has not had in its first time. */
export interface Novel {
  readonly of: Field
  readonly by: readonly Field[]
  /** How long everything is learned, in milliseconds from the first. */
  readonly after: number
}

/** A pattern over time, checked. Times in milliseconds. */
export interface Scenario {
  readonly name: string
  readonly file: string
  readonly title: string
  readonly severity: Severity
  /** ATT&CK for ICS, such as `T0814`. */
  readonly technique: string
  readonly labels: readonly string[]
  readonly trigger: Trigger
  readonly novel: Novel | null
  readonly form: Form
  readonly groupby: readonly Field[]
  /** Names of the fields of `groupby`. */
  readonly groups: readonly string[]
  readonly capacity: number
  /** Either one leaks out in so many milliseconds, or more than the capacity within so many is too much. */
  readonly pace: { readonly leak: number } | { readonly within: number }
  readonly distinct: Field | null
  /** How long it is silent about a subject after an alarm. */
  readonly blackhole: number
  /** Subjects kept at once. */
  readonly subjects: number
  readonly say: Template
}
