import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPattern, parsePattern } from './parse.ts'

const encoder = new TextEncoder()

function tested(source: string, text: string): boolean {
  const pattern = parsePattern(source)
  if (!isPattern(pattern)) throw new Error(`${source}: ${pattern.why}`)
  const bytes = encoder.encode(`xx${text}yy`)
  return pattern.test(bytes, 2, bytes.length - 2)
}

const atoms = [
  'a',
  'b',
  '.',
  '\\d',
  '\\w',
  '\\S',
  '[ab]',
  '[^a]',
  '[a-cé]',
  'é',
  '😀',
  '\\u{1F600}',
  '\\ud83d\\ude00',
  '\\.',
]
const counts = ['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?']
const pattern = fc.letrec<{ whole: string; term: string }>(tie => ({
  term: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...atoms),
    fc.constantFrom('^', '$'),
    tie('whole').map(inside => `(${inside})`),
    tie('whole').map(inside => `(?:${inside})`),
  ),
  whole: fc.oneof(
    { maxDepth: 3 },
    fc
      .array(fc.tuple(tie('term'), fc.constantFrom(...counts)), { maxLength: 4 })
      .map(terms => terms.map(([term, count]) => (/^[$^]$/.test(term) ? term : term + count)).join('')),
    fc.tuple(tie('whole'), tie('whole')).map(sides => sides.join('|')),
  ),
})).whole
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '1', ' ', 'é', '😀', '\n', '.'), { maxLength: 8 })
  .map(t => t.join(''))

test('a pattern finds what RegExp with u finds', () => {
  let matched = 0
  let runs = 0
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
      const parsed = parsePattern(source)
      fc.pre(isPattern(parsed) || parsed.code !== 'pattern_size')
      for (const one of texts) {
        const wanted = new RegExp(source, 'u').test(one)
        expect(tested(source, one), `${source} in ${JSON.stringify(one)}`).toBe(wanted)
        runs++
        if (wanted) matched++
      }
    }),
    { seed: 3, numRuns: 2000 },
  )
  expect(matched).toBeGreaterThan(runs / 10)
  expect(matched).toBeLessThan(runs)
})

test.each([
  ['^\\s+$', ' \t\u00a0\u2028\ufeff', true],
  ['^[^\\s]$', '\u2003', false],
  ['^[\\]\\-\\\\]+$', ']-\\', true],
  ['^[\\b\\x41\\cJ\\0]+$', '\bA\n\0', true],
  ['^.$', '\u2028', false],
  ['^.$', '😀', true],
  ['^[]$', '', false],
  ['[^]', '\n', true],
  ['$^', '', true],
  ['$^', 'a', false],
  ['(^a|b)c', 'bbc', true],
  ['^(?:a|b)*?$', 'abba', true],
])('%s in %j: %s', (source, one, wanted) => {
  expect(tested(source, one)).toBe(wanted)
  expect(new RegExp(source, 'u').test(one)).toBe(wanted)
})

test.each([
  ['(?=a)', 'pattern_unsupported'],
  ['(?<!a)', 'pattern_unsupported'],
  ['(?<n>a)', 'pattern_unsupported'],
  ['(a)\\1', 'pattern_unsupported'],
  ['\\bword', 'pattern_unsupported'],
  ['\\p{L}', 'pattern_unsupported'],
  ['\\ud800', 'pattern_unsupported'],
  ['[b-a]', 'pattern_syntax'],
  ['[\\d-z]', 'pattern_syntax'],
  ['a{2', 'pattern_syntax'],
  ['a{3,2}', 'pattern_syntax'],
  ['a**', 'pattern_syntax'],
  ['^*', 'pattern_syntax'],
  ['(a', 'pattern_syntax'],
  ['a)', 'pattern_syntax'],
  ['\\-', 'pattern_syntax'],
  ['\\u{110000}', 'pattern_syntax'],
  ['((a{1,100}){1,100}){1,100}', 'pattern_size'],
  ['(((){99999}){99999}){99999}a{2001}', 'pattern_size'],
  [`${'('.repeat(100)}a${')'.repeat(100)}`, 'pattern_size'],
])('%s is refused: %s', (source, code) => {
  expect(parsePattern(source)).toMatchObject({ code })
})

test('more states than are kept are made again', () => {
  // 2^12 states: which of the last twelve characters were an a.
  const source = '^(a|b)*a(a|b){11}$'
  const wanted = new RegExp(source, 'u')
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b'), { minLength: 50, maxLength: 400 }), letters => {
      expect(tested(source, letters.join(''))).toBe(wanted.test(letters.join('')))
    }),
    { seed: 4, numRuns: 30 },
  )
})
