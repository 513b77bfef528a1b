import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LANE_WORDS, LaneWord } from '../lanes/record.ts'
import { BALANCE } from '../profile/law/law.testkit.ts'
import type { Rule, Signal } from '../profile/types.ts'
import { clock, counter, FakeDesk, law, rule, Speaker, signal } from './invariant.testkit.ts'
import { invariant } from './invariant.ts'

const T = 1_700_000_000_000
const speaker = (parts: Partial<Rule> = {}) => {
  const desk = new FakeDesk(rule(parts))
  return new Speaker(desk, invariant(desk))
}

describe('what is judged', () => {
  test('nothing without a rule, of commands and of what is no message; what cannot be judged is a finding', () => {
    const device = speaker({ invariants: [law({ check: 'level < 1' })] })
    expect(device.say(T, [2]).lines).toEqual(['add invariant'])
    expect(device.say(T, [2], { action: 'receive' }).lines).toEqual([])
    device.desk.good = false
    const unread = device.say(T, [2])
    expect(unread.lines).toEqual(['add payload_unjudged'])
    expect(unread.why).toContain('telemetry of level-1 is not of its schema')
    expect(device.say(T, [2], { action: 'will' }).lines).toEqual(['add will_telemetry'])
    device.desk.rule = rule({ signals: [] })
    expect(device.say(T, [2]).lines).toEqual([])
    device.desk.good = true
    device.desk.rule = rule({ kind: 'command', invariants: [law({ check: 'level < 1' })] })
    expect(device.say(T, [2]).lines).toEqual([])
    device.desk.rule = null
    expect(device.say(T, [2]).lines).toEqual([])
    expect(device.last(0).time).toBe(0)
  })

  test('a will says nothing where the past or a law judges: whatever is in it, however often', () => {
    const held: Partial<Rule>[] = [
      { clock },
      { continuities: [counter] },
      { signals: [signal({ change: { perSecond: 1, slack: 0 } })] },
      { signals: [signal({ frozen: 3 })] },
      { invariants: [law({ check: 'level < 1' })] },
    ]
    for (const parts of held) {
      const device = speaker(parts)
      for (let i = 0; i < 3; i++) {
        device.reconnect()
        expect(device.say(T, [0.5, 0, T, i], { action: 'will' }).lines).toEqual(['add will_telemetry'])
      }
      device.desk.good = false
      const will = device.say(T, [0.5], { action: 'will' })
      expect(will.lines).toEqual(['add will_telemetry'])
      expect(will.why).toContain('a will would send telemetry of level-1 later')
      expect(device.lane.words.slice(1).every(word => word === 0)).toBe(true)
    }
  })

  test('a will passes where nothing of it is judged by the past, and as the death of an edge node; it teaches nothing', () => {
    const status = speaker()
    expect(status.say(T, [2], { action: 'will' }).lines).toEqual([])
    const reader = { format: 'sparkplug', slots: 5, fault: null, check: () => true } as const
    const edge = speaker({
      payload: reader,
      signals: [signal({ frozen: 3 })],
      invariants: [law({ check: 'level < 1' })],
    })
    expect(edge.say(T, [], { action: 'will' }).lines).toEqual([])
    for (const each of [status, edge]) {
      expect(each.last(0).time).toBe(0)
      expect(each.lane.words.every(word => word === 0)).toBe(true)
    }
  })

  test('what goes through is told to the neighbors in the unit of its series', () => {
    const device = speaker({ signals: [signal({ unitSlot: 1 })] })
    device.say(T, [150, 1])
    expect(device.last(0)).toEqual({ value: 1.5, time: T, integral: 0 })
    device.say(T + 2_000, [2.5, 0])
    expect(device.last(0)).toEqual({ value: 2.5, time: T + 2_000, integral: 4 })
    expect(device.say(T + 3_000, [2.5]).lines).toEqual(['add unit_unknown'])
  })

  test('the words of another profile are begun anew, all others are left alone', () => {
    const device = speaker({ signals: [signal({ frozen: 2 })] })
    device.lane.words.fill(3)
    device.say(T, [1])
    expect(device.lane.words[LaneWord.profileDigest]).toBe(7)
    expect(device.lane.words[LaneWord.profileLast]).toBe(0)
    expect(device.lane.words[LaneWord.profileDigest - 1]).toBe(3)
    expect(device.say(T + 1, [1]).lines).toEqual(['add sensor_frozen'])
    device.desk.rule = rule({ signals: [signal({ frozen: 2 })], digest: 8 })
    expect(device.say(T + 2, [1]).lines).toEqual([])
    expect(device.lane.words.length).toBe(LANE_WORDS)
  })
})

describe('clock', () => {
  test('may differ by its skew, and never goes back', () => {
    const device = speaker({ clock })
    expect(device.say(T, [1, 0, T - 5_000]).lines).toEqual([])
    const behind = device.say(T + 100, [1, 0, T - 4_901])
    expect(behind.lines).toEqual(['add clock_skew'])
    expect(behind.why).toBe("/ts is 5 s behind the gateway's clock, where 5 s is allowed")
    expect(device.say(T + 100, [1, 0, T + 5_101]).lines).toEqual(['add clock_skew'])
    device.say(T + 1_000, [1, 0, T + 1_000])
    expect(device.say(T + 1_000, [1, 0, T + 1_000]).lines).toEqual([])
    expect(device.say(T + 2_000, [1, 0, T + 400]).why).toBe('/ts went back by 0.6 s since the message before')
    expect(device.say(T + 2_000, [1]).lines).toEqual([])
    expect(device.say(T + 2_000, [1, 0, T + 999]).lines).toEqual(['add clock_back'])
  })

  test('of SenML a small time is relative to now, or none', () => {
    const device = speaker({ clock: { ...clock, scale: 1_000, relative: true } })
    expect(device.say(T, [1, 0, 0]).lines).toEqual([])
    expect(device.say(T + 1, [1, 0, -4]).lines).toEqual([])
    expect(device.say(T + 2, [1, 0, -6]).why).toBe("/ts is 6 s behind the gateway's clock, where 5 s is allowed")
    expect(device.say(T + 3, [1, 0, T / 1_000]).lines).toEqual([])
    expect(device.say(T + 3, [1, 0, 2 ** 28]).lines).toEqual(['add clock_skew', 'add clock_back'])
    expect(device.say(T + 4, [1, 0, -4]).lines).toEqual([])
  })
})

describe('signals', () => {
  test('may change by so much a second and their noise', () => {
    const device = speaker({ signals: [signal({ change: { perSecond: 0.04, slack: 0.04 } })] })
    expect(device.say(T, [1]).lines).toEqual([])
    expect(device.say(T + 500, [1.059]).lines).toEqual([])
    const fast = device.say(T + 1_000, [0.959])
    expect(fast.lines).toEqual(['add change_too_fast'])
    expect(fast.why).toBe('level fell 0.061 m from 1.02 m in 0.5 s, where 0.06 m is allowed')
    expect(device.say(T + 1_500, [0.959]).lines).toEqual([])
  })

  test('are granted their noise once, not with each message', () => {
    const device = speaker({ signals: [signal({ change: { perSecond: 0.04, slack: 0.04 } })] })
    device.say(T, [1])
    let value = 1
    for (let i = 1; i <= 200; i++) if (device.say(T + i, [value + 0.02]).lines.length === 0) value += 0.02
    expect(value).toBeLessThanOrEqual(1 + 0.04 + 0.04 * 0.2)
    const other = speaker({ signals: [signal({ change: { perSecond: 0.04, slack: 0.04 } })] })
    other.say(T, [1])
    const flips = [1.039, 0.961, 1.039, 0.961].map((value, i) => other.say(T + i, [value]).lines.length)
    expect(flips).toEqual([0, 0, 0, 0])
    expect(other.say(T + 5, [1.041]).lines).toEqual(['add change_too_fast'])
  })

  test('honest ones never change too fast, however noisy, fast and unevenly told they are', () => {
    const step = fc.record({
      ms: fc.integer({ min: 0, max: 2_000 }),
      move: fc.double({ min: -1, max: 1, noNaN: true }),
      noise: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 60 }), steps => {
        const device = speaker({ signals: [signal({ change: { perSecond: 2, slack: 0.500_001 } })] })
        let at = T
        let truth = 0
        for (const { ms, move, noise } of steps) {
          at += ms
          truth += (move * 2 * ms) / 1000
          expect(device.say(at, [truth + noise * 0.5]).lines).toEqual([])
        }
      }),
      { numRuns: 300, seed: 5 },
    )
  })

  const paced = (scale = 1) =>
    speaker({ clock: { ...clock, scale }, signals: [signal({ change: { perSecond: 1, slack: 0.01 } })] })

  test('messages that were held up on the way are judged by the time at which the device took them', () => {
    const device = paced()
    device.say(T, [1, 0, T])
    expect(device.say(T + 500, [1.5, 0, T + 500]).lines).toEqual([])
    const [a, b, c] = [1_000, 2_000, 3_000].map(ms => device.say(T + 3_010, [1 + ms / 1000, 0, T + ms]).lines)
    expect([a, b, c]).toEqual([[], [], []])
    expect(device.say(T + 3_500, [5, 0, T + 3_500]).lines).toEqual(['add change_too_fast'])
  })

  test('a clock that was late and is early wins no time, not even by going to and fro', () => {
    const device = paced()
    device.say(T, [1, 0, T - 4_900])
    expect(device.say(T + 500, [1.6, 0, T + 5_400]).lines).toEqual(['add change_too_fast'])
    expect(device.say(T + 500, [1.5, 0, T + 5_400]).lines).toEqual([])
    expect(device.say(T + 1_000, [2.1, 0, T + 5_900]).lines).toEqual(['add change_too_fast'])
    expect(device.say(T + 1_000, [2, 0, T + 5_900]).lines).toEqual([])
    expect(device.say(T + 10_000, [2.2, 0, T + 5_950]).lines).toEqual(['add change_too_fast'])
    device.say(T + 10_000, [2, 0, T + 5_950])
    expect(device.say(T + 10_100, [11.2, 0, T + 15_000]).lines).toEqual(['add change_too_fast'])
    expect(device.say(T + 10_100, [11.05, 0, T + 15_000]).lines).toEqual([])
  })

  test('nor for a reading that is not in each message', () => {
    const device = paced()
    device.say(T, [1, 0, T - 4_900])
    device.say(T + 500, [Number.NaN, 0, T + 5_400])
    expect(device.say(T + 1_000, [2.1, 0, T + 5_900]).lines).toEqual(['add change_too_fast'])
    expect(device.say(T + 1_000, [2, 0, T + 5_900]).lines).toEqual([])
  })

  test('a clock that counts seconds loses nothing between them', () => {
    const device = paced(1_000)
    for (let ms = 0; ms < 10_000; ms += 250) {
      expect(device.say(T + ms, [ms / 1000, 0, Math.floor((T + ms) / 1000)]).lines).toEqual([])
    }
    expect(device.say(T + 10_000, [11, 0, T / 1000 + 10]).lines).toEqual(['add change_too_fast'])
  })

  test('as many equal values as the profile says are those of a frozen sensor', () => {
    const device = speaker({ signals: [signal({ frozen: 4 })] })
    const lines = [1, 1, 1, 1, 1, 2, 2, 2, 2].map((value, index) => device.say(T + index, [value]).lines.length)
    expect(lines).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 1])
    expect(device.say(T + 20, [2]).why).toContain('has been 2 m 4 times in a row')
  })

  test('values that differ by next to nothing, or by no more than the profile says, are equal to the first of them', () => {
    const lines = (parts: Partial<Signal>, by: number) => {
      const device = speaker({ signals: [signal({ frozen: 4, ...parts })] })
      return [0, 1, 2, 3, 4].map(i => device.say(T + i, [1 + i * by]).lines.length)
    }
    expect(lines({}, 1e-15)).toEqual([0, 0, 0, 1, 1])
    expect(lines({}, 1e-6)).toEqual([0, 0, 0, 0, 0])
    expect(lines({ within: 0.0045 }, 1e-3)).toEqual([0, 0, 0, 1, 1])
    expect(lines({ within: 0.002 }, 1e-3)).toEqual([0, 0, 0, 0, 0])
  })
})

describe('clock', () => {
  test('may be set back within its skew where the count says that the message is new', () => {
    const device = speaker({ clock, continuities: [counter] })
    device.say(T, [1, 0, T + 3_000, 1])
    expect(device.say(T + 500, [1, 0, T + 500, 2]).lines).toEqual([])
    expect(device.say(T + 500, [1, 0, T + 400, 2]).lines).toEqual(['add counter_repeat', 'add clock_back'])
    expect(device.say(T + 1_000, [1, 0, T - 9_000, 3]).lines).toEqual(['add clock_skew', 'add clock_back'])
    device.reconnect()
    expect(device.say(T + 1_000, [1, 0, T + 400, 5]).lines).toEqual(['add clock_back'])
    const countless = speaker({ clock })
    countless.say(T, [1, 0, T + 3_000])
    expect(countless.say(T + 500, [1, 0, T + 500]).lines).toEqual(['add clock_back'])
  })

  test('is not held to a time that nobody can reach any more, when it is the gateway whose clock is set back', () => {
    const device = speaker({ clock })
    device.say(T + 3_600_000, [1, 0, T + 3_600_000])
    expect(device.say(T, [1, 0, T]).lines).toEqual([])
    expect(device.say(T + 500, [1, 0, T - 1]).lines).toEqual(['add clock_back'])
  })
})

describe('laws', () => {
  test('read what neighbors said and what the message brings, and have their own severity', () => {
    const device = speaker({ invariants: [law(BALANCE)] })
    for (const [series, value] of [
      [1, 5],
      [2, 5],
      [3, 2],
    ] as const)
      device.neighbors.write(series, value, T)
    expect(device.say(T, [1]).lines).toEqual([])
    const said = device.say(T + 2_000, [1.041])
    expect(said.lines).toEqual(['add invariant'])
    expect(said.why).toBe(
      'mass balance of tank 1: level rose 4.1 cm in 2 s, flows allow 0 cm; off by 0.0164 m3, where 0.016 m3 is allowed',
    )
    expect(device.last(0).value).toBe(1)
  })
})
