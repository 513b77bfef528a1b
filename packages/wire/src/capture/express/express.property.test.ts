import { expect, test } from 'vitest'
import { Random } from '../../../fuzz/random.ts'
import { corpus, make } from '../../../fuzz/replay/make.ts'
import { journal } from '../../../test/capture/journal.ts'
import type { FlowsOptions } from '../tcp/options.ts'

const CAPTURES = 1_500
const TIGHT: FlowsOptions = { maxFlows: 3, maxHeldPerDirection: 800, maxHeld: 1200, history: 1024, idle: 40 }

test('whatever a capture is, it is told the same whether plain messages are read in one step or not', () => {
  const random = new Random(20_261_128)
  let stepped = 0
  for (let i = 0; i < CAPTURES; i++) {
    const version = random.pick([4, 5] as const)
    const { file } = make(corpus(i >> 6, version), random)
    const most = random.pick([200, 3_000, 1_000_000])
    // The same pieces each time: a record that is cut in two is not read in one step.
    const sizes = () => {
      const own = new Random(i)
      return () => 1 + own.below(most)
    }
    const how = { five: version === 5, options: random.pick([{ history: 65_536 }, TIGHT]) }
    const plain = journal(file, sizes(), { ...how, way: 'plain' })
    const told = journal(file, sizes(), { ...how, way: 'told' })
    const counted = journal(file, sizes(), { ...how, way: 'counted' })
    expect(told.entries).toEqual(plain.entries)
    const others = (entries: readonly string[]): string[] => entries.filter(entry => !entry.startsWith('data'))
    expect(others(counted.entries)).toEqual(others(plain.entries))
    expect(counted.stepped).toBe(told.stepped)
    stepped += told.stepped
  }
  // That it is read in one step at all.
  expect(stepped).toBeGreaterThan(1_000)
}, 120_000)
