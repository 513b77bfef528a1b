import { isBytePattern, parseBytePattern } from '@ringwall/wire'
import type { Random } from '../../wire/fuzz/random.ts'
import { word } from './rules-make.ts'

const ATOMS = [
  'a',
  'b',
  'A',
  '/',
  '.',
  '\\w',
  '\\W',
  '\\d',
  '[ab]',
  '[^a]',
  '[a-z/]',
  '(a|b)',
  '(?:ab|/)',
  '\\b',
  '$',
  '\\/',
]
const COUNTS = ['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?']
/** Patterns with which engines that try and take back never end. */
const CATASTROPHES = [
  '(a+)+$',
  '(a|a)*b',
  '(a*)*b',
  '(.*)*x',
  '(a|aa)+$',
  '(\\w+\\s?)*!',
  '([ab]*a){12}b',
  '(a?){20}a{20}',
]

/** Makes a pattern that JavaScript's RegExp and PCRE mean alike, and a text for it. */
export function makePattern(random: Random): { source: string; flags: string; text: string } {
  const term = (): string => {
    const atom = random.pick(ATOMS)
    return /^(\$|\\b)$/.test(atom) ? atom : atom + random.pick(COUNTS)
  }
  const flags = random.pick(['', 'i', 's', 'is'])
  // Not with s: V8 finds no / in Baa/b by /.+?a^|\//s, so that there it is no oracle.
  const begin = (): string => (!flags.includes('s') && random.below(4) === 0 ? '^' : '')
  const sequence = (): string => begin() + Array.from({ length: 1 + random.below(4) }, term).join('')
  const source =
    random.below(3) === 0
      ? `${sequence()}|${sequence()}`
      : random.below(4) === 0
        ? `(${sequence()})+${term()}`
        : sequence()
  return { source, flags, text: word(random, 0, 12) }
}

/** A pattern that costs others very much, with a long text. */
export function makeCatastrophe(random: Random): { source: string; text: string } {
  return { source: random.pick(CATASTROPHES), text: `${'a'.repeat(2_000 + random.below(8_000))}${word(random, 0, 3)}` }
}

/** What the engine says, or what is wrong with that. */
export function matchPattern(source: string, flags: string, text: string): boolean | string {
  const pattern = parseBytePattern(source, { i: flags.includes('i'), s: flags.includes('s'), E: true })
  if (!isBytePattern(pattern)) return `the pattern is refused: ${pattern.why}`
  const bytes = new TextEncoder().encode(text)
  return pattern.test(bytes, 0, bytes.length)
}
