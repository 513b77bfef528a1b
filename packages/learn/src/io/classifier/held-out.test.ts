import { expect, test } from 'vitest'
import { randomOf } from '../../base/random.ts'
import { tableOf } from '../table/index.ts'
import { learnTable } from './classifier.ts'
import { heldOutOf } from './held-out.ts'

/** Three numbers a row, which say the class where `says`, and else nothing. */
function tableTo(says: boolean, rows: number, seed: number) {
  const random = randomOf(seed)
  const lines = Array.from({ length: rows }, () => {
    const state = random.below(10) < 6 ? 'yes' : 'no'
    const shift = says && state === 'yes' ? 3 : 0
    return [...[0, 0, 0].map(() => (random.normal() + shift).toFixed(3)), state].join()
  })
  return tableOf(`a,b,c,state\n${lines.join('\n')}\n`)
}

test.each([
  ['auto', true],
  ['auto', false],
  ['ensemble', true],
  ['ensemble', false],
] as const)(
  'an %s whose labels have a reason: %s; it is better than telling always the most frequent class where they have',
  async (algorithm, says) => {
    const record = await learnTable(tableTo(says, 200, 2), { label: 'state', date: '2026-01-01', algorithm })
    const { rows, baseline, isBetter, coverage, accuracy } = heldOutOf(record)!
    expect([rows, baseline.class, isBetter]).toEqual([algorithm === 'auto' ? 39 : 200, 'yes', says])
    expect(Math.abs(baseline.accuracy - 0.6)).toBeLessThan(0.1)
    expect(coverage.map(each => each.coverage)).toEqual(algorithm === 'auto' ? [] : [1, 0.95, 0.9, 0.8])
    if (algorithm === 'ensemble') expect(coverage[0]!.accuracy).toBe(accuracy)
    const { figures: _, ...training } = record.training
    expect(heldOutOf({ ...record, training })).toBeNull()
  },
)
