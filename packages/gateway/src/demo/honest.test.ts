import type { AttackReport } from '@ringwall/lab'
import { expect, test } from 'vitest'
import { verdict } from '../desk/desk.testkit.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { HonestWatch } from './honest.ts'

const findings = [{ guard: 'invariant', code: 'x', severity: 'high', clause: '', why: 'because' }] as const
const attack = { devices: ['level-1'], from: 2_000, to: 3_000 } as unknown as AttackReport

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

test('what a device is told while any attack runs may be the attack', () => {
  const memory = new VerdictMemory()
  const watch = new HonestWatch(memory, 1_000)
  for (const time of [2_500, 9_000])
    memory.add(verdict({ id: `${time}`, device: 'valve-1', direction: 'down', time, findings }))
  watch.see({ kind: 'attack-end', time: 3_000, report: attack })
  expect(watch.flagged.length).toBe(1)
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
