import { ByteAutomaton, type BytePattern } from './byte-automaton.ts'
import { literalsOf } from './byte-literals.ts'
import { type ByteFlags, readBytePattern } from './byte-read.ts'
import { program } from './program.ts'
import { type PatternProblem, Unusable } from './syntax.ts'

export type { BytePattern } from './byte-automaton.ts'
export type { ByteFlags } from './byte-read.ts'

/**
 * Makes a pattern over bytes of a regular expression of Perl's kind (PCRE2 without its Unicode mode): literals, classes,
 * `.`, alternatives, groups, `^`, `$`, `\A`, `\z`, `\b` and all quantifiers, greedy and lazy alike. What cannot be matched
 * in linear time (look-around, back-references, atomic groups, recursion) is a problem. Of the text each character is
 * one byte (Latin-1).
 * @param anchored matches begin at the beginning only, as with PCRE's flag `A`
 */
export function parseBytePattern(source: string, flags: ByteFlags, anchored = false): BytePattern | PatternProblem {
  try {
    const expression = readBytePattern(source, flags)
    return new ByteAutomaton(source, program(expression), anchored, literalsOf(expression))
  } catch (error) {
    if (error instanceof Unusable) return error.problem
    throw error
  }
}

/** Tells a pattern from a problem. */
export function isBytePattern(parsed: BytePattern | PatternProblem): parsed is BytePattern {
  return 'test' in parsed
}
