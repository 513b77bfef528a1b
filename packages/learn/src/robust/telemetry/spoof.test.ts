import { expect, test } from 'vitest'
import { rowOf } from '../../index.ts'
import { rowDistance, type Scorer } from '../../series/index.ts'
import {
  type Armed,
  type Episode,
  follow,
  greedy,
  largestError,
  linearResidualScore,
  type Plan,
  Watch,
} from './index.ts'
import { normal, Tank } from './tank.testkit.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const LEVEL = { column: 0, low: 0, high: 2, resolution: 1e-3, rate: 0.03 }
const train = normal(1, 6_000)
const calm = normal(2, 6_000)

function armed(scorer: Scorer): Armed {
  const watch = Watch.of([{ scorer, threshold: 1 }])
  return { scorer, threshold: Math.max(...Array.from({ length: calm.rows }, (_, row) => watch.push(rowOf(calm, row)))) }
}

const plain = [armed(rowDistance([0, 1, 2, 3], 1, 0.03).fit([train]))]
const hardened = [
  ...plain,
  armed(linearResidualScore({ sensor: 0, witnesses: [1, 2], lag: 60 }).fit([train])),
  armed(linearResidualScore({ sensor: 0, witnesses: [3], lag: 0 }).fit([train])),
]

function episode(parts: readonly Armed[], direction: 1 | -1 = 1): Episode {
  const process = new Tank(7)
  const watch = Watch.of(parts)
  let last: ArrayLike<number> = []
  for (let row = 0; row < 300; row++) {
    last = process.advance(() => {})
    watch.push(last)
  }
  return { process, watch, last, sensors: [LEVEL], direction, approach: 30, hold: 60 }
}

test('a watch and its copies say the same of the same rows, whether a stream can be copied or is run again', () => {
  const watch = Watch.of(hardened)
  for (let row = 0; row < 200; row++) watch.push(rowOf(train, row))
  const copy = watch.copy()
  const astray = watch.copy()
  astray.push([9, 9, 9, 9])
  const said = (by: Watch) => Array.from({ length: 50 }, (_, i) => by.push(rowOf(train, 200 + i)))
  expect(said(copy)).toEqual(said(watch))
})

test('what a spoofer is said to hold is held when it is followed once more, within what the sensor can say', () => {
  const start = episode(plain)
  const { error, plan, by } = largestError(start, { greedy: false })
  expect(['plan', 'gradient']).toContain(by)
  const again = follow(start, plan as Plan)
  expect([again.alarm, again.held]).toEqual([false, error])
  expect(error).toBeGreaterThan(0.02)
  expect(follow(start, { ...(plan as Plan), error: 1.5 }).held).toBeLessThanOrEqual(0.03 * (30 + 1) + 0.1)
  expect(largestError(start, { greedy: false })).toEqual({ error, plan, by, runs: expect.any(Number) })
})

test('balance and redundancy leave a spoofer less than half of the error, upward and downward', () => {
  for (const direction of [1, -1] as const) {
    const before = largestError(episode(plain, direction), { steps: 1 }).error
    const after = largestError(episode(hardened, direction), { steps: 1 }).error
    expect(after).toBeLessThan(before / 2)
    expect(after).toBeGreaterThan(0.001)
  }
})

test('the greedy spoofer gives up nothing where nothing watches, and gets nowhere where everything alarms', () => {
  const free = { ...episode(plain), watch: Watch.of([{ ...plain[0]!, threshold: 1e9 }]) }
  expect(greedy(free, 0.3, [])).toBeCloseTo(0.3, 2)
  const shut = { ...episode(plain), watch: Watch.of([{ ...plain[0]!, threshold: 1e-9 }]) }
  expect(greedy(shut, 0.3, [])).toBe(0)
})

test('an episode that is none is refused', () => {
  const start = episode(plain)
  expect(() => largestError({ ...start, sensors: [] })).toThrow(code('episode_wrong'))
  expect(() => largestError({ ...start, hold: 0 })).toThrow(code('episode_wrong'))
  expect(() => largestError({ ...start, sensors: [{ ...LEVEL, column: 9 }] })).toThrow(code('episode_wrong'))
})
