import type { CodePoints } from './set.ts'

/** A regular expression as a tree. */
export type Expression =
  | { readonly kind: 'set'; readonly set: CodePoints }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  /** A condition on what stands before and behind a place, by its instruction: patterns over bytes only. */
  | { readonly kind: 'assert'; readonly op: number }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'either'; readonly options: readonly Expression[] }
  /** `most` is Infinity where there is no bound. */
  | { readonly kind: 'repeat'; readonly of: Expression; readonly least: number; readonly most: number }

/** Why a text is no pattern that can be used. */
export interface PatternProblem {
  /** `pattern_syntax`, `pattern_unsupported` or `pattern_size`. */
  readonly code: string
  readonly why: string
  /** Index of the code point in the pattern. */
  readonly at: number
}

/** Thrown while a pattern is read, and caught before its reader returns. */
export class Unusable extends Error {
  readonly problem: PatternProblem

  constructor(code: string, why: string, at: number) {
    super(why)
    this.problem = { code, why, at }
  }
}
