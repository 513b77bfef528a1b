import { expect, test } from 'vitest'
import { plantSeed } from './model-telemetry-seeds.ts'

test('no two uses share a run of the plant, whatever the seed of the bench is', () => {
  const uses = ['learn', 'first', 'second', 'held', 'start', 'fault', 'choice'] as const
  const drawn = [0, 1, 2, 10, 20, 100, 2 ** 31 - 1].flatMap(seed =>
    uses.flatMap(use => Array.from({ length: 40 }, (_, run) => plantSeed(use, seed, run) | 0)),
  )
  expect(new Set(drawn).size).toBe(drawn.length)
})
