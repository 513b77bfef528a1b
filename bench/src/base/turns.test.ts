import { describe, expect, test } from 'vitest'
import { inTurns, seeded, shuffled } from './turns.ts'

describe('turns', () => {
  test('one seed gives one order, and nothing is lost in it', () => {
    const items = ['a', 'b', 'c', 'd', 'e']
    expect(shuffled(items, seeded(7))).toEqual(shuffled(items, seeded(7)))
    expect(shuffled(items, seeded(7)).sort()).toEqual(items)
    expect(items).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('every first place is drawn about as often', () => {
    const random = seeded(1)
    const firsts = new Map<string, number>()
    for (let draw = 0; draw < 3000; draw++) {
      const first = shuffled(['a', 'b', 'c'], random)[0]!
      firsts.set(first, (firsts.get(first) ?? 0) + 1)
    }
    for (const count of firsts.values()) expect(count).toBeGreaterThan(850)
  })

  test('the warming round is measured and thrown away', async () => {
    const seen: string[] = []
    const results = await inTurns([{ name: 'x' }, { name: 'y' }], 2, 3, async (contender, round) => {
      seen.push(`${contender.name}${round}`)
      return round
    })
    expect(seen).toHaveLength(6)
    expect(results.get('x')).toEqual([0, 1])
    expect(results.get('y')).toEqual([0, 1])
  })
})
