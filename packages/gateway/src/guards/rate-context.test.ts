import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Lane, Posture, type Scene, Tier } from '../contract/index.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { LaneWord } from '../lanes/record.ts'
import { modeAt, modeSlot, RhythmMode } from '../lanes/rhythm-words.ts'
import { act, ask, lane, scene } from './guards.testkit.ts'
import { rate } from './rate.ts'

const WIDE = { perSecond: 1e6, burst: 1e6 }
const CEILING = { perSecond: 100, burst: 200 }
const ADAPTATION = { headroom: 4, floor: 1, recovery: 10_000, modes: ['idle', 'normal'] }

type Here = { -readonly [Key in keyof Scene]: Scene[Key] }

/** A device under the adaptive limit. @param learned messages in its busiest minute, 0 where nothing was learned */
function device(learned: number, mode = 1) {
  const limits = { connection: WIDE, device: CEILING, topics: [], patience: 5_000, adaptation: ADAPTATION }
  const guard = rate(limits, new SharedLimits(16, 1), 0)
  const mine = lane()
  if (learned > 0) baseline(mine, mode, learned)
  const here: Here = { ...scene(1_000), mode }
  /** Acts after so many milliseconds; `-` where it may pass. */
  const say = (after: number): string => {
    here.now += after
    const said = ask(guard, act(), mine, here)
    if (said.why !== '') told.why = said.why
    return said.lines[0]?.split(' ')[1] ?? '-'
  }
  const limit = (): number | undefined => {
    say(0)
    return mine.words[LaneWord.rateLimit]
  }
  const told = { say, here, mine, why: '', limit }
  return told
}

function baseline({ rhythm }: Lane, mode: number, messages: number): void {
  rhythm[modeAt(modeSlot(mode)) + RhythmMode.frozen] = 1_700_000_000_000
  rhythm[modeAt(modeSlot(mode)) + RhythmMode.learned] = 3_600_000
  rhythm[modeAt(modeSlot(mode)) + RhythmMode.busiest] = messages
}

describe('what a device may', () => {
  test('is what the configuration says, until something was learned', () => {
    expect(device(0).limit()).toBe(100)
  })

  test.each([
    ['calm', 8],
    ['busy', 8],
    ['strained', 4],
    ['overloaded', 2.5],
  ] as const)('is a multiple of what it was learned to do: %s', (tier, most) => {
    const one = device(120)
    one.here.tier = Tier[tier]
    expect(one.limit()).toBe(most)
  })

  test('without a baseline is a part of the ceiling while the gateway is strained', () => {
    const one = device(0)
    one.here.tier = Tier.strained
    expect(one.limit()).toBe(50)
    one.here.tier = Tier.overloaded
    expect(one.limit()).toBe(25)
  })

  test('is never below the floor by what was learned, nor above the ceiling', () => {
    expect(device(1).limit()).toBe(1)
    expect(device(60_000).limit()).toBe(100)
  })

  test.each([
    ['watched', 4, 100],
    ['restricted', 2, 50],
    ['quarantined', 0.16, 1],
  ] as const)('narrows with its posture: %s', (posture, most, burst) => {
    const one = device(120)
    one.here.posture = Posture[posture]
    expect(one.limit()).toBeCloseTo(most)
    expect(one.mine.words[LaneWord.rateBurst]).toBe(burst)
  })

  test('during maintenance is the ceiling, but for its posture', () => {
    const one = device(120)
    one.here.maintenance = true
    one.here.tier = Tier.overloaded
    expect(one.limit()).toBe(100)
    one.here.posture = Posture.watched
    expect(one.limit()).toBe(50)
  })

  test('is each mode its own; a mode that was not learned narrows nothing', () => {
    const one = device(120)
    one.here.mode = 0
    expect(one.limit()).toBe(100)
    baseline(one.mine, 0, 240)
    expect(one.limit()).toBe(16)
    one.here.mode = 1
    expect(one.limit()).toBe(8)
  })
})

test('a limit that was narrowed stays so for a while when things are better again, and is not kept by flapping for less', () => {
  const one = device(120)
  one.here.tier = Tier.overloaded
  expect(one.limit()).toBe(2.5)
  one.here.now += 60_000
  one.here.tier = Tier.calm
  expect(one.limit()).toBe(2.5)
  one.here.now += 9_999
  expect(one.limit()).toBe(2.5)
  one.here.tier = Tier.strained
  one.here.posture = Posture.watched
  expect(one.limit()).toBe(1.25)
  one.here.now += 1
  one.here.tier = Tier.calm
  one.here.posture = Posture.trusted
  expect(one.limit()).toBe(8)
})

test('what came back before it was over counts anew', () => {
  const one = device(120)
  one.here.tier = Tier.overloaded
  one.limit()
  one.here.tier = Tier.calm
  one.limit()
  one.here.now += 8_000
  one.here.tier = Tier.overloaded
  one.limit()
  one.here.now += 8_000
  one.here.tier = Tier.calm
  expect(one.limit()).toBe(2.5)
  one.here.now += 10_000
  expect(one.limit()).toBe(8)
})

describe('every throttle says which context set the limit', () => {
  const why = (learned: number, parts: Partial<Here>): string => {
    const one = device(learned)
    Object.assign(one.here, parts)
    for (let i = 0; i < 300; i++) one.say(0)
    return one.why.slice(one.why.indexOf('limit for'))
  }

  test.each([
    [0, {}, 'limit for 0 ms'],
    [30, {}, 'limit for 0 ms: 4 times the 0.5 learned in mode normal'],
    [
      30,
      { posture: Posture.watched },
      'limit for 0 ms: 4 times the 0.5 learned in mode normal, halved because the device is watched',
    ],
    [
      600,
      { tier: Tier.overloaded },
      'limit for 0 ms: 1.25 times the 10 learned in mode normal while the gateway is overloaded',
    ],
    [0, { tier: Tier.strained }, 'limit for 0 ms: 0.5 of 100 while the gateway is strained'],
    [6, {}, 'limit for 0 ms: the least that anybody has'],
    [0, { posture: Posture.quarantined }, 'limit for 0 ms: a fiftieth of it because the device is quarantined'],
  ])('%i learned, %o', (learned, parts, told) => {
    expect(why(learned, parts)).toBe(told)
  })
})

test.each([Tier.calm, Tier.busy, Tier.strained, Tier.overloaded])(
  'fifty devices flood, one does what it always does: it is never slowed (tier %i)',
  tier => {
    const flooding = Array.from({ length: 50 }, () => device(120))
    const honest = device(120)
    let slowed = 0
    let passed = 0
    for (const one of [...flooding, honest]) one.here.tier = tier
    for (let now = 0; now < 600_000; now += 500) {
      for (const one of flooding) {
        for (let i = 0; i < 5; i++) if (one.say(i === 0 ? 500 : 0) === '-') passed++
      }
      if (honest.say(500) !== '-') slowed++
    }
    expect(slowed).toBe(0)
    const most = [8, 8, 4, 2.5][tier]!
    expect(passed).toBeLessThanOrEqual(50 * (CEILING.burst + 600 * most + 1))
  },
)

test('a device within its baseline is never slowed, whatever the tier does, also after it was held up', () => {
  const tiers = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 80 })), { maxLength: 40 })
  fc.assert(
    fc.property(tiers, changes => {
      const one = device(120)
      for (const [tier, held] of changes) {
        one.here.tier = tier as Tier
        // Held up for a while, then all at once, then as usual.
        for (let i = 0; i < held; i++) expect(one.say(i === 0 ? held * 500 : 0)).toBe('-')
        for (let i = 0; i < 60; i++) expect(one.say(500)).toBe('-')
      }
    }),
    { numRuns: 200 },
  )
})

test('the same acts in the same scenes leave the same words, bit for bit', () => {
  const words = () => {
    const one = device(120)
    for (let i = 0; i < 2_000; i++) {
      one.here.tier = ((i >> 5) % 4) as Tier
      one.here.posture = ((i >> 8) % 3) as Posture
      one.say((i * 7919) % 400)
    }
    return new BigUint64Array(one.mine.words.slice().buffer)
  }
  expect(words()).toEqual(words())
})
