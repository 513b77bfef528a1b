import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../evidence/alarm.ts'
import { type Happening, happening, KINDS } from '../../evidence/happening.ts'
import { TEST_FILE } from '../sources.ts'
import { readCases, verdictOn } from './cases.ts'
import { Engine } from './engine.ts'
import { readScenario } from './read.ts'
import { alarmsOf, at, scenario } from './scenario.testkit.ts'

const PACK = new URL('../../../../../rules/scenarios/', import.meta.url).pathname
const files = globSync(`${PACK}*.yaml`).filter(file => !TEST_FILE.test(file))
const pack = files.map(file => readScenario(readFileSync(file, 'utf8'), file).scenario!)

describe('the pack', () => {
  test.each(files)('%s fires where it must and is silent over near misses', file => {
    const { scenario: one, problems } = readScenario(readFileSync(file, 'utf8'), file)
    expect(problems).toEqual([])
    const { cases } = readCases(readFileSync(file.replace(/yaml$/, 'test.yaml'), 'utf8'), file)
    for (const wanted of ['fires', 'silent'] as const) {
      for (const each of cases![wanted])
        expect([each.what, verdictOn(one!, each, wanted)]).toEqual([each.what, undefined])
    }
  })
})

const some = fc.record({
  kind: fc.constantFrom(...KINDS),
  device: fc.constantFrom('', 'pump-1', 'pump-2'),
  address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
  connection: fc.integer({ min: 1, max: 4 }),
  topic: fc.constantFrom('#', '$SYS/#', 'a/set', 'b//', '/../x'),
  code: fc.constantFrom('', 'accepted', 'credentials', 'publish_denied', 'counter_back'),
  secret: fc.nat(20),
  qos: fc.nat(2),
  keepAlive: fc.constantFrom(0, 60),
  packet: fc.nat(3),
  wait: fc.oneof(fc.nat(10), fc.nat(5_000)),
})
const streams = fc.array(some, { minLength: 50, maxLength: 400 })

function timed(all: readonly (Partial<Happening> & { kind: Happening['kind']; wait: number })[]): Happening[] {
  let time = 1_000
  return all.map(({ wait, ...parts }) => {
    time += wait
    return happening({ ...parts, time })
  })
}

test('the same happenings give the same alarms, in whatever batches and with whatever ticks between', () => {
  let raised = 0
  fc.assert(
    fc.property(streams, fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }), (all, ticks) => {
      const happenings = timed(all)
      const end = happenings.at(-1)!.time + 100_000
      const once = alarmsOf(pack, happenings, end)
      const again: Alarm[] = []
      const engine = new Engine(pack, { alarm: alarm => void again.push(alarm), isAllowed: () => false })
      for (const [index, each] of happenings.entries()) {
        // A tick says that all before it has come: at most the time of the next happening.
        for (let i = ticks[index % ticks.length]; i > 0; i--) engine.advance(each.time - i)
        engine.take(each)
      }
      for (let time = happenings.at(-1)!.time; time <= end; time += 1_000) engine.advance(time)
      engine.advance(end)
      expect(again).toEqual(once)
      raised += once.length
    }),
    { numRuns: 200, seed: 6 },
  )
  expect(raised).toBeGreaterThan(200)
})

test('an alarm names whom, when, with which numbers, and the first that belong to it', () => {
  const one = scenario(`on: [publish]
filter: topic == 'plant/x'
groupby: [device]
capacity: 3
leakspeed: 1m
`)
  const others = [at(1_000, { topic: 'y' }), at(1_001, { device: 'pump-2' })]
  const [alarm, ...more] = alarmsOf([one], [...others, ...[1, 2, 3, 4].map(n => at(1_000 + n * 1_000))])
  expect(more).toEqual([])
  expect(alarm).toMatchObject({
    scenario: 'one',
    technique: 'T0814',
    severity: 'high',
    subject: 'pump-1',
    began: 2_000,
    time: 5_000,
    why: 'pump-1: 4',
    figures: { count: 4, capacity: 3, span: 3_000 },
  })
  expect(alarm.happenings.map(({ time }) => time)).toEqual([2_000, 3_000, 4_000, 5_000])
})

test('after an alarm there is silence about the subject, and about no other', () => {
  const one = scenario('on: [publish]\ngroupby: [device]\nblackhole: 10s\n')
  const all = [at(1_000), at(2_000), at(3_000, { device: 'pump-2' }), at(10_999), at(11_000)]
  expect(alarmsOf([one], all).map(({ time, device }) => `${time} ${device}`)).toEqual([
    '1000 pump-1',
    '3000 pump-2',
    '11000 pump-1',
  ])
})

test('what happened late is taken as of now', () => {
  const one = scenario('on: [publish]\ngroupby: [device]\nblackhole: 1ms\n')
  expect(alarmsOf([one], [at(5_000), at(4_000)]).map(({ time }) => time)).toEqual([5_000])
})

test('an alarm that is allowed is counted and not raised', () => {
  const one = scenario('on: [publish]\ngroupby: [device]\nblackhole: 1ms\n')
  const engine = new Engine([one], {
    alarm: () => expect.unreachable(),
    isAllowed: ({ device }) => device === 'pump-1',
  })
  engine.take(at(1_000))
  expect(engine.counts).toEqual([{ scenario: 'one', alarms: 0, allowed: 1, repeated: 0, evicted: 0 }])
})

test.each([
  ['[device]', { subject: 'pump-1', device: 'pump-1', address: '10.0.0.5' }],
  ['[address]', { subject: '10.0.0.5', device: '', address: '10.0.0.5' }],
  ['[address, connection]', { subject: '10.0.0.5', device: '', address: '10.0.0.5' }],
  ['[connection]', { subject: 'pump-1', device: 'pump-1', address: '10.0.0.5' }],
  ['[topic]', { subject: 'plant/x', device: '', address: '' }],
  ['[topic, code]', { subject: 'plant/x ok', device: '', address: '' }],
  ['[]', { subject: 'site', device: '', address: '' }],
])('an alarm of the group %s is about %j', (groups, about) => {
  const one = scenario(`on: [publish]\ngroupby: ${groups}\n`)
  expect(alarmsOf([one], [at(1_000, { code: 'ok' })])).toMatchObject([about])
})

test('before a device is known an alarm is about its address', () => {
  const one = scenario('on: [opened]\ngroupby: [subject]\n')
  expect(alarmsOf([one], [at(1_000, { kind: 'opened', device: '' })])).toMatchObject([
    { subject: '10.0.0.5', device: '', address: '10.0.0.5' },
  ])
})
