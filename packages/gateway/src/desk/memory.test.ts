import { expect, test } from 'vitest'
import type { Verdict } from '../contract/index.ts'
import { verdict } from './desk.testkit.ts'
import { VerdictMemory } from './memory.ts'

const ids = (verdicts: readonly Verdict[]) => verdicts.map(({ id }) => id)

test('the latest come first, no more than asked for', () => {
  const memory = new VerdictMemory()
  for (const id of ['0-0', '0-1', '0-2']) memory.add(verdict({ id }))
  expect(ids(memory.latest(2))).toEqual(['0-2', '0-1'])
  expect(ids(memory.latest(9))).toEqual(['0-2', '0-1', '0-0'])
  expect(memory.latest(0)).toEqual([])
  expect(memory.latest(-1)).toEqual([])
  expect(ids(memory.latest(9, each => each.id !== '0-1'))).toEqual(['0-2', '0-0'])
})

test('the oldest is forgotten where there is no more room', () => {
  const memory = new VerdictMemory(3)
  for (let i = 0; i < 1_000; i++) memory.add(verdict({ id: `0-${i}` }))
  expect(ids(memory.latest(99))).toEqual(['0-999', '0-998', '0-997'])
  expect(memory.get('0-996')).toBeUndefined()
  expect(memory.get('0-997')?.id).toBe('0-997')
})
