import type { Captures } from './captures.ts'
import type { Names } from './shape.ts'

/** What was wrong with a payload. */
export interface PayloadFault {
  /**
   * Stable, lower_snake_case. Of the encoding: `payload_syntax`, `payload_utf8`, `payload_number` (not finite, or an integer
   * that a double cannot hold), `payload_duplicate_key`, `payload_depth`, `payload_length` (strings, items, members),
   * `payload_work` (conditions that read values again and again).
   * Of the shape: `value_type`, `value_range`, `value_length`, `value_pattern`, `value_enum`, `value_missing`,
   * `value_unknown`, `value_items`, `value_condition`.
   */
  readonly code: string
  /** A JSON pointer (RFC 6901) to the value, as far as it was read. */
  readonly where: string
  /** One plain sentence with its numbers. */
  readonly why: string
  /** Index into the payload's buffer. */
  readonly offset: number
}

/** What any payload may have, whatever its shape. */
export interface PayloadLimits {
  /** Arrays and objects within each other. */
  readonly depth: number
  /** Bytes of one string, as encoded. */
  readonly stringBytes: number
  /** Items of one array or members of one object. */
  readonly members: number
  /**
   * Values that are read once more than the first time (`anyOf`, `not`, `contains` …) or compared with others (`uniqueItems`, an
   * `enum` of objects): 16 bytes of JSON or of a text count as one.
   */
  readonly work: number
}

export const PAYLOAD_LIMITS: PayloadLimits = { depth: 16, stringBytes: 4_096, members: 256, work: 20_000 }

/**
 * Checks payloads of one format against one shape, in one pass over the bytes for all that JSON Schema lets be decided in one
 * pass. Allocates nothing for a payload that is good. Never throws, whatever the bytes.
 */
export interface PayloadValidator {
  /** How many slots of the captures it fills; they are cleared first. */
  readonly slots: number
  /** True when the payload is what the shape allows; otherwise `fault` says why. */
  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean
  /** Of the last check, null where it was good. Made when asked for. */
  readonly fault: PayloadFault | null
}
