import { describe, expect, test } from 'vitest'
import { SharedLimits } from '../lanes/limits.ts'
import { act, ask, lane, scene } from './guards.testkit.ts'
import { rate } from './rate.ts'

const limits = {
  connection: { perSecond: 1e6, burst: 1e6 },
  device: { perSecond: 1, burst: 1 },
  topics: [],
  patience: 5_000,
}

/** A device that never stops sending: what is said to it at each moment, `-` where it may pass. */
function flood(patience = 5_000, keepAlive = 0) {
  const guard = rate({ ...limits, patience }, new SharedLimits(16, 1), 0)
  const mine = lane()
  const here = scene(0, keepAlive)
  return (now: number) => {
    here.now = now
    return ask(guard, act(), mine, here).lines[0]?.split(' ').slice(0, 2).join(' ') ?? '-'
  }
}

/** Sends every 100 ms over a time and gives each change of what is said, with its moment; passing is left out. */
function changes(say: (now: number) => string, until: number): string[] {
  const seen: string[] = []
  let last = ''
  for (let now = 1_000; now <= until; now += 100) {
    const said = say(now)
    if (said === '-' || said === last) continue
    seen.push(`${now} ${said}`)
    last = said
  }
  return seen
}

describe('a device that keeps on', () => {
  test('is slowed for as long as patience says, refused for a moment, then slowed anew', () => {
    expect(changes(flood(), 15_000)).toEqual([
      '1100 slow rate_slowed',
      '6100 add rate_exceeded',
      '6600 slow rate_slowed',
      '11500 add rate_exceeded',
      '12100 slow rate_slowed',
    ])
  })

  test('is slowed for half its keep-alive at most, so that its pings are read', () => {
    expect(changes(flood(5_000, 4_000), 5_000).slice(0, 2)).toEqual(['1100 slow rate_slowed', '3100 add rate_exceeded'])
    expect(changes(flood(1_000, 60_000), 5_000).slice(0, 2)).toEqual([
      '1100 slow rate_slowed',
      '2100 add rate_exceeded',
    ])
  })

  test('is never told to wait for longer than patience, nor so short that it costs a timer for each message', () => {
    const slow = rate({ ...limits, device: { perSecond: 0.001, burst: 1 } }, new SharedLimits(16, 1), 0)
    const mine = lane()
    ask(slow, act(), mine, scene(1_000))
    expect(ask(slow, act(), mine, scene(1_000)).wait).toBe(5_000)
    const fast = rate({ ...limits, device: { perSecond: 1_000, burst: 1 } }, new SharedLimits(16, 1), 0)
    const other = lane()
    ask(fast, act(), other, scene(1_000))
    expect(ask(fast, act(), other, scene(1_000)).wait).toBe(20)
  })
})

test('a pause of more than a second ends the spell: patience begins anew', () => {
  const say = flood()
  say(1_000)
  expect(say(1_100)).toBe('slow rate_slowed')
  expect(say(1_950)).toBe('slow rate_slowed')
  say(8_000)
  expect(say(8_100)).toBe('slow rate_slowed')
})

test('a device that comes back on another connection has not won its patience back', () => {
  const guard = rate(limits, new SharedLimits(16, 1), 0)
  const mine = lane()
  let said = ''
  for (let now = 1_000; now <= 6_200; now += 100) said = ask(guard, act(), mine, scene(now)).lines[0] ?? '-'
  expect(said).toBe('add rate_exceeded')
})
