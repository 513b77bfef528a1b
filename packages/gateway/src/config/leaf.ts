import Type from 'typebox'
import type { Unit } from './units.ts'

/** What a text means beyond its characters; `kinds.ts` holds the check of each. */
export type Kind =
  | 'path'
  | 'url'
  | 'filter'
  | 'topic'
  | 'role-filter'
  | 'glob'
  | 'network'
  | 'protected'
  | 'loopback'
  | 'device-template'
  | 'name'
  | 'sentence'

/** What is said about every key: the sentence for editors and docs, and the default as it would be written in the file. */
interface Told {
  readonly description: string
  readonly default?: unknown
}

interface Range {
  readonly minimum?: number
  readonly maximum?: number
}

const PATTERNS: Record<Unit, string> = {
  duration: '^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$',
  size: '^[0-9]+(\\.[0-9]+)?(B|KiB|MiB|GiB)$',
  rate: '^[0-9]+(\\.[0-9]+)?/(s|m|h)$',
}

/**
 * A number with a unit. In the file: text with its unit, or a number of seconds (durations), bytes (sizes) or a second (rates).
 * In `Config`: milliseconds, bytes, messages a second. The range is in the units of `Config`.
 */
function measure(unit: Unit, told: Told, range: Range) {
  return Type.Unsafe<number>({
    anyOf: [{ type: 'string', pattern: PATTERNS[unit] }, { type: 'number' }],
    ...told,
    'x-unit': unit,
    'x-minimum': range.minimum ?? 0,
    'x-maximum': range.maximum ?? Number.MAX_SAFE_INTEGER,
  })
}

// The longest delay that Node's timers hold.
const LONGEST_TIMER = 2 ** 31 - 1

/** A duration; in `Config` whole milliseconds. */
export const duration = (told: Told, range: Range = {}) =>
  measure('duration', told, { minimum: 1, maximum: LONGEST_TIMER, ...range })

/** A size; in `Config` whole bytes. */
export const size = (told: Told, range: Range = {}) => measure('size', told, { minimum: 1, ...range })

/** A rate; in `Config` messages (or connections) a second, with fractions. */
export const rate = (told: Told, range: Range = {}) =>
  measure('rate', told, { minimum: 1 / 3_600, maximum: 10_000_000, ...range })

/** A whole number. */
export const count = (told: Told, range: Range = {}) =>
  Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, ...range, ...told })

/** Yes or no. */
export const flag = (told: Told) => Type.Boolean({ ...told })

/** A text that a kind's check reads. */
export const text = (kind: Kind, told: Told, pattern?: string) =>
  Type.String({ ...told, minLength: 1, maxLength: 4096, ...(pattern === undefined ? {} : { pattern }), 'x-kind': kind })

/** A file or folder; relative ones count from the configuration's folder, in `Config` they are absolute. */
export const path = (told: Told) => text('path', told)

/** One of a few words. */
export const choice = <const Words extends readonly string[]>(words: Words, told: Told) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...told })

/** An object with these keys and no others. */
export const section = <Properties extends Type.TProperties>(properties: Properties, told: Told) =>
  Type.Object(properties, { additionalProperties: false, ...told })

/** A list. */
export const list = <Item extends Type.TSchema>(item: Item, told: Told, minItems = 0) =>
  Type.Array(item, { ...told, minItems, maxItems: 10_000 })

/** A list that may be written as its one item. */
export const oneOrMore = (item: Type.TString, told: Told) =>
  Type.Unsafe<string[]>({
    anyOf: [item, { type: 'array', items: item, minItems: 1, maxItems: 10_000 }],
    'x-list': item,
    ...told,
  })
