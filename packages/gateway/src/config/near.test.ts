import { expect, test } from 'vitest'
import { distance, nearest, suggestion } from './near.ts'

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'abcd', 1],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('%j to %j is %i', (a, b, steps) => {
  expect(distance(a, b)).toBe(steps)
  expect(distance(b, a)).toBe(steps)
})

test('the nearest known word is suggested, a far one is not', () => {
  const known = ['upstream', 'listen', 'rate', 'rings']
  expect(nearest('upsteam', known)).toBe('upstream')
  expect(nearest('RATE', known)).toBe('rate')
  expect(nearest('completely', known)).toBeUndefined()
  expect(nearest('x'.repeat(100_000), known)).toBeUndefined()
  expect(suggestion('zzzzzzz', known)).toBe('Known here: upstream, listen, rate, rings.')
  expect(suggestion('x', [])).toBe('Remove it.')
})
