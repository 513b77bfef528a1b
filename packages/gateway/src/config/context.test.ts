import { expect, test } from 'vitest'
import { maintenancePlansOf } from '../worker/compose.ts'
import { parseConfig } from './load.ts'
import { ConfigError } from './problem.ts'
import { SAMPLE } from './sample.ts'

const config = (text: string) => parseConfig(`${SAMPLE}${text}\n`, '/x/ringwall.yaml')

function problems(text: string): string[] {
  try {
    config(text)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ code, place }) => `${code} ${place.field}`)
  }
}

const MODE = '{ topic: plant/mode, from: ["controller-*"], states: [idle, normal] }'

test('without a word everything has its default', () => {
  const { rhythm, context, load, rate, store } = config('')
  expect(rhythm).toEqual({ learning: 3_600_000, messages: 100 })
  expect(context).toEqual({ maintenance: [], stale: 604_800_000 })
  expect(load.strained).toEqual({ delay: 150, buffered: 50 })
  expect([rate.headroom, rate.floor, rate.recovery]).toEqual([4, 1, 10_000])
  expect(store).toEqual({ folder: '/x/data' })
})

test('a mode from a topic, and windows that come again', () => {
  const window = '{ devices: pump-*, days: [sat, sun], at: "02:30", for: 2h, reason: new bearings }'
  const read = config(`context: { mode: ${MODE}, maintenance: [${window}] }\nstore: off`)
  expect(read.store).toBe('off')
  expect(read.context.mode?.states).toEqual(['idle', 'normal'])
  expect(maintenancePlansOf(read)).toEqual([
    { devices: ['pump-*'], days: [6, 0], minute: 150, duration: 7_200_000, reason: 'new bearings' },
  ])
})

test.each([
  [`context: { mode: ${MODE} }\nprofiles: { mode: controller-1/mode }`, ['config_conflict context.mode']],
  [`context: { mode: ${MODE.replace('idle, normal', 'idle, idle')} }`, ['config_duplicate context.mode.states[1]']],
  [`context: { mode: ${MODE.replace('plant/mode', 'plant/+')} }`, ['config_bad_value context.mode.topic']],
  ['load: { strained: { delay: 20ms } }', ['config_conflict load.strained.delay']],
  ['load: { overloaded: { buffered: 50 } }', ['config_conflict load.overloaded.buffered']],
  ['rhythm: { learning: 10ms }', ['config_out_of_range rhythm.learning']],
])('%s is refused', (text, told) => {
  expect(problems(text)).toEqual(told)
})
