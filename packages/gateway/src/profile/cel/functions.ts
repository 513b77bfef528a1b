import { finite, type Run } from './operators.ts'

/** A function of numbers that gives a number. */
export interface NumberFunction {
  /** Fewest and most arguments. */
  readonly least: number
  readonly most: number
  build(args: readonly Run[]): Run
}

/** The functions that any expression may call. Like everywhere, a result that is not finite is no value. */
export const FUNCTIONS: Readonly<Record<string, NumberFunction>> = {
  abs: one(Math.abs),
  sqrt: one(Math.sqrt),
  min: fold(Math.min),
  max: fold(Math.max),
  /** `clamp(x, least, most)`. */
  clamp: {
    least: 3,
    most: 3,
    build:
      ([value, least, most]) =>
      frame =>
        Math.min(Math.max(value(frame), least(frame)), most(frame)),
  },
  /** `pow(x, n)`: n is a literal, bounded by `CEL_LIMITS.exponent`. */
  pow: {
    least: 2,
    most: 2,
    build:
      ([base, exponent]) =>
      frame =>
        finite(base(frame) ** exponent(frame)),
  },
}

function one(of: (value: number) => number): NumberFunction {
  return {
    least: 1,
    most: 1,
    build:
      ([value]) =>
      frame =>
        finite(of(value(frame))),
  }
}

function fold(pick: (a: number, b: number) => number): NumberFunction {
  return {
    least: 1,
    most: 8,
    build: ([first, ...others]) => others.reduce<Run>((sofar, next) => frame => pick(sofar(frame), next(frame)), first),
  }
}
