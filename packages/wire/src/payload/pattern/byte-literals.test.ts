import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBytePattern, parseBytePattern } from './byte-pattern.ts'

function needs(source: string, i = false): string[] | null {
  const pattern = parseBytePattern(source, { i })
  if (!isBytePattern(pattern)) throw new Error(pattern.why)
  return pattern.needs?.map(word => Buffer.from(word).toString('latin1')) ?? null
}

test.each([
  ['\\b(f0VMRg[A-Z]{20}|TVqQ)', ['f0vmrg', 'tvqq']],
  ['\\b(interlock|sis)\\b[^\\n]{0,40}\\b(bypass(ed)?|disabled?)\\b', ['bypass', 'disable']],
  ['/(reboot|factory_?reset)(/set)?$', ['reboot', 'factory']],
  ['^abc\\bdef', ['abcdef']],
  ['(abc)+', ['abc']],
  ['(abc)+d', ['abc']],
  ['(ab){2}c', ['ababc']],
  ['(abc)*', null],
  ['(abc)?x', null],
  ['a|longer', null],
  ['[ab]cde', ['acde', 'bcde']],
  ['[^a]cde', ['cde']],
  ['\\b(wget|curl)\\b[^\\n]*https?:', ['http:', 'https:']],
  ['\\\\u00(3[0-9]|[46][1-9a-f]|[57][0-9a])', ['\\u003', '\\u004', '\\u006', '\\u005', '\\u007']],
  ['.*', null],
] as const)('%s needs %j', (source, words) => {
  expect(needs(source)).toEqual(words)
})

test('both cases of a letter are one', () => {
  expect(needs('PowerShell', true)).toEqual(['powershell'])
})

test('where a pattern matches, one of its words stands', () => {
  const atom = fc.oneof(fc.constantFrom('a', 'b', 'C', '.', '[ab]', '\\b', '^'), fc.constantFrom('abc', 'bca'))
  const piece = fc
    .tuple(atom, fc.constantFrom('', '', '?', '*', '+', '{2}'))
    .map(([text, count]) => (count === '' || text.startsWith('\\') || text === '^' ? text : `(${text})${count}`))
  const source = fc
    .array(
      fc.array(piece, { minLength: 1, maxLength: 4 }).map(all => all.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map(all => all.join('|'))
  fc.assert(
    fc.property(source, fc.array(fc.constantFrom('a', 'b', 'c', 'C', ' '), { maxLength: 14 }), (pattern, letters) => {
      const words = needs(pattern)
      const text = letters.join('')
      if (words === null || !new RegExp(pattern).test(text)) return
      expect(words.some(word => text.toLowerCase().includes(word))).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
