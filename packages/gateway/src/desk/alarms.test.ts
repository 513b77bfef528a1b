import { expect, test } from 'vitest'
import type { Alarm } from '../evidence/alarm.ts'
import { AlarmMemory } from './alarms.ts'

const alarm = (scenario: string): Alarm => ({
  scenario,
  technique: 'T0814',
  severity: 'high',
  subject: 'pump-1',
  device: 'pump-1',
  address: '10.0.0.5',
  topic: '',
  time: 2_000,
  began: 1_000,
  why: 'why',
  figures: {},
  labels: [],
  happenings: [],
})

test('the latest come first, the oldest is forgotten, and all are counted', () => {
  const memory = new AlarmMemory(3)
  for (const name of ['a', 'b', 'a', 'a', 'c']) memory.add(alarm(name))
  expect(memory.latest(9).map(({ id, scenario }) => `${id} ${scenario}`)).toEqual(['a4 c', 'a3 a', 'a2 a'])
  expect(memory.latest(1).map(({ id }) => id)).toEqual(['a4'])
  expect(memory.counts.map(({ scenario, count }) => `${scenario} ${count}`)).toEqual(['a 3', 'b 1', 'c 1'])
})
