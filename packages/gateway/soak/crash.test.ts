import { expect, test } from 'vitest'
import { lacks } from '../interop/peers/needs.ts'
import { crash } from './crash.ts'

test.skipIf(lacks('mosquitto'))('five kills under load lose no acknowledged message', async () => {
  const { good, figures } = await crash({ rounds: 5, seed: 7, tell: () => {} })
  expect(figures).toMatchObject({ rounds: 5, lost: 0 })
  expect(figures['acknowledged']).toBeGreaterThanOrEqual(250)
  expect(good).toBe(true)
})
