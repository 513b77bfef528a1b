import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alarmsOf, at, scenario } from './scenario.testkit.ts'

describe('absence', () => {
  const waits = scenario(`on: [opened]
absence: { key: [connection], until: { on: [connect, closed] }, within: 5s }
groupby: [connection]
blackhole: 1ms
`)

  test('comes true at its deadline, for each that nothing followed', () => {
    const step = fc.record({ connection: fc.integer({ min: 1, max: 6 }), opens: fc.boolean(), wait: fc.nat(4_000) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        let time = 1_000
        const happenings = steps.map(({ connection, opens, wait }) => {
          time += wait
          return at(time, { kind: opens ? 'opened' : 'connect', connection })
        })
        const wanted: string[] = []
        const open = new Map<number, number>()
        const settle = (now: number) => {
          for (const [connection, began] of [...open]) {
            if (began + 5_000 > now) continue
            wanted.push(`${began + 5_000} ${connection}`)
            open.delete(connection)
          }
        }
        for (const each of happenings) {
          settle(each.time)
          if (each.kind === 'connect') open.delete(each.connection)
          else if (!open.has(each.connection)) open.set(each.connection, each.time)
        }
        settle(1e9)
        const found = alarmsOf([waits], happenings, 1e9).map(each => `${each.time} ${each.happenings[0]?.connection}`)
        expect(found.map(each => each.split(' ')[0]).toSorted()).toEqual(
          wanted.map(each => each.split(' ')[0]).toSorted(),
        )
      }),
      { numRuns: 300, seed: 4 },
    )
  })
})

describe('sequence', () => {
  const steps = `on: [connect]
sequence: { next: [{ on: [subscribe] }, { on: [publish] }], within: 100ms, ordered: ORDERED }
groupby: [device]
blackhole: 1ms
`
  const kinds = ['connect', 'subscribe', 'publish'] as const
  const stream = fc.array(fc.record({ kind: fc.constantFrom(...kinds), wait: fc.nat(60) }), { maxLength: 60 })

  /** Looks through all that came since the last time: is there a choice of one of each, in time and in order? */
  function naive(all: readonly { kind: string; time: number }[], ordered: boolean): number[] {
    const found: number[] = []
    let since: { kind: string; time: number }[] = []
    for (const each of all) {
      since.push(each)
      const ends = ordered ? each.kind === 'publish' : true
      const complete = since.some(a => {
        if (a.kind !== 'connect') return false
        return since.some(b => {
          if (b.kind !== 'subscribe') return false
          return since.some(c => {
            if (c.kind !== 'publish') return false
            const [x, y, z] = [a, b, c].map(one => since.indexOf(one))
            if (ordered && !(x < y && y < z && c === each)) return false
            const times = [a.time, b.time, c.time]
            return Math.max(...times) - Math.min(...times) <= 100 && Math.max(...times) === each.time
          })
        })
      })
      if (!ends || !complete) continue
      found.push(each.time)
      since = []
    }
    return found
  }

  test.each([true, false])('comes true exactly when there is such a choice (ordered: %s)', ordered => {
    const one = scenario(steps.replace('ORDERED', String(ordered)))
    fc.assert(
      fc.property(stream, all => {
        let time = 1_000
        const happenings = all.map(({ kind, wait }) => {
          time += wait + 1
          return at(time, { kind })
        })
        const found = alarmsOf([one], happenings).map(each => each.time)
        expect(found).toEqual(naive(happenings, ordered))
      }),
      { numRuns: 400, seed: 5 },
    )
  })

  test('begins anew when something comes between that may not', () => {
    const one = scenario(`on: [connect]
sequence: { next: [{ on: [closed] }], unless: { on: [disconnect] }, within: 1s }
groupby: [device]
`)
    const [connect, leave, closed] = (['connect', 'disconnect', 'closed'] as const).map((kind, i) =>
      at(1_000 + i, { kind }),
    )
    expect(alarmsOf([one], [connect, closed])).toHaveLength(1)
    expect(alarmsOf([one], [connect, leave, closed])).toHaveLength(0)
  })
})

describe('periodic', () => {
  const even = scenario(`on: [publish]
periodic: { least: 5, jitter: 10, shortest: 1s, longest: 1m }
groupby: [device, topic]
`)
  const every = (intervals: readonly number[]) => {
    const sums = intervals.map((_, index) => intervals.slice(0, index + 1).reduce((sum, each) => sum + each, 0))
    return [0, ...sums].map(sum => at(1_000 + sum))
  }

  test('even intervals come true with their numbers', () => {
    const [alarm] = alarmsOf([even], every([10_000, 10_100, 9_900, 10_000, 10_000]))
    expect(alarm.figures['interval']).toBeCloseTo(10_000)
    expect(alarm.figures['jitter']).toBeLessThan(0.01)
    expect(alarm.began).toBe(1_000)
  })

  test.each([
    ['uneven ones', [10_000, 20_000, 5_000, 10_000, 30_000, 2_000]],
    ['too few', [10_000, 10_000, 10_000, 10_000]],
    ['too short ones', [100, 100, 100, 100, 100, 100]],
    ['ones with a pause between', [10_000, 10_000, 10_000, 100_000, 10_000, 10_000, 10_000]],
  ])('%s do not', (_, intervals) => {
    expect(alarmsOf([even], every(intervals))).toEqual([])
  })
})

describe('silence', () => {
  const silent = scenario(`on: [publish]
silence: { least: 5, jitter: 50, times: 10, shortest: 1m }
groupby: [device]
blackhole: 1ms
`)
  const spoken = (from: number, count: number) => Array.from({ length: count }, (_, i) => at(from + i * 10_000))

  test('comes true once, at the deadline, and again only after it was even again', () => {
    const first = spoken(1_000, 10)
    const again = spoken(1_000_000, 10)
    const alarms = alarmsOf([silent], [...first, ...again], 9e6)
    expect(alarms.map(({ time }) => time)).toEqual([91_000 + 100_000, 1_090_000 + 100_000])
    expect(alarms[0].figures['waited']).toBe(100_000)
  })

  test('is not told of one that came seldom, or comes back in time', () => {
    expect(alarmsOf([silent], spoken(1_000, 5), 9e6)).toEqual([])
    expect(alarmsOf([silent], [...spoken(1_000, 10), at(180_000)], 190_000)).toEqual([])
  })
})

describe('novelty', () => {
  const fresh = scenario(`on: [publish]
novel: { of: topic, by: [device], after: 1h }
groupby: [device, topic]
`)

  test('is what a subject did not have in its first time', () => {
    const early = [at(1_000, { topic: 'a' }), at(2_000, { topic: 'b' })]
    const late = [at(3_700_000, { topic: 'a' }), at(3_700_001, { topic: 'c' })]
    expect(alarmsOf([fresh], [...early, ...late]).map(({ topic }) => topic)).toEqual(['c'])
  })

  test('of a device that is new itself nothing is new', () => {
    expect(alarmsOf([fresh], [at(9e9, { device: 'pump-2', topic: 'z' })])).toEqual([])
  })
})
