import { expect, test } from 'vitest'
import { madeAt } from './learn-date.ts'

test('a model is made now, or when SOURCE_DATE_EPOCH says; what is no such number is refused', () => {
  const before = new Date().toISOString()
  for (const environment of [{}, { SOURCE_DATE_EPOCH: '' }]) expect(madeAt(environment) >= before).toBe(true)
  expect(madeAt({ SOURCE_DATE_EPOCH: '0' })).toBe('1970-01-01T00:00:00.000Z')
  expect(madeAt({ SOURCE_DATE_EPOCH: '1767225600' })).toBe('2026-01-01T00:00:00.000Z')
  for (const bad of ['-1', '1.5', 'now', '999999999999'])
    expect(() => madeAt({ SOURCE_DATE_EPOCH: bad })).toThrow(expect.objectContaining({ code: 'usage' }))
})
