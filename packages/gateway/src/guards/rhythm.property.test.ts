import { describe, expect, test } from 'vitest'
import { chance, Habit, MANNERS } from './rhythm.testkit.ts'

const MESSAGES = 100_000
const names = Object.keys(MANNERS)

/** A habit that has been learned. */
function learned(name: string, mean: number, seed: number, messages = 2_000) {
  const random = chance(seed)
  const habit = new Habit()
  const after = MANNERS[name]!(mean, random)
  expect(habit.run(messages, after)).toEqual([])
  return { habit, after, random }
}

describe.each(names)('a device that goes on as it was: %s', name => {
  test.each([1, 2])('nothing is found in 100,000 messages (seed %i)', seed => {
    const { habit, after } = learned(name, 500, seed)
    expect(habit.run(MESSAGES, after)).toEqual([])
  })

  test.each([4, 5])('nor where the network stalls and then lets all through at once (seed %i)', seed => {
    const { habit, after, random } = learned(name, 500, seed)
    let clock = 0
    let arrived = 0
    let blocked = 0
    const found = habit.run(MESSAGES, () => {
      clock += after()
      if (clock > blocked && random() < 0.002) blocked = clock + random() * 60_000
      const at = Math.max(clock, blocked, arrived)
      const interval = at - arrived
      arrived = at
      return interval
    })
    expect(found).toEqual([])
  })

  test.each([7])('nor where it loses its connection, with its messages or only for a while (seed %i)', seed => {
    const { habit, after, random } = learned(name, 500, seed)
    let owed = 0
    const found = habit.run(MESSAGES / 2, () => {
      const interval = after()
      if (owed > 0) {
        owed -= interval
        return 0
      }
      if (random() >= 0.001) return interval
      habit.reconnect()
      const away = random() * 120_000
      owed = random() < 0.5 ? away : 0
      return away
    })
    expect(found).toEqual([])
  })

  test('nor where the mode changes all the time, each mode with a rhythm of its own', () => {
    const random = chance(9)
    const habit = new Habit()
    const afters = [300, 900, 2_000].map(mean => MANNERS[name]!(mean, random))
    const found: string[] = []
    for (let round = 0; round < 300; round++) {
      habit.here.mode = round % 3
      found.push(...habit.run(200 + Math.floor(random() * 100), afters[round % 3]!))
    }
    expect(found).toEqual([])
  })
})

/** How many messages it takes at most until a changed rhythm is named; what docs/rhythm.md states. */
const NAMED_WITHIN: [string, number, number][] = [
  ['clockwork', 0.5, 30],
  ['clockwork', 2, 10],
  ['clockwork', 0.1, 12],
  ['jitter', 0.5, 30],
  ['jitter', 2, 10],
  ['jitter', 0.1, 12],
  ['wide jitter', 0.5, 60],
  ['wide jitter', 2, 20],
  ['wide jitter', 0.1, 30],
  ['chance', 0.5, 400],
  ['chance', 0.1, 80],
]

describe('a changed rhythm is named', () => {
  test.each(NAMED_WITHIN)('%s, intervals times %d: within %i messages', (name, factor, most) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { habit, after } = learned(name, 500, seed)
      // Quiet for a while, so that nothing is owed any more.
      habit.run(200, after)
      const [first] = habit.run(most, () => after() * factor)
      expect(first, `seed ${seed}`).toMatch(factor < 1 ? /rhythm_early/ : /rhythm_late/)
    }
  })

  test('a change of less than a fifth is not', () => {
    for (const factor of [0.85, 1.15]) {
      const { habit, after } = learned('jitter', 500, 1)
      expect(habit.run(5_000, () => after() * factor)).toEqual([])
    }
  })
})

test('the same acts on the same lane leave the same words, bit for bit', () => {
  const words = () => {
    const { habit, after } = learned('chance', 500, 3)
    habit.run(3_000, index => after() * (index > 1_500 ? 0.2 : 1))
    return habit.lane.rhythm.slice()
  }
  const first = words()
  expect(first.some(word => word !== 0)).toBe(true)
  expect(new BigUint64Array(words().buffer)).toEqual(new BigUint64Array(first.buffer))
})
