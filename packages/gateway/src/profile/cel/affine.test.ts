import { expect, test } from 'vitest'
import { affineOf, namesIn } from './affine.ts'

const told = (source: string) => {
  const found = affineOf(source)
  return found === null ? null : [found.constant, Object.fromEntries(found.weights)]
}

test.each([
  ['2 * (a - b / 4) + 3 - c', [3, { a: 2, b: -0.5, c: -1 }]],
  ['-(a - -b) * 2.5', [-0, { a: -2.5, b: -2.5 }]],
  ['a + a + 1 - 2', [-1, { a: 2 }]],
  ['4 * 2 / 16', [0.5, {}]],
])('%s is straight', (source, expected) => {
  expect(told(source)).toEqual(expected)
})

test.each([
  'abs(a - 5000.0)',
  'a > 900.0 ? 0.0 : a',
  'min(a, 1500.0)',
  'a > 2.0 && b > 3.0 ? 50.0 : a - b',
  'a * b',
  'a / b',
  '1 / a',
  'a / 0',
  'sqrt(2) * a',
  'a * 1e308 * 10',
])('%s is not', source => {
  expect(told(source)).toBeNull()
})

test('names and functions are found wherever they stand', () => {
  expect([...namesIn('a > 1 ? delta(b) : (c in [d, 2]) ? -e : !f ? 1 : 2')].sort()).toEqual([
    'a',
    'b',
    'c',
    'd',
    'delta',
    'e',
    'f',
  ])
})
