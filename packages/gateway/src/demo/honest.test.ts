import type { AttackReport } from '@ringwall/lab'
import { expect, test } from 'vitest'
import { verdict } from '../desk/desk.testkit.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { HonestWatch } from './honest.ts'

const findings = [{ guard: 'invariant', code: 'x', severity: 'high', clause: '', why: 'because' }] as const
const attack = { devices: ['level-1'], topics: ['demo/valve-1/set'], from: 2_000, to: 3_000 } as unknown as AttackReport

test('counts what was found of honest devices, but not while somebody was in their place', () => {
  const memory = new VerdictMemory()
  const watch = new HonestWatch(memory, 1_000)
  const add = (device: string, time: number) => memory.add(verdict({ id: `${device} ${time}`, device, time, findings }))
  add('level-1', 900)
  add('level-1', 1_400)
  add('level-1', 2_500)
  add('level-1', 3_400)
  add('level-2', 2_500)
  add('intruder-3', 2_500)
  watch.see({ kind: 'attack-end', time: 3_000, report: attack })
  expect(watch.flagged.map(line => line.split(':')[0])).toEqual([
    expect.stringContaining('of level-2'),
    expect.stringContaining('of level-1'),
  ])
})

test('what a device is told while an attack aims at that topic may be the attack, and nothing else', () => {
  const memory = new VerdictMemory()
  const watch = new HonestWatch(memory, 1_000)
  const told = (device: string, address: string, time: number) =>
    memory.add(verdict({ id: `${address} ${time}`, device, address, direction: 'down', time, findings }))
  told('valve-1', 'demo/valve-1/set', 2_500)
  told('valve-1', 'demo/valve-1/set', 9_000)
  told('pump-1', 'demo/pump-1/set', 2_500)
  told('level-1', 'demo/level-1/set', 2_500)
  watch.see({ kind: 'attack-end', time: 3_000, report: attack })
  expect(watch.flagged.map(line => line.split(':')[0])).toEqual([
    expect.stringContaining('demo/pump-1/set'),
    expect.stringContaining('demo/valve-1/set'),
  ])
})

test('remembers what the memory has forgotten', () => {
  const memory = new VerdictMemory(2)
  const watch = new HonestWatch(memory, 0)
  for (let i = 0; i < 5; i++) {
    memory.add(verdict({ id: `${i}`, device: 'pump-1', time: i, findings }))
    watch.see({ kind: 'phase', time: i, phase: 'attacking' })
  }
  expect(watch.flagged.length).toBe(5)
})
