import type { AttackTrace } from '@ringwall/lab'
import { beforeEach, expect, test } from 'vitest'
import type { Verdict } from '../contract/index.ts'
import { verdict } from '../desk/desk.testkit.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { stopperFrom } from './stopper.ts'

// Long ago, so that nothing is waited for.
const trace: AttackTrace = {
  name: 'flood',
  devices: ['pump-1'],
  peers: ['192.0.2.9:1'],
  topics: [],
  from: 1_000,
  to: 2_000,
}
const by = (guard: string): Verdict['findings'] => [{ guard, code: 'x', severity: 'high', clause: '', why: '' }]
let memory: VerdictMemory
let number = 0

beforeEach(() => {
  memory = new VerdictMemory()
})
const decided = (guard: string, parts: Partial<Verdict> = {}) =>
  memory.add(verdict({ id: `0-${number++}`, time: 1_500, findings: by(guard), ...parts }))

test('the guard that decided most often against the attack stopped it', async () => {
  decided('access')
  decided('rate', { decision: 'throttle' })
  decided('rate')
  expect((await stopperFrom(memory)(trace)).by).toBe('rate')
})

test('what was only flagged stopped nothing, and is told as observed', async () => {
  decided('size', { decision: 'flag' })
  expect((await stopperFrom(memory)(trace)).by).toBe('size, observing')
})

test('verdicts on others, or of another time, do not count; a little later does', async () => {
  decided('access', { device: 'valve-1' })
  decided('access', { time: 999 })
  decided('access', { time: 2_501 })
  decided('access', { device: '', peer: '192.0.2.8:1' })
  expect((await stopperFrom(memory)(trace)).by).toBe('')
  decided('floor', { device: '', peer: '192.0.2.9:1', time: 2_500 })
  expect((await stopperFrom(memory)(trace)).by).toBe('floor')
})

test('when it first spoke is told, whatever others had said before', async () => {
  decided('size', { time: 1_100, decision: 'flag' })
  decided('invariant', { time: 1_400, decision: 'flag' })
  decided('invariant', { time: 1_300, decision: 'flag' })
  expect(await stopperFrom(memory)(trace)).toEqual({ by: 'invariant, observing', first: 1_300 })
})
