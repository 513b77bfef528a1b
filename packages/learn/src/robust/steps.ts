import type { ColumnRule, Reach } from './rules.ts'

/** Of a step, by how much a value may be beside it. */
const ON_STEP = 1e-3
/** Of a value or a column's range, what single precision leaves open. */
const CLOSE = 1e-6

const SELF = (value: number): number => value

/** How many steps, in a column's own unit, lie between two values. */
export function stepsBetween(
  { step = 1, own = { from: SELF, to: SELF } }: ColumnRule,
  one: number,
  other: number,
): number {
  return (own.from(other) - own.from(one)) / step
}

/** Whether there are few enough steps to tell one from the next: of smaller ones every value is whole. */
export const areCounted = (steps: number): boolean => Math.abs(steps) <= Number.MAX_SAFE_INTEGER

/** A value so many steps behind another. */
export function after({ step = 1, own = { from: SELF, to: SELF } }: ColumnRule, value: number, steps: number): number {
  return steps === 0 ? value : own.to(own.from(value) + steps * step)
}

/** Whether a value is whole steps from another, as well as single precision can tell. */
export function isOnStep(rule: ColumnRule, from: number, value: number): boolean {
  const steps = stepsBetween(rule, from, value)
  if (!areCounted(steps)) return true
  const nearest = after(rule, from, Math.round(steps))
  return (
    Math.abs(steps - Math.round(steps)) <= ON_STEP ||
    Math.abs(value - nearest) <= CLOSE * Math.max(Math.abs(from), Math.abs(value))
  )
}

/** The whole step towards `from` from a value. */
export function inwards(rule: ColumnRule, from: number, value: number): number {
  const steps = stepsBetween(rule, from, value)
  if (!areCounted(steps)) return value
  return after(rule, from, Math.trunc(steps + Math.sign(steps) * 1e-6))
}

/** What single precision leaves open of a column's range. */
export function slackOf(column: number, from: number, { scale }: Reach): number {
  return CLOSE * Math.max(Math.abs(from), scale?.[column] ?? 1)
}

/** How far a row is from another in all, in units of each column's scale; cells that are missing count nothing. */
export function lengthOf(row: ArrayLike<number>, from: ArrayLike<number>, { scale }: Reach): number {
  let square = 0
  for (let c = 0; c < row.length; c++)
    if (!Number.isNaN(from[c]) && !Number.isNaN(row[c])) square += ((row[c] - from[c]) / (scale?.[c] ?? 1)) ** 2
  return Math.sqrt(square)
}

/** The single-precision number at a value or next above it. */
export function ceiling32(value: number): number {
  const near = Math.fround(value)
  return near >= value ? near : neighbor32(near, 1)
}

/** The single-precision number next below a value. */
export function below32(value: number): number {
  const near = Math.fround(value)
  return near < value ? near : neighbor32(near, -1)
}

const BITS = new DataView(new ArrayBuffer(4))

/** One number farther up or down, as bits count: away from 0 they rise. */
function neighbor32(value: number, way: 1 | -1): number {
  if (value === 0) return way * 2 ** -149
  BITS.setFloat32(0, value)
  BITS.setInt32(0, BITS.getInt32(0) + (value > 0 ? way : -way))
  return BITS.getFloat32(0)
}
