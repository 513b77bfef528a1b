import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Guard } from '../contract/index.ts'
import { commandsKept, hasCommand, takeCommand } from '../guards/command-rate.ts'
import { scene } from '../guards/guards.testkit.ts'
import type { Rule } from '../profile/types.ts'
import { isPlain, readMemo, writeMemo } from './plain.ts'

const silent = (slot: number): Guard => ({ name: 'command', ring: 'physical', judge() {}, keeps: commandsKept(slot) })

test('what is plain comes back from JSON as it was, and nothing else is plain', () => {
  fc.assert(
    fc.property(
      fc.anything({ withTypedArray: true, withMap: true, withDate: true, withNullPrototype: true }),
      value => {
        if (isPlain(value)) expect(JSON.parse(JSON.stringify(value))).toEqual(value)
      },
    ),
    { numRuns: 500 },
  )
  for (const value of [
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    1n,
    new Map(),
    new Float64Array(1),
    [undefined],
  ]) {
    expect(isPlain(value)).toBe(false)
  }
})

test('a slot that nobody can write down is named, and one that its guard writes down comes back', () => {
  const rule = { device: 'pump-1', name: 'start' } as Rule
  const rate = { perSecond: 0.5, burst: 2 }
  const here = scene(1_000)
  takeCommand(rule, rate, here, 4)
  takeCommand(rule, rate, here, 4)
  here.memo[2] = { tokens: 1.5, time: 3 }
  here.memo[1] = new Map()
  const { memo, unknown } = writeMemo(here.memo, [silent(4)])
  expect(unknown).toEqual([1])
  const there = { ...scene(1_000), memo: readMemo(JSON.parse(JSON.stringify(memo)), [silent(4)]) }
  expect(there.memo[2]).toEqual({ tokens: 1.5, time: 3 })
  for (let now = 1_000; now < 9_000; now += 500) {
    here.now = now
    there.now = now
    expect(hasCommand(rule, rate, there, 4)).toBe(hasCommand(rule, rate, here, 4))
    if (!hasCommand(rule, rate, here, 4)) continue
    takeCommand(rule, rate, here, 4)
    takeCommand(rule, rate, there, 4)
  }
})
