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

test('judges every message of the honest fleet, and tells what it found', () => {
  const minutes: number[] = []
  const { messages, flagged, modes, first } = rehearse({
    ...parts,
    minutes: 1,
    planOf: () => [{ guard: picky, mode: 'observe' }],
    on: minute => minutes.push(minute),
  })
  expect(messages).toBeGreaterThan(3_000)
  expect(flagged).toBe(120)
  expect(modes).toEqual(expect.arrayContaining(['shutdown', 'start-up', 'normal']))
  expect(first[0]).toBe('picky never on demo/level-1/telemetry: never levels')
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
