import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Lane } from '../contract/index.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { act, ask, lane, scene } from './guards.testkit.ts'
import { type RateLimits, rate } from './rate.ts'

const WIDE = { perSecond: 1e6, burst: 1e6 }
const limits = (parts: Partial<RateLimits> = {}): RateLimits => ({
  connection: WIDE,
  device: WIDE,
  topics: [],
  patience: 5_000,
  ...parts,
})
let shared: SharedLimits
let mine: Lane

beforeEach(() => {
  shared = new SharedLimits(1024, 1)
  mine = lane()
})

/** A connection that speaks at given moments; gives what the guard said to each act. */
function connection(config: RateLimits, on: Lane = mine, keepAlive = 0) {
  const guard = rate(config, shared, 0)
  const here = scene(1_000, keepAlive)
  return (now: number, topic = 'plant/pump-1/level') => {
    here.now = now
    return ask(guard, act({ topic }), on, here)
  }
}

describe('the bucket', () => {
  test('gives its burst at once, then refills by the rate and never above the burst', () => {
    const say = connection(limits({ connection: { perSecond: 10, burst: 3 } }))
    expect([1, 2, 3].map(() => say(1_000).lines.length)).toEqual([0, 0, 0])
    expect(say(1_000).lines).toEqual(['slow rate_slowed 100'])
    expect(say(1_100).lines).toEqual([])
    expect(say(1_100).lines).toEqual(['slow rate_slowed 100'])
    const later = Array.from({ length: 4 }, () => say(60_000).lines.length)
    expect(later).toEqual([0, 0, 0, 1])
  })

  test('the wait that is told is enough', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }),
        (perSecond, burst, pauses) => {
          const say = connection(limits({ connection: { perSecond, burst } }), lane())
          let now = 1_000
          for (const pause of pauses) {
            now += pause
            const said = say(now)
            // Who was held back for longer than the patience lasts is refused instead.
            if (said.lines.length === 0 || said.lines[0] === 'add rate_exceeded') continue
            expect(said.wait).toBeGreaterThan(0)
            // A hair more: the sums are of floating-point numbers.
            now += said.wait + 1e-6
            expect(say(now).lines).toEqual([])
          }
        },
      ),
    )
  })

  test('no more passes than burst and rate allow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 150 }),
        (perSecond, burst, pauses) => {
          const say = connection(limits({ device: { perSecond, burst } }), lane())
          let now = 1_000
          let passed = 0
          for (const pause of pauses) {
            now += pause
            if (say(now).lines.length === 0) passed++
          }
          expect(passed).toBeLessThanOrEqual(burst + ((now - 1_000) * perSecond) / 1_000 + 1e-6)
        },
      ),
    )
  })
})

describe('whose budget', () => {
  const tight = { perSecond: 1, burst: 2 }

  test('a new connection has a fresh one of its own, and none of its device', () => {
    const [first, second] = [0, 1].map(() => connection(limits({ device: tight })))
    expect([first(1_000), first(1_000), second(1_000)].map(said => said.lines.length)).toEqual([0, 0, 1])
    const [third, fourth] = [0, 1].map(() => connection(limits({ connection: tight }), lane()))
    expect([third(1_000), third(1_000), fourth(1_000)].map(said => said.lines.length)).toEqual([0, 0, 0])
  })

  test('a topic has one that all lanes share, each topic under the filter its own', () => {
    const config = limits({ topics: [{ filter: 'plant/+/set', ...tight }] })
    const [one, other] = [connection(config, lane()), connection(config, lane())]
    expect(one(1_000, 'plant/a/set').lines).toEqual([])
    expect(other(1_000, 'plant/a/set').lines).toEqual([])
    expect(one(1_000, 'plant/a/set').why).toContain('of the topic plant/+/set limit')
    expect(other(1_000, 'plant/b/set').lines).toEqual([])
    expect(other(1_000, 'plant/a/get').lines).toEqual([])
  })

  test('what is refused for one budget is not taken from another', () => {
    const say = connection(limits({ connection: tight, topics: [{ filter: '#', perSecond: 1, burst: 3 }] }))
    for (let i = 0; i < 10; i++) say(1_000, 'a')
    const other = connection(limits({ topics: [{ filter: '#', perSecond: 1, burst: 3 }] }), lane())
    expect([other(1_000, 'a'), other(1_000, 'a')].map(said => said.lines.length)).toEqual([0, 1])
  })

  test('messages on their way down and wills cost nothing, subscriptions do', () => {
    const guard = rate(limits({ connection: { perSecond: 1, burst: 1 } }), shared, 0)
    const here = scene()
    for (let i = 0; i < 5; i++) {
      expect(ask(guard, act({ action: 'receive' }), mine, here).lines).toEqual([])
      expect(ask(guard, act({ action: 'will' }), mine, here).lines).toEqual([])
    }
    expect(ask(guard, act({ action: 'subscribe' }), mine, here).lines).toEqual([])
    expect(ask(guard, act({ action: 'subscribe' }), mine, here).lines.length).toBe(1)
  })
})
