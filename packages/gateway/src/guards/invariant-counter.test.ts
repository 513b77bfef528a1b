import { describe, expect, test } from 'vitest'
import type { Rule } from '../profile/types.ts'
import { clock, counter, FakeDesk, law, rule, Speaker, sum } from './invariant.testkit.ts'
import { invariant } from './invariant.ts'

const T = 1_700_000_000_000
const speaker = (parts: Partial<Rule> = {}) => {
  const desk = new FakeDesk(rule(parts))
  return new Speaker(desk, invariant(desk))
}

describe('counter', () => {
  const counted = () => speaker({ continuities: [counter] })
  const from = (device: Speaker, at: number, count: number, parts = {}) =>
    device.say(T + at, [1, 0, 0, count], parts).lines

  test('repeats and steps back are named, a gap is none', () => {
    const device = counted()
    expect(from(device, 0, 100)).toEqual([])
    expect(from(device, 500, 101)).toEqual([])
    expect(from(device, 700, 101)).toEqual(['add counter_repeat'])
    expect(from(device, 800, 99)).toEqual(['add counter_back'])
    expect(from(device, 2_000, 104)).toEqual([])
  })

  test('must keep pace with the wall clock where there is a period', () => {
    const device = counted()
    from(device, 0, 100)
    expect(from(device, 500, 121)).toEqual([])
    expect(from(device, 500, 122)).toEqual(['add counter_pace'])
    expect(from(device, 12_000, 122)).toEqual([])
    const stalled = counted()
    from(stalled, 0, 100)
    const late = stalled.say(T + 12_000, [1, 0, 0, 102])
    expect(late.lines).toEqual(['add counter_pace'])
    expect(late.why).toBe('/n is 22 counts of 500 ms behind the wall clock, where 20 are allowed')
  })

  test('follows an oscillator that is 100 parts in a million wrong, for hours', () => {
    const device = counted()
    for (let count = 0; count < 50_000; count++) {
      expect(from(device, Math.round(count * 500 * 1.0001), count)).toEqual([])
    }
  })

  test('with a new connection it may begin anew, or go on at another pace, and nothing else', () => {
    const device = counted()
    from(device, 0, 100)
    expect(from(device, 500, 0)).toEqual(['add counter_back'])
    device.reconnect()
    expect(from(device, 600_000, 50)).toEqual(['add counter_back'])
    expect(from(device, 600_000, 100)).toEqual(['add counter_repeat'])
    expect(from(device, 600_000, 101)).toEqual([])
    expect(from(device, 600_500, 102)).toEqual([])
    device.reconnect()
    expect(from(device, 700_000, 0)).toEqual([])
    expect(from(device, 700_500, 1)).toEqual([])
    for (let count = 2; count <= 60; count++) from(device, 700_000 + count * 500, count)
    device.reconnect()
    expect(from(device, 800_000, 32)).toEqual(['add counter_back'])
    expect(from(device, 800_000, 30)).toEqual([])
    expect(from(device, 800_000, 29)).toEqual(['add counter_back'])
  })

  test('the first counts of a connection may be lost although none is allowed to be missing', () => {
    const device = speaker({ continuities: [{ ...counter, period: 0, tolerance: 0 }] })
    from(device, 0, 5_000)
    device.reconnect()
    expect(from(device, 1_000, 2)).toEqual([])
    expect(from(device, 1_500, 3)).toEqual([])
  })

  test('whose first messages were refused is not locked out: without a clock by how many there were', () => {
    const device = speaker({ continuities: [counter], invariants: [law({ check: 'level < 1' })] })
    from(device, 0, 5_000)
    device.reconnect()
    for (let count = 0; count < 200; count++) {
      if (count === 100) device.reconnect()
      expect(device.say(T + count * 500, [2, 0, 0, count]).lines).toEqual(['add invariant'])
    }
    expect(device.say(T + 100_000, [0, 0, 0, 200]).lines).toEqual([])
    expect(device.say(T + 100_500, [0, 0, 0, 199]).lines).toEqual(['add counter_back'])
  })

  test('whose clock says that the message is new begins anew anywhere, once a connection; a replay does not', () => {
    const device = speaker({ clock, continuities: [counter] })
    const told = (at: number, ts: number, count: number) => device.say(T + at, [0, 0, T + ts, count]).lines
    for (let count = 4_990; count <= 5_000; count++) told((count - 5_000) * 500, (count - 5_000) * 500, count)
    device.reconnect()
    for (let count = 0; count < 30; count++) {
      const lines = device.say(T + 500 * count, [0, 0, 500 * count, count]).lines
      expect(lines).toEqual(['add clock_skew', 'add clock_back'])
    }
    expect(told(15_000, -1_000, 4_998)).toContain('add counter_back')
    expect(told(15_000, 15_000, 600)).toEqual([])
    expect(told(15_500, 15_500, 601)).toEqual([])
    expect(told(16_000, 16_000, 599)).toEqual(['add counter_back'])
    expect(told(16_000, 16_000, 601)).toEqual(['add counter_repeat'])
  })

  test('cannot be put so far ahead that the device is locked out', () => {
    const device = counted()
    from(device, 0, 100)
    device.reconnect()
    const said = device.say(T + 10_000, [0, 0, 0, 9e15])
    expect(said.lines).toEqual(['add counter_pace'])
    expect(said.why).toContain('in 10 s, where at most 48 are possible')
    expect(from(device, 10_000, 149)).toEqual(['add counter_pace'])
    expect(from(device, 10_000, 148)).toEqual([])
    const paceless = speaker({ clock, continuities: [{ ...counter, period: 0 }] })
    paceless.say(T, [0, 0, T, 100])
    expect(paceless.say(T + 1_000, [0, 0, T + 1_000, 9e15]).lines).toEqual(['add counter_pace'])
    paceless.reconnect()
    expect(paceless.say(T + 1_000, [0, 0, T + 1_000, 9e15]).lines).toEqual(['add counter_pace'])
    expect(paceless.say(T + 1_000, [0, 0, T + 1_000, 2_100]).lines).toEqual([])
    expect(paceless.say(T + 1_500, [0, 0, T + 1_500, 2_101]).lines).toEqual([])
  })

  test('of 16 bits goes round, in a connection and between two', () => {
    const device = speaker({ continuities: [{ ...counter, modulus: 65_536 }] })
    let at = 0
    for (let count = 65_500; count < 65_600; count++) {
      at += 500
      expect(from(device, at, count % 65_536)).toEqual([])
    }
    expect(from(device, at, 63)).toEqual(['add counter_repeat'])
    const back = device.say(T + at, [0, 0, 0, 62])
    expect(back.why).toBe('/n went back from 63 to 62')
    device.reconnect()
    at += 65_536 * 500 * 0.75
    expect(from(device, at, 60_000)).toEqual(['add counter_pace'])
    expect(from(device, at, 63 + 65_536 * 0.75)).toEqual([])
    expect(from(device, at + 500, 64 + 65_536 * 0.75)).toEqual([])
  })

  const packet = (payload: number, flags = 0x32) => ({
    bytes: new Uint8Array(100).fill(flags, 0, 1).fill(payload, 20, 24),
    qos: 1,
  })
  const DUP = 0x3a

  test('the message before may be sent again with DUP: once, and unchanged', () => {
    const device = counted()
    from(device, 0, 100, packet(1))
    from(device, 500, 101, packet(2))
    device.reconnect()
    expect(from(device, 900, 101, packet(3, DUP))).toEqual(['add counter_repeat'])
    expect(from(device, 900, 100, packet(1, DUP))).toEqual(['add counter_back'])
    expect(from(device, 900, 101, packet(2))).toEqual(['add counter_repeat'])
    expect(from(device, 900, 101, packet(2, DUP))).toEqual([])
    for (let i = 1; i < 200; i++) expect(from(device, 900 + i, 101, packet(2, DUP))).toEqual(['add counter_repeat'])
    expect(device.last(0).time).toBe(T + 500)
    expect(from(device, 1_000, 102, packet(4))).toEqual([])
    expect(from(device, 1_100, 102, packet(4, DUP))).toEqual([])
  })

  test('what came with QoS 0 is never sent again', () => {
    const device = counted()
    from(device, 0, 100, { ...packet(1), qos: 0 })
    expect(from(device, 100, 100, packet(1, DUP))).toEqual(['add counter_repeat'])
  })

  test('DUP does not stop the clock', () => {
    const device = speaker({ clock, continuities: [counter] })
    device.say(T, [1, 0, T, 100], packet(1))
    expect(device.say(T + 3_600_000, [1, 0, T, 100], packet(1, DUP)).lines).toEqual(['add clock_skew'])
    expect(device.say(T + 1_000, [1, 0, T, 100], packet(1, DUP)).lines).toEqual([])
  })
})

describe('running sum', () => {
  const device = () => speaker({ continuities: [sum, counter] })
  const say = (to: Speaker, count: number, value: number, total: number) =>
    to.say(T + count * 500, [value, 0, 0, count, total])

  test('adds up from message to message, round its modulus', () => {
    const summed = device()
    expect(say(summed, 0, 40, 40).lines).toEqual([])
    expect(say(summed, 1, 50, 90).lines).toEqual([])
    expect(say(summed, 2, 20, 10).lines).toEqual([])
    expect(say(summed, 3, 89.9996, 0).lines).toEqual([])
    const wrong = say(summed, 4, 5, 6)
    expect(wrong.lines).toEqual(['add sum_mismatch'])
    expect(wrong.why).toBe('/sum says 6, the readings add up to 5')
  })

  test('is not judged over a gap where nobody says between which a reading is', () => {
    const summed = device()
    say(summed, 0, 40, 40)
    expect(say(summed, 2, 20, 77).lines).toEqual([])
    expect(say(summed, 3, 20, 98).lines).toEqual(['add sum_mismatch'])
    expect(say(summed, 4, 20, 20).lines).toEqual([])
  })

  test('over a gap each missing message adds what its reading can be', () => {
    const ranged = (modulus: number) => speaker({ continuities: [{ ...sum, modulus, least: 1, most: 15 }, counter] })
    const plain = ranged(0)
    say(plain, 0, 5, 1_000)
    const low = say(plain, 2, 5, 1_005)
    expect(low.lines).toEqual(['add sum_mismatch'])
    expect(low.why).toBe('/sum says 1005, the readings add up to 1006 to 1020, with 1 missing')
    expect(say(plain, 2, 5, 1_021).lines).toEqual(['add sum_mismatch'])
    expect(say(plain, 2, 5, 1_020).lines).toEqual([])
    expect(say(plain, 5, 5, 1_027).lines).toEqual([])
    const round = ranged(100)
    say(round, 0, 5, 90)
    expect(say(round, 3, 5, 30).lines).toEqual(['add sum_mismatch'])
    expect(say(round, 3, 5, 96).lines).toEqual(['add sum_mismatch'])
    expect(say(round, 3, 5, 25).lines).toEqual([])
    expect(say(round, 12, 5, 77).lines).toEqual([])
  })

  test('begins anew where messages are missing between two connections', () => {
    const broken = speaker({ continuities: [{ ...sum, modulus: 0, least: 0, most: 1 }, counter] })
    say(broken, 0, 1, 1)
    broken.reconnect()
    expect(say(broken, 1, 1, 9).lines).toEqual(['add sum_mismatch'])
    expect(say(broken, 2, 1, 10).lines).toEqual([])
  })

  test('is not forgotten where a message leaves it out', () => {
    const summed = device()
    say(summed, 0, 40, 40)
    say(summed, 1, 20, Number.NaN)
    expect(say(summed, 2, 20, 99).lines).toEqual(['add sum_mismatch'])
  })
})
