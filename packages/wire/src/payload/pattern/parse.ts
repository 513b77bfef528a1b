import type { Pattern } from '../pattern.ts'
import { Automaton } from './automaton.ts'
import { program } from './program.ts'
import { readPattern } from './read.ts'
import { type PatternProblem, Unusable } from './syntax.ts'

/**
 * Makes a pattern of a regular expression of ECMA-262 with the flag `u`: literals, classes, `.`, alternatives, groups,
 * `^`, `$` and all quantifiers. What cannot be matched in linear time, and what this does not know (lookaround,
 * references, word boundaries, properties of Unicode), is a problem.
 */
export function parsePattern(source: string): Pattern | PatternProblem {
  try {
    return new Automaton(source, program(readPattern(source)))
  } catch (error) {
    if (error instanceof Unusable) return error.problem
    throw error
  }
}

/** Tells a pattern from a problem. */
export function isPattern(parsed: Pattern | PatternProblem): parsed is Pattern {
  return 'test' in parsed
}
