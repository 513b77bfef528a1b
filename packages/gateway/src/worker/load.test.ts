import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tier } from '../contract/index.ts'
import { LoadMeter } from './load.ts'

const BOUNDS = {
  busy: { delay: 30, buffered: 0.25 },
  strained: { delay: 150, buffered: 0.5 },
  overloaded: { delay: 500, buffered: 0.75 },
  recovery: 5_000,
}

/** Looks every 250 ms; the tier after each. */
function looks(meter: LoadMeter, from: number, delays: readonly number[], buffered = 0): Tier[] {
  return delays.map((delay, index) => meter.look(from + index * 250, delay, buffered))
}

test('one long turn is no load, two in a row are', () => {
  expect(looks(new LoadMeter(BOUNDS), 0, [0, 900, 0, 900, 0])).toEqual([0, 0, 0, 0, 0])
  expect(looks(new LoadMeter(BOUNDS), 0, [40, 40, 200, 200, 600, 600])).toEqual([0, 1, 1, 2, 2, 3])
  expect(looks(new LoadMeter(BOUNDS), 0, [700, 700])).toEqual([0, 3])
})

test('bytes that wait count as much as delay', () => {
  expect(looks(new LoadMeter(BOUNDS), 0, [0, 0], 0.5)).toEqual([0, Tier.strained])
})

test('it goes down a tier at a time, each after a while of being clearly better', () => {
  const meter = new LoadMeter(BOUNDS)
  looks(meter, 0, [700, 700])
  const tiers = looks(
    meter,
    1_000,
    Array.from({ length: 80 }, () => 0),
  )
  expect([tiers[19], tiers[20], tiers[39], tiers[40], tiers[60], tiers[79]]).toEqual([3, 2, 2, 1, 0, 0])
})

test('what stays near its bound keeps its tier', () => {
  const meter = new LoadMeter(BOUNDS)
  looks(meter, 0, [160, 160])
  const near = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 140 : 160))
  expect(new Set(looks(meter, 1_000, near))).toEqual(new Set([Tier.strained]))
})

test('in any ten seconds it goes down twice at most, and never above what was measured', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 41, maxLength: 200 })
  fc.assert(
    fc.property(delays, taken => {
      const meter = new LoadMeter(BOUNDS)
      const tiers = looks(meter, 0, taken)
      const down = tiers.map((tier, index) => (index > 0 && tier < tiers[index - 1]! ? 1 : 0))
      for (let i = 40; i < down.length; i++) {
        expect(down.slice(i - 40, i).reduce<number>((sum, each) => sum + each, 0)).toBeLessThanOrEqual(2)
      }
      if (Math.max(...taken) < 500) expect(Math.max(...tiers)).toBeLessThan(Tier.overloaded)
    }),
    { numRuns: 300 },
  )
})
