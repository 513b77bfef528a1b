import { expect, test } from 'vitest'
import { AlarmMemory } from './alarms.ts'
import { alarm } from './desk.testkit.ts'

test('the latest come first, the oldest is forgotten, and all are counted', () => {
  const memory = new AlarmMemory(3)
  for (const scenario of ['a', 'b', 'a', 'a', 'c']) memory.add(alarm({ scenario }))
  expect(memory.latest(9).map(({ id, scenario }) => `${id} ${scenario}`)).toEqual(['a4 c', 'a3 a', 'a2 a'])
  expect(memory.latest(1).map(({ id }) => id)).toEqual(['a4'])
  expect(memory.counts.map(({ scenario, count }) => `${scenario} ${count}`)).toEqual(['a 3', 'b 1', 'c 1'])
})
