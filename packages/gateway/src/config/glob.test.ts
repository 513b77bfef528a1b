import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileGlobs } from './glob.ts'

test.each([
  ['pump-1', 'pump-1', true],
  ['pump-1', 'pump-12', false],
  ['pump-*', 'pump-', true],
  ['*', '', true],
  ['?', '', false],
  ['p?mp', 'pump', true],
  ['*-1', 'pump-1-1', true],
  ['a*b*c', 'aXbYbZc', true],
  ['a*b*c', 'aXbYbZ', false],
  ['a.c', 'abc', false],
])('%s on %s: %s', (glob, device, expected) => {
  expect(compileGlobs([glob])(device)).toBe(expected)
})

test('agrees with a regular expression', () => {
  const part = fc.constantFrom('a', 'b', '.', '*', '?')
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }),
      (glob, text) => {
        const meanings: Record<string, string> = { '*': '.*', '?': '.', '.': '\\.' }
        const pattern = glob.map(each => meanings[each] ?? each).join('')
        expect(compileGlobs([glob.join('')])(text.join(''))).toBe(new RegExp(`^${pattern}$`).test(text.join('')))
      },
    ),
  )
})

test('no glob stalls', () => {
  const begun = performance.now()
  expect(compileGlobs([`${'*a'.repeat(32)}`])(`${'a'.repeat(63)}b`)).toBe(false)
  // A glob that tries every split would take longer than anybody waits.
  expect(performance.now() - begun).toBeLessThan(5_000)
})
