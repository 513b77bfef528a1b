import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ByteFlags, isBytePattern, parseBytePattern } from './byte-pattern.ts'

const bytesOf = (text: string) => Uint8Array.from(text, character => character.charCodeAt(0))

function matches(source: string, flags: ByteFlags, text: string): boolean {
  const pattern = parseBytePattern(source, flags)
  if (!isBytePattern(pattern)) throw new Error(`${source}: ${pattern.why}`)
  const bytes = bytesOf(`xx${text}yy`)
  return pattern.test(bytes, 2, bytes.length - 2)
}

// What JavaScript's RegExp means as PCRE does, where each character is a byte.
const atoms = ['a', 'b', 'A', '1', '.', '\\d', '\\w', '\\W', '[ab]', '[^a]', '[a-c\\xe9]', '\\xe9', '\\.', '\\n', ' ']
const places = ['^', '$', '\\b', '\\B']
const counts = ['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?']
const pattern = fc.letrec<{ whole: string; term: string }>(tie => ({
  term: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...atoms),
    tie('whole').map(inside => `(${inside})`),
    tie('whole').map(inside => `(?:${inside})`),
  ),
  whole: fc.oneof(
    { maxDepth: 3 },
    fc
      .array(
        fc.oneof(
          fc.tuple(tie('term'), fc.constantFrom(...counts)).map(parts => parts.join('')),
          fc.constantFrom(...places),
        ),
        { maxLength: 4 },
      )
      .map(parts => parts.join('')),
    fc.tuple(tie('whole'), tie('whole')).map(sides => sides.join('|')),
  ),
})).whole
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', 'B', '1', ' ', '\xe9', '\n', '.'), { maxLength: 8 })
  .map(parts => parts.join(''))
const flags = fc.record({ i: fc.boolean(), s: fc.boolean() })

test('a pattern over bytes says what RegExp says', () => {
  let matched = 0
  let runs = 0
  fc.assert(
    fc.property(pattern, flags, fc.array(text, { minLength: 1, maxLength: 8 }), (source, { i, s }, texts) => {
      // The dot of JavaScript leaves out more line ends, none of which is among the bytes here.
      const wanted = new RegExp(source, `${i ? 'i' : ''}${s ? 's' : ''}`)
      for (const one of texts) {
        runs++
        if (wanted.test(one)) matched++
        expect(matches(source, { i, s, E: true }, one), `${source} in ${JSON.stringify(one)}`).toBe(wanted.test(one))
      }
    }),
    { seed: 5, numRuns: 1500 },
  )
  expect(matched).toBeGreaterThan(runs / 10)
  expect(matched).toBeLessThan(runs)
})

test.each([
  ['^a$', {}, 'a\n', true],
  ['^a$', {}, 'a\nb', false],
  ['^a$', { E: true }, 'a\n', false],
  ['a\\z', {}, 'a\n', false],
  ['a\\Z', {}, 'a\n', true],
  ['^b$', { m: true }, 'a\nb\nc', true],
  ['^b', {}, 'a\nb', false],
  ['a  b # both', { x: true }, 'ab', true],
  ['(?i)AB', {}, 'ab', true],
  ['(?i:A)B', {}, 'ab', false],
  ['^[^a]$', { i: true }, 'A', false],
  ['a(?#why)b', {}, 'ab', true],
  ['[[:xdigit:]]{4}', {}, '0aF9', true],
  ['[^[:alpha:]]', {}, 'abc', false],
  ['[]a]+$', {}, ']a]', true],
  ['\\x41\\x{42}[\\103]', {}, 'ABC', true],
  ['\\Qa.b\\E+', {}, 'a.bb', true],
  ['a{,2}', {}, 'a{,2}', true],
  ['\\R', {}, '\r\n', true],
  ['\\h\\H', {}, '\tx', true],
  ['(?P<name>a)(?<other>b)', {}, 'ab', true],
  ['\\/\\-\\_', {}, '/-_', true],
])('%s with %o in %j: %s', (source, how, one, wanted) => {
  expect(matches(source, how, one)).toBe(wanted)
})

test.each([
  ['(?=a)', 'pattern_unsupported'],
  ['(?<!a)b', 'pattern_unsupported'],
  ['(?>a)', 'pattern_unsupported'],
  ['(a)\\1', 'pattern_unsupported'],
  ['(?R)', 'pattern_unsupported'],
  ['a++', 'pattern_unsupported'],
  ['\\p{L}', 'pattern_unsupported'],
  ['(*FAIL)', 'pattern_unsupported'],
  ['a**', 'pattern_syntax'],
  ['[b-a]', 'pattern_syntax'],
  ['(a', 'pattern_syntax'],
  ['a)', 'pattern_syntax'],
  ['[a', 'pattern_syntax'],
  ['a{3,2}', 'pattern_syntax'],
  ['((a{1,100}){1,100}){1,100}', 'pattern_size'],
])('%s is refused: %s', (source, code) => {
  expect(parseBytePattern(source, {})).toMatchObject({ code })
})

test('the ends of all matches are told, anchored ones at their bases', () => {
  const ends = (source: string, on: string, bases: number[], anchored = false) => {
    const parsed = parseBytePattern(source, {}, anchored)
    if (!isBytePattern(parsed)) throw new Error(parsed.why)
    const into = new Int32Array(on.length + 1)
    return [...into.subarray(0, parsed.ends(bytesOf(on), on.length, Int32Array.from(bases), bases.length, into))]
  }
  expect(ends('ab+', 'abbxab', [0])).toEqual([2, 3, 6])
  expect(ends('^ab', 'ababab', [0, 4])).toEqual([2, 6])
  expect(ends('b', 'ababab', [1, 2, 3], true)).toEqual([2, 4])
})

test('a text that takes too much work counts as one without a match, in bounded time', () => {
  const pattern = parseBytePattern('(a|b)*a(a|b){400}!', {})
  if (!isBytePattern(pattern)) throw new Error(pattern.why)
  let seed = 1
  const letters = Uint8Array.from({ length: 1_000_000 }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return 0x61 + ((seed >> 16) & 1)
  })
  letters[letters.length - 1] = 0x21
  expect(pattern.test(letters, 0, letters.length)).toBe(false)
  expect(pattern.test(letters, letters.length - 1_000, letters.length)).toBe(letters[letters.length - 402] === 0x61)
})

test('memory stays bounded and the answer right where a pattern has very many states', () => {
  const wanted = /(a|b)*a(a|b){11}$/
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b'), { minLength: 50, maxLength: 400 }), letters => {
      const one = letters.join('')
      expect(matches('(a|b)*a(a|b){11}$', {}, one)).toBe(wanted.test(one))
    }),
    { seed: 4, numRuns: 30 },
  )
})
