import type { Shape } from '../shape.ts'

/** In which units the records of one name may come. */
export interface SenmlUnits {
  /** Names of units (RFC 8428, section 12.1); an empty one stands for a record without a unit. */
  readonly accepted: readonly string[]
  /** Slot that takes the unit's index in the list. */
  readonly slot?: number
}

/** What SenML packs (RFC 8428) of one topic may say. */
export interface SenmlSpec {
  /** What every record's name must begin with, with `${device}` and `${site}` for the act's texts. Absent: nothing. */
  readonly baseName?: string
  /** Of the object that a pack is seen as: see `senmlValidator`. */
  readonly shape: Shape
  /** By property; the unit of one that is not here is not judged. */
  readonly units?: ReadonlyMap<string, SenmlUnits>
  /** Slot that takes the time of the pack's last record, in seconds. */
  readonly timeSlot?: number
  /** Labels that RFC 8428 does not know and that do not end in an underscore. Default: refused. */
  readonly otherLabels?: 'refuse' | 'ignore'
}

/** The parts of a base name: bytes, or a word of the act. */
export type NamePart = { readonly text: Uint8Array } | { readonly word: 'device' | 'site' }

/** Behind a record's name in the object: its sum (`s`). No record's own name can have the character. */
export const SUM_SUFFIX = '#sum'
