import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Limit, SharedLimits } from './limits.ts'

const HOUR = 3_600_000
/** Ticks of 10 microseconds go round after 2^32 of them. */
const ROUND = 2 ** 32 / 100

/** The generic cell rate algorithm as ITU-T I.371 writes it, in whole ticks and without a word to wrap round. */
class Reference {
  #arrival = 0

  take({ perSecond, burst }: Limit, now: number): number {
    const interval = Math.max(1, Math.round(100_000 / perSecond))
    const tolerance = interval * (burst - 1)
    const ticks = Math.floor(now * 100)
    const ahead = Math.max(0, this.#arrival - ticks)
    if (ahead > tolerance) return (ahead - tolerance) / 100
    this.#arrival = ticks + ahead + interval
    return 0
  }
}

const limit = fc.record({
  perSecond: fc.double({ min: 0.5, max: 5_000, noNaN: true }),
  burst: fc.integer({ min: 1, max: 500 }),
})
const pauses = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 150 })
// Half of the starts lie so that the 32-bit counter goes round, or changes its sign, while the test runs.
const start = fc.oneof(
  fc.integer({ min: 1, max: 1e9 }),
  fc.integer({ min: -20_000, max: 20_000 }).map(by => ROUND + by),
  fc.integer({ min: -20_000, max: 20_000 }).map(by => ROUND / 2 + by),
)

describe('taking', () => {
  test('agrees with the reference at every step, also where the tick counter goes round', () => {
    fc.assert(
      fc.property(limit, pauses, start, (limit, pauses, start) => {
        const limits = new SharedLimits(16, 7)
        const reference = new Reference()
        let now = start
        for (const pause of pauses) {
          now += pause
          const expected = reference.take(limit, now)
          expect(limits.peek(3, limit, now)).toBeCloseTo(expected, 1)
          expect(limits.take(3, limit, now)).toBeCloseTo(expected, 1)
        }
      }),
    )
  })

  test('never lets more through than burst and rate allow, however it is asked', () => {
    fc.assert(
      fc.property(limit, pauses, (limit, pauses) => {
        const limits = new SharedLimits(16, 1)
        let now = 5_000
        let taken = 0
        for (const pause of pauses) {
          now += pause
          if (limits.take(0, limit, now) === 0) taken++
        }
        const interval = Math.max(1, Math.round(100_000 / limit.perSecond)) / 100
        expect(taken).toBeLessThanOrEqual(limit.burst + (now - 5_000) / interval + 1)
      }),
    )
  })

  test('a refused event costs nothing, and the wait that it is told is enough', () => {
    const limits = new SharedLimits(4, 1)
    const twoASecond = { perSecond: 2, burst: 1 }
    expect(limits.take(0, twoASecond, 1_000)).toBe(0)
    for (let i = 0; i < 50; i++) expect(limits.take(0, twoASecond, 1_100)).toBe(400)
    expect(limits.take(0, twoASecond, 1_500)).toBe(0)
  })

  test.each([
    ['six an hour at once', { perSecond: 1 / 3600, burst: 6 }],
    ['one a day', { perSecond: 1 / 86_400, burst: 1 }],
    ['a day of patience', { perSecond: 1, burst: 86_400 }],
    ['the widest that a configuration takes', { perSecond: 1 / 86_400, burst: 2 ** 31 - 1 }],
  ])('a budget too wide for 32 bits of ticks is still a limit: %s', (_, limit) => {
    const limits = new SharedLimits(4, 1)
    let taken = 0
    for (let i = 0; i < 200_000; i++) if (limits.take(0, limit, 1_000) === 0) taken++
    expect(taken).toBeLessThanOrEqual(limit.burst)
    expect(taken).toBeGreaterThan(0)
    if (taken < 200_000) expect(limits.take(0, limit, 1_000 + HOUR / 120)).toBeLessThanOrEqual(6 * HOUR)
  })
})

describe('stale words', () => {
  const limit = { perSecond: 1, burst: 5 }

  test('a word of long ago that looks far ahead is not believed', () => {
    const limits = new SharedLimits(4, 1)
    for (let i = 0; i < 5; i++) expect(limits.take(0, limit, 1_000)).toBe(0)
    // Seven hours on, the signed difference of the words is positive again.
    expect(limits.take(0, limit, 1_000 + 7 * HOUR)).toBe(0)
  })

  test('swept words are free when the ticks come round to them', () => {
    const limits = new SharedLimits(4, 1)
    for (let i = 0; i < 5; i++) limits.take(0, limit, 1_000)
    for (let hour = 1; hour < 12; hour++) limits.sweep(1_000 + hour * HOUR)
    for (let i = 0; i < 5; i++) expect(limits.take(0, limit, 1_000 + ROUND)).toBe(0)
  })

  test('a sweep keeps what still counts', () => {
    const limits = new SharedLimits(4, 1)
    for (let i = 0; i < 5; i++) limits.take(0, limit, 1_000)
    limits.sweep(1_200)
    expect(limits.take(0, limit, 1_200)).toBeGreaterThan(0)
  })
})

describe('sharing', () => {
  test('two views of one block share every budget', () => {
    const one = new SharedLimits(64, 99)
    const other = new SharedLimits(one.buffer, 99)
    const limit = { perSecond: 1, burst: 3 }
    const slot = one.slot('address', '192.0.2.7')
    expect(other.slot('address', '192.0.2.7')).toBe(slot)
    expect([one, other, one, other].map(each => each.take(slot, limit, 1_000))).toEqual([0, 0, 0, 1_000])
  })

  test('names fall on words inside the table, by kind, and by a seed that nobody outside knows', () => {
    const slots = (seed: number) => {
      const limits = new SharedLimits(65_536, seed)
      return Array.from({ length: 2_000 }, (_, i) => limits.slot('address', `192.0.2.${i}`))
    }
    const [first, second] = [slots(1), slots(2)]
    expect(Math.min(...first)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...first)).toBeLessThan(65_536)
    expect(new Set(first).size).toBeGreaterThan(1_900)
    expect(first.filter((slot, i) => slot === second[i]).length).toBeLessThan(20)
    const limits = new SharedLimits(65_536, 1)
    expect(limits.slot('address', 'a')).not.toBe(limits.slot('topic', 'a'))
    expect(limits.slot('a', 'bc')).not.toBe(limits.slot('ab', 'c'))
  })
})
