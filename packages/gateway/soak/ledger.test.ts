import { expect, test } from 'vitest'
import { ledger } from './ledger.ts'

test('five kills and a full file system lose no acknowledged entry', async () => {
  const { good, figures } = await ledger({ rounds: 5, seed: 7, tell: () => {} })
  expect(figures).toMatchObject({ rounds: 5, lost: 0 })
  expect(good).toBe(true)
})
