import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { Posture } from '../contract/index.ts'
import { Ladder } from './ladder.ts'

const { trusted, watched, restricted, quarantined } = Posture
const QUIET = { watched: 100, restricted: 50, quarantined: 20 }
const CAUSE = { by: 'test', reason: 'because' }
let moves: [string, Posture][]
let ladder: Ladder

beforeEach(() => {
  moves = []
  ladder = new Ladder(QUIET, 3, (device, posture) => moves.push([device, posture]))
})

describe('a device', () => {
  test('goes up at once and comes down one step at a time, each after its own quiet time', () => {
    ladder.raise('a', quarantined, CAUSE, 1_000)
    const seen: [number, Posture][] = []
    for (let wall = 1_000; wall <= 1_200; wall += 5) {
      ladder.sweep(wall)
      if (seen.at(-1)?.[1] !== ladder.of('a')) seen.push([wall, ladder.of('a')])
    }
    expect(seen).toEqual([
      [1_000, quarantined],
      [1_020, restricted],
      [1_070, watched],
      [1_170, trusted],
    ])
    expect(moves.map(([, posture]) => posture)).toEqual([quarantined, restricted, watched, trusted])
    expect(ladder.list()).toEqual([])
  })

  test('is never lowered by something new that is milder, which renews its time', () => {
    ladder.raise('a', restricted, CAUSE, 1_000)
    expect(ladder.raise('a', watched, CAUSE, 1_040)).toBe(false)
    ladder.sweep(1_089)
    expect(ladder.of('a')).toBe(restricted)
    ladder.sweep(1_090)
    expect(ladder.of('a')).toBe(watched)
  })

  test('that a person has set stands as long as the person said, and something new does not shorten that', () => {
    ladder.set('a', restricted, 5_000, CAUSE, 1_000)
    ladder.raise('a', watched, CAUSE, 1_001)
    ladder.sweep(5_999)
    expect(ladder.of('a')).toBe(restricted)
    ladder.set('a', trusted, 0, CAUSE, 2_000)
    expect([ladder.of('a'), ladder.list().length]).toEqual([trusted, 0])
  })

  test('whose time ran out while the gateway was down stands where it would stand', () => {
    const [kept] = [{ device: 'a', posture: quarantined, since: 0, until: 1_000, ...CAUSE }]
    for (const [wall, posture] of [
      [999, quarantined],
      [1_049, restricted],
      [1_050, watched],
      [9_999, trusted],
    ] as const) {
      const other = new Ladder(QUIET, 3, () => {})
      other.restore([kept], wall)
      expect(other.of('a')).toBe(posture)
    }
  })
})

test('one more than there is room for takes the place of the one that stands lowest', () => {
  ladder.raise('a', watched, CAUSE, 1_002)
  ladder.raise('b', watched, CAUSE, 1_001)
  ladder.raise('c', quarantined, CAUSE, 1_000)
  ladder.raise('d', restricted, CAUSE, 1_003)
  expect(ladder.list().map(({ device }) => device)).toEqual(['c', 'd', 'a'])
  expect(moves.at(-2)).toEqual(['b', trusted])
})

test('a newcomer pushes out nobody who stands higher, unless a person says so', () => {
  for (const device of ['a', 'b', 'c']) ladder.raise(device, quarantined, CAUSE, 1_000)
  expect(ladder.raise('d', watched, CAUSE, 1_001)).toBe(false)
  expect(ladder.of('d')).toBe(trusted)
  expect(ladder.list().map(({ device }) => device)).toEqual(['a', 'b', 'c'])
  ladder.set('d', watched, 50, CAUSE, 1_002)
  expect(ladder.of('d')).toBe(watched)
  expect(ladder.list()).toHaveLength(3)
})

test('what is told of moves is always where the devices stand, and there are never more than allowed', () => {
  const posture = fc.constantFrom(watched, restricted, quarantined)
  const step = fc.record({
    device: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    posture,
    what: fc.constantFrom('raise', 'set', 'trust', 'sweep'),
    pause: fc.nat(60),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const told = new Map<string, Posture>()
      const each = new Ladder(QUIET, 3, (device, posture) => told.set(device, posture))
      let wall = 1_000
      for (const { device, posture, what, pause } of steps) {
        wall += pause
        if (what === 'raise') each.raise(device, posture, CAUSE, wall)
        else if (what === 'set') each.set(device, posture, pause, CAUSE, wall)
        else if (what === 'trust') each.set(device, trusted, 0, CAUSE, wall)
        else each.sweep(wall)
        expect(each.list().length).toBeLessThanOrEqual(3)
        for (const [name, last] of told) expect(each.of(name)).toBe(last)
      }
    }),
    { numRuns: 300 },
  )
})
