import type { AttackReport, LabEvent } from '@ringwall/lab'
import { expect, test } from 'vitest'
import { Phases } from './phases.ts'

const plant = (time: number, mode: 'start-up' | 'normal'): LabEvent => ({
  kind: 'plant',
  time,
  mode,
  values: {},
  conditions: [],
})
const fleet = (time: number, published: number): LabEvent => {
  const rest = { devices: 1, connected: 1, dropped: 0, delivered: 0, latency: { p50: 0, p99: 0 } }
  return { kind: 'fleet', time, published, ...rest }
}
const flood = { name: 'flood-by-fifty' } as AttackReport

test('counts what was said, and what was found, by what the plant went through', () => {
  const phases = new Phases()
  phases.see(plant(1_000, 'start-up'))
  phases.see(fleet(2_000, 10))
  phases.see(plant(3_000, 'normal'))
  phases.see({ kind: 'service', time: 4_000, device: 'valve-1', begins: true })
  phases.see(fleet(5_000, 30))
  phases.see({ kind: 'service', time: 6_000, device: 'valve-1', begins: false })
  const base = { technique: 'T0814', title: '', expected: 'rate', device: 'intruder-1' } as const
  phases.see({ kind: 'attack-start', time: 7_000, name: flood.name, ...base })
  phases.see(fleet(8_000, 35))
  phases.see({ kind: 'attack-end', time: 9_000, report: flood })
  phases.see(plant(10_000, 'normal'))
  const found = phases.over([
    { time: 2_500, isThrottle: false },
    { time: 4_500, isThrottle: false },
    { time: 7_500, isThrottle: true },
  ])
  expect(found).toEqual([
    { name: 'start-up', messages: 10, flagged: 1, throttled: 0 },
    { name: 'maintenance', messages: 20, flagged: 1, throttled: 0 },
    { name: 'flood-by-fifty', messages: 5, flagged: 0, throttled: 1 },
    { name: 'normal', messages: 25, flagged: 1, throttled: 1 },
  ])
})
