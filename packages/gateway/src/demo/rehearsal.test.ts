import { expect, test } from 'vitest'
import type { Guard } from '../contract/index.ts'
import { rehearse } from './rehearsal.ts'

const parts = { site: 'demo', seed: 1, minutes: 0.5, slots: 1, series: 1 }

/** Finds something in what one device says of itself. */
const picky: Guard = {
  name: 'picky',
  ring: 'network',
  judge(act, _lane, _scene, report) {
    if (act.direction === 'up' && act.address.text === 'demo/level-1/telemetry') report.add('never', 'never levels')
  },
}

/** Notes in which lease of its lane a device does what. */
function witness(seen: Map<string, number[]>): Guard {
  return {
    name: 'witness',
    ring: 'network',
    judge(act, lane, scene) {
      const acts = seen.get(act.action) ?? []
      seen.set(act.action, acts)
      if (act.action === 'connect' && scene.memo[0] !== undefined) throw new TypeError('kept from a former connection')
      acts.push(lane.epoch)
      scene.memo[0] = act.serial
    },
  }
}

test('judges every message of the honest fleet, and tells what it found', () => {
  const minutes: number[] = []
  const { messages, flagged, modes, first } = rehearse({
    ...parts,
    minutes: 1,
    planOf: () => [{ guard: picky, mode: 'observe' }],
    on: minute => minutes.push(minute),
  })
  expect(messages).toBeGreaterThan(3_000)
  // Two a second, but for the seconds in which it has lost its power.
  expect(flagged).toBeGreaterThan(110)
  expect(flagged).toBeLessThan(120)
  expect(modes).toEqual(expect.arrayContaining(['shutdown', 'start-up', 'normal']))
  expect(first[0]).toBe('picky never on publish demo/level-1/telemetry of level-1: never levels')
  expect(minutes).toEqual([1])
})

test('where guards find nothing, nothing is flagged; each device is judged by its own plan', () => {
  expect(rehearse({ ...parts, planOf: () => [] }).flagged).toBe(0)
  const own = rehearse({
    ...parts,
    planOf: device => (device === 'level-2' ? [{ guard: picky, mode: 'enforce' }] : []),
  })
  expect(own.flagged).toBe(0)
})

test('judges each CONNECT with its will, and gives each connection a lease of its own and nothing kept', () => {
  const seen = new Map<string, number[]>()
  const guard = witness(seen)
  const { connects } = rehearse({
    ...parts,
    planOf: device => (device === 'level-1' ? [{ guard, mode: 'observe' }] : []),
  })
  expect([...seen.keys()]).toEqual(['connect', 'will', 'publish'])
  expect(seen.get('connect')).toEqual([2, 3])
  expect(seen.get('will')).toEqual([2, 3])
  expect(new Set(seen.get('publish'))).toEqual(new Set([2, 3]))
  expect(connects).toBeGreaterThan(26)
})
