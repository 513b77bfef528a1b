import { describe, expect, test } from 'vitest'
import { BALANCE, lawOf, Place } from './law.testkit.ts'
import { runTank } from './tank.testkit.ts'

const place = () => new Place(lawOf(BALANCE))

describe('a mass balance over noisy sensors with uneven clocks', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('flags nothing in ten honest minutes (seed %d)', seed => {
    expect(runTank(place(), 600, seed)).toEqual([])
  })

  test('names a jump with its numbers, and goes on naming it', () => {
    const found = runTank(place(), 90, 1, { level: (level, at) => (at > 60 ? level + 0.08 : level) })
    expect(found[0].at).toBeLessThan(61)
    expect(found[0].breach).toMatchObject({ code: 'invariant' })
    expect(found[0].breach.why).toMatch(
      /^mass balance of tank 1: level rose \S+ cm in 0\.\d+ s, flows allow \S+ cm; off by 0\.03\d+ m3, where 0\.016 m3 is allowed$/,
    )
    // Nothing of it was learned, so nothing of it passes, though it goes on for longer than a value may be old.
    expect(found.length).toBeGreaterThan(50)
    expect(found.at(-1)!.at).toBeGreaterThan(89)
  })

  test('holds again once the truth is told again', () => {
    const found = runTank(place(), 90, 2, { level: (level, at) => (at > 60 && at < 75 ? level + 0.08 : level) })
    expect(found.at(-1)!.at).toBeLessThan(75)
  })

  test.each([0.001, 0.002, 0.005])('names a drift of %d m a second before it is twice its limit', rate => {
    const found = runTank(place(), 240, 3, { level: (level, at) => level + Math.max(0, at - 60) * rate })
    expect(found[0].breach.code).toBe('invariant_drift')
    expect(found[0].breach.why).toMatch(
      /in sum over 60 s, where 0\.02 m3 is allowed; the last message by \S+ of 0\.016 m3$/,
    )
    // The limit is 0.02 m3, which is 0.05 m of this tank.
    expect(found[0].off).toBeGreaterThan(0.04)
    expect(found[0].off).toBeLessThan(0.06)
  })

  test('a sensor that is frozen while the level moves breaks the balance too', () => {
    let held = Number.NaN
    const found = runTank(place(), 120, 4, {
      level: (level, at) => {
        if (at < 60 || Number.isNaN(held)) held = level
        return at < 60 ? level : held
      },
    })
    expect(found.length).toBeGreaterThan(0)
  })

  test('stale neighbors: nothing is judged, and nothing false comes of the gap', () => {
    const silent = (at: number) => at > 60 && at < 120
    expect(runTank(place(), 200, 5, { flow: (_, at) => !silent(at) })).toEqual([])
    expect(runTank(place(), 200, 5, { level: (level, at) => (silent(at) ? null : level) })).toEqual([])
    const lied = {
      flow: (_: 1 | 2, at: number) => !silent(at),
      level: (level: number, at: number) => (at > 70 ? level + 0.08 : level),
    }
    expect(runTank(place(), 110, 5, lied)).toEqual([])
  })
})
