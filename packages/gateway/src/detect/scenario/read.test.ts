import { describe, expect, test } from 'vitest'
import { readCases } from './cases.ts'
import { readScenario } from './read.ts'
import { spanText } from './say.ts'
import { problemsOf, scenario } from './scenario.testkit.ts'

test('a scenario is read with its defaults', () => {
  expect(scenario('on: [publish]\n')).toMatchObject({
    name: 'one',
    capacity: 0,
    form: { kind: 'each' },
    blackhole: 600_000,
    subjects: 4_096,
    groups: [],
  })
})

describe('what is refused, with line, column and key', () => {
  test.each([
    ['on: [publish]\nfliter: qos == 1\n', 'config_unknown_key 7:1 fliter'],
    ['on: [publich]\n', 'config_bad_value 6:6 on[0]'],
    ['filter: qos == 1\n', 'config_missing_key 1:1 on'],
    ['on: [publish]\nfilter: qos = 1\n', 'cel_syntax 7:9 filter'],
    ['on: [publish]\ngroupby: [devise]\n', 'config_bad_value 7:11 groupby[0]'],
    ['on: [publish]\ncapacity: 5\n', 'scenario_pace 7:1 capacity'],
    ['on: [publish]\ncapacity: 5\nleakspeed: 1s\nwithin: 1s\n', 'scenario_pace 9:1 within'],
    ['on: [publish]\ncapacity: 500\nwithin: 1s\n', 'scenario_pace 7:11 capacity'],
    ['on: [publish]\ndistinct: topic\n', 'scenario_pace 7:1 distinct'],
    ['on: [publish]\nleakspeed: fast\n', 'config_wrong_type 7:12 leakspeed'],
    [
      'on: [publish]\nperiodic: { shortest: 1s, longest: 1h }\nsilence: { shortest: 1m }\n',
      'scenario_form 8:1 silence',
    ],
    [
      'on: [opened]\nabsence: { key: [connection], within: 1s, until: { on: [closed], filter: x } }\n',
      'cel_unknown 7:74 absence.until.filter',
    ],
    ['on: [publish]\nsequence: { within: 1s }\n', 'config_missing_key 7:1 sequence.next'],
  ])('%j: %s', (keys, wanted) => {
    expect(problemsOf(keys)).toEqual([wanted])
  })

  test('a sentence that names what is not there', () => {
    const text = 'name: a\ntitle: A\nseverity: low\ntechnique: T0814\non: [publish]\nsay: "{devise}"\n'
    const [problem] = readScenario(text, 'a.yaml').problems
    expect(problem).toMatchObject({ code: 'scenario_say', hint: 'Did you mean device?', place: { line: 6, column: 6 } })
  })
})

test('tests need a sequence that fires and a near miss', () => {
  const { problems } = readCases('fires:\n  - { what: x, happenings: [{ kind: publish }] }\n', 'one.test.yaml')
  expect(problems.map(({ code, place }) => `${code} ${place.field}`)).toEqual(['config_missing_key silent'])
})

test.each([
  [0, '0ms'],
  [850, '850ms'],
  [23.3, '23.3ms'],
  [12_340, '12.3s'],
  [250_000, '4.2m'],
  [7_200_000, '2h'],
  [260_000_000, '3d'],
])('%d ms are told as %s', (milliseconds, text) => {
  expect(spanText(milliseconds)).toBe(text)
})
