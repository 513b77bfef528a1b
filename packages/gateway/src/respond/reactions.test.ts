import { describe, expect, test } from 'vitest'
import { parseConfig } from '../config/index.ts'
import { SAMPLE } from '../config/sample.ts'
import type { Severity } from '../contract/index.ts'
import type { Alarm } from './alarm.ts'
import { Reactions } from './reactions.ts'
import { Refusals } from './refusals.ts'

const ACTIONS = `
  actions:
    - { when: { scenario: "brute-*", severity: critical }, do: posture, posture: quarantined }
    - { when: { scenario: "brute-*" }, do: block, for: 5m }
    - { when: { severity: medium }, do: disconnect }
`

function make(parts = '', devices = 0): Reactions {
  return new Reactions(
    parseConfig(`${SAMPLE}prevention:${ACTIONS}${parts}`, '/x').prevention,
    () => devices,
    () => true,
  )
}

const alarm = (parts: Partial<Alarm> = {}): Alarm => ({
  scenario: 'brute-force',
  severity: 'high',
  device: 'pump-1',
  address: '192.0.2.7',
  why: '40 tries',
  ...parts,
})

describe('an alarm', () => {
  test.each<[Severity, string, object]>([
    ['critical', 'brute-force', { kind: 'posture', device: 'pump-1', posture: 3 }],
    ['high', 'brute-force', { kind: 'block', target: 'device', name: 'pump-1', milliseconds: 300_000 }],
    ['medium', 'brute-force', { kind: 'disconnect', device: 'pump-1' }],
    ['low', 'brute-force', { kind: 'none' }],
    ['high', 'topic-scan', { kind: 'disconnect', device: 'pump-1' }],
  ])('of severity %s of %s is answered by the first entry that fits', (severity, scenario, reaction) => {
    expect(make().answer(alarm({ severity, scenario }), 1_000)).toMatchObject(reaction)
  })

  test('blocks the address only where no device is known', () => {
    expect(make().answer(alarm({ device: '' }), 1_000)).toMatchObject({ target: 'address', name: '192.0.2.7' })
    expect(make().answer(alarm({ device: '', address: '' }), 1_000)).toMatchObject({ kind: 'none' })
    expect(make().answer(alarm({ device: '', scenario: 'topic-scan' }), 1_000)).toMatchObject({ kind: 'none' })
  })

  test('does not shut out an address from which several devices have sessions', () => {
    expect(make('', 1).answer(alarm({ device: '' }), 1_000)).toMatchObject({ kind: 'block' })
    const left = make('', 2).answer(alarm({ device: '' }), 1_000)
    expect(left).toEqual({ kind: 'none', why: '2 devices have sessions from 192.0.2.7' })
    expect(make('', 2).answer(alarm(), 1_000)).toMatchObject({ kind: 'block', target: 'device' })
  })
})

test('a thousand forged alarms bring about no more than is allowed in a minute', () => {
  const reactions = make('  reactions: 3/m\n')
  const answers = Array.from({ length: 1_000 }, (_, i) =>
    reactions.answer(alarm({ device: `pump-${i}` }), 100_000 + i * 59),
  )
  expect(answers.filter(({ kind }) => kind === 'block').length).toBe(3)
  expect(answers.at(-1)).toMatchObject({ kind: 'none', why: expect.stringContaining('prevention.reactions') })
  expect(reactions.answer(alarm(), 160_001)).toMatchObject({ kind: 'block' })
})

test('where all reactions of a minute are taken, nobody counts the devices of an address any more', () => {
  let asked = 0
  const { prevention } = parseConfig(`${SAMPLE}prevention:${ACTIONS}  reactions: 3/m\n`, '/x')
  const count = () => {
    asked++
    return 0
  }
  const reactions = new Reactions(prevention, count, () => true)
  for (let i = 0; i < 1_000; i++) reactions.answer(alarm({ device: '', address: `192.0.2.${i & 255}` }), 100_000)
  expect(asked).toBe(3)
})

test('a clock that is set back does not keep alarms unanswered until it is where it was', () => {
  const reactions = make('  reactions: 1/m\n')
  expect(reactions.answer(alarm(), 86_400_000)).toMatchObject({ kind: 'block' })
  expect(reactions.answer(alarm(), 1_000)).toMatchObject({ kind: 'block' })
})

describe('refused acts', () => {
  test('count within their window, by device', () => {
    const refusals = new Refusals(3, 1_000)
    expect([0, 400, 999].map(wall => refusals.note('a', wall))).toEqual([false, false, true])
    expect([1_000, 1_400, 2_000].map(wall => refusals.note('a', wall))).toEqual([false, false, false])
    expect(refusals.note('b', 2_001)).toBe(false)
  })

  test('of a crowd of devices are forgotten from the oldest on', () => {
    const refusals = new Refusals(2, 1_000)
    refusals.note('first', 0)
    for (let i = 0; i < 5_000; i++) refusals.note(`pump-${i}`, 1)
    expect([refusals.note('first', 2), refusals.note('pump-4999', 2)]).toEqual([false, true])
  })
})
