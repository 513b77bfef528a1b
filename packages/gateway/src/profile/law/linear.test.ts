import { expect, test } from 'vitest'
import { linearOf, readSource } from './index.ts'
import { BALANCE } from './law.testkit.ts'

const VALUES = { level: 'level-1/level', inflow: 'flow-1/flow', outflow: 'flow-2/flow' }

const linear = (parts: Readonly<Record<string, unknown>>) => {
  const source = { name: 'test', on: ['level-1/level'], values: VALUES, tolerance: 0.5, ...parts }
  return linearOf(readSource(source, '', [])!)
}

test('a residual that is a sum of weighted values is told as one', () => {
  const law = linear({ residual: '2 * (level - inflow / 4) + 3 - outflow' })
  expect(law).toMatchObject({ name: 'test', constant: 3, tolerance: 0.5 })
  expect(typeof law === 'string' ? [] : [...law.weights]).toEqual([
    ['level-1/level', 2],
    ['flow-1/flow', -0.5],
    ['flow-2/flow', -1],
  ])
})

test('a series that has two names counts once', () => {
  const law = linear({ values: { a: 'level-1/level', b: 'level-1/level' }, residual: 'a + 2 * b' })
  expect(typeof law === 'string' ? [] : [...law.weights]).toEqual([['level-1/level', 3]])
})

test.each([
  [{ residual: 'delta(level) - inflow' }, 'it looks back at earlier values'],
  [{ residual: 'level * dt' }, 'it looks back at earlier values'],
  [{ residual: 'level * inflow' }, 'it is no sum of weighted values'],
  [{ residual: 'level - 12 * inflow * sqrt(max(outflow, 0))' }, 'it is no sum of weighted values'],
  [{ residual: 'abs(level - inflow)' }, 'it is no sum of weighted values'],
  [{ residual: 'min(level, 1500.0)' }, 'it is no sum of weighted values'],
  [{ residual: 'prev(level) - inflow' }, 'it looks back at earlier values'],
  [{ residual: 'level > 500 ? level - 1 : level' }, 'it is no sum of weighted values'],
  [{ residual: 'inflow / level' }, 'it is no sum of weighted values'],
  [{ residual: 'inflow', when: 'level < 0.02' }, 'it holds only at times (when)'],
  [{ check: 'level < 2', tolerance: undefined }, 'it is a check, not a residual'],
  [BALANCE, 'it holds only at times (when)'],
])('%j is none: %s', (parts, why) => {
  expect(linear(parts)).toBe(why)
})
