import { expect, test } from 'vitest'
import type { Tally } from '../../wire/fuzz/target.ts'
import { rules } from './rules.ts'

test('made rules, patterns and mutants of a hundred seeds come to what the reference says', () => {
  const tally: Tally = { runs: 0, inputs: 0, bytes: 0, frames: 0, faults: new Map() }
  for (let seed = 0; seed < 100; seed++) expect(rules.run(seed, tally, () => {})).toBe(null)
  // Rules that never fire, or always the same, would show nothing.
  expect(tally.frames).toBeGreaterThan(tally.inputs / 10)
  expect(tally.faults.size).toBeGreaterThan(4)
})
