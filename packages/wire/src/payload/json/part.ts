import { Types } from '../shape.ts'
import type { PayloadLimits } from '../validator.ts'
import { Character } from './characters.ts'
import type { Choices, Plan } from './plan.ts'

const { MINUS, QUOTE, SPACE, ZERO } = Character

/** How the value of a part is read. All but `ANY` expect it to be written as it was in the template's payload. */
export const Way = {
  /** As any value, by its plan. */
  ANY: 0,
  /** A number of at most nine digits, a point anywhere among them. */
  SHORT: 1,
  /** An integer of eight to fifteen digits, as times and large counts are. */
  LONG: 2,
  /** The device's name as it is. */
  DEVICE: 3,
  /** One of few strings in their usual spelling. */
  OPTION: 4,
  /** Plain ASCII of which only the length is limited. */
  TEXT: 5,
  BOOLEAN: 6,
} as const

/** A value of a template, with the bytes before it. All have the same fields, so that reading them costs the same everywhere. */
export interface Part {
  /** How many bytes stand before it: at least four. The quotes of a string that is not read as any value belong to the bytes around it. */
  readonly length: number
  /** From the first word of these bytes to the second: the last one ends with them, the first may overlap its follower. */
  readonly step: number
  /** Whether any number of spaces may stand between these bytes and the value, as where numbers are written in columns. */
  readonly padded: boolean
  readonly way: number
  readonly plan: Plan
  /** The plan's. */
  readonly capture: number
  /** The spellings of an `enum` of strings without their quotes; empty for other ways. */
  readonly options: readonly Uint8Array[]
  /** Fewest and most bytes of a string. */
  readonly least: number
  readonly most: number
}

// More options than these are looked up behind the reading.
const FEW = 8
// Fewer spaces are how a payload is written, not what fills a column.
const PADDING = 2
/** Fewest and most digits of a long integer: the fewest are read at once, the most are what a double holds. */
export const LONG_DIGITS = { least: 8, most: 15 } as const

/** The part of a value that stands from `at` to `next`, and of the bytes from `from` on. */
export function partOf(
  plan: Plan,
  bytes: Uint8Array,
  from: number,
  at: number,
  next: number,
  limits: PayloadLimits,
): Part {
  const way = wayOf(plan, bytes, at, next, limits)
  const spaces = isUnquoted(way) ? 0 : spacesBefore(bytes, at)
  const padded = spaces >= PADDING
  const length = at - from + (isUnquoted(way) ? 1 : 0) - (padded ? spaces : 0)
  return {
    length,
    step: ((length - 1) & 3) + 1,
    padded,
    way,
    plan,
    capture: plan.capture,
    options: way === Way.OPTION && plan.choices !== null ? spellings(plan.choices) : [],
    least: plan.minLength,
    most: Math.min(plan.maxLength, limits.stringBytes),
  }
}

function spacesBefore(bytes: Uint8Array, at: number): number {
  let from = at
  while (bytes[from - 1] === SPACE) from--
  return at - from
}

/** Whether the way reads a string between its quotes. */
export function isUnquoted(way: number): boolean {
  return way === Way.DEVICE || way === Way.OPTION || way === Way.TEXT
}

function wayOf(plan: Plan, bytes: Uint8Array, at: number, next: number, limits: PayloadLimits): number {
  const first = bytes[at]
  if (plan.steps !== null) return Way.ANY
  if (first === QUOTE) return (plan.types & Types.string) === 0 ? Way.ANY : wayOfString(plan)
  if (first === 0x74 || first === 0x66) return plan.choices === null ? Way.BOOLEAN : Way.ANY
  if (first !== MINUS && !isDigit(first)) return Way.ANY
  if (plan.choices !== null || plan.multipleOf !== 0 || limits.stringBytes < LONG_DIGITS.most) return Way.ANY
  const isLong =
    next - at >= LONG_DIGITS.least && next - at <= LONG_DIGITS.most && bytes.subarray(at, next).every(isDigit)
  return isLong ? Way.LONG : Way.SHORT
}

function wayOfString({ named, placeholder, choices, pattern, textual, capture, captureForm }: Plan): number {
  if (named) return placeholder === 'device' ? Way.DEVICE : Way.ANY
  if (choices === null) return pattern === null && placeholder === null && capture < 0 ? Way.TEXT : Way.ANY
  const isOption = choices.count <= FEW && choices.texts.every(text => text !== null)
  return isOption && !textual && captureForm === 'value' ? Way.OPTION : Way.ANY
}

function spellings(choices: Choices): Uint8Array[] {
  return choices.spelled.map(({ bytes }) => bytes.subarray(1, -1))
}

function isDigit(byte: number): boolean {
  return (byte - ZERO) >>> 0 < 10
}
