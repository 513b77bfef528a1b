import { expect, test } from 'vitest'
import type { Entry, Unruled } from './book.ts'
import { book, controller, form, pump, sensor } from './profile.testkit.ts'

const profiles = book([
  sensor(),
  pump(),
  controller(),
  { ...sensor({ forms: [form('own/telemetry')] }), id: 'urn:x', 'rw:devices': ['level-7'] },
])
const told = (found: Entry | Unruled | null) =>
  found === null || typeof found === 'string' ? found : `${found.rule.device} ${found.rule.kind} ${found.rule.name}`

test.each([
  ['level-1', 'mill-3/level-1/telemetry', 'level-1 telemetry telemetry'],
  ['level-1', 'mill-3/level-2/telemetry', 'undeclared'],
  ['level-1', 'mill-3/level-1/other', 'undeclared'],
  ['level-7', 'own/telemetry', 'level-7 telemetry telemetry'],
  ['level-7', 'mill-3/level-7/telemetry', 'undeclared'],
  ['level-1', 'own/telemetry', 'undeclared'],
  ['spare-1', 'mill-3/level-1/telemetry', 'stranger'],
  ['spare-1', 'mill-3/pump-1/set', 'pump-1 command set'],
  ['controller-1', 'mill-3/pump-2/set', 'pump-2 command set'],
  ['controller-1', 'mill-3/level-1/set', 'undeclared'],
])('%s on %s: %s', (speaker, topic, expected) => expect(told(profiles.up(speaker, topic))).toBe(expected))

test.each([
  ['pump-1', 'mill-3/pump-1/set', false, 'pump-1 command set'],
  ['pump-1', 'mill-3/pump-2/set', false, null],
  ['controller-1', 'mill-3/level-1/telemetry', false, null],
  ['controller-1', 'mill-3/level-1/telemetry', true, 'level-1 telemetry telemetry'],
  ['controller-1', 'mill-3/else', true, null],
])('down to %s on %s (all: %j): %s', (device, topic, all, expected) =>
  expect(told(profiles.down(device, topic, all))).toBe(expected),
)

test('nobody is what no device can be called', () => {
  expect(profiles.up('spare-1', 'mill-3/pump-é/set')).toBe('stranger')
  expect(profiles.up('spare-1', `mill-3/pump-${'x'.repeat(70)}/set`)).toBe('stranger')
})

test('each device has a rule of its own, made once', () => {
  const [one, again, two] = [1, 1, 2].map(number => profiles.up(`level-${number}`, `mill-3/level-${number}/telemetry`))
  expect(one).toBe(again)
  expect(one).not.toBe(two)
})

test('a command knows its senders, modes and rate', () => {
  const entry = profiles.up('controller-1', 'mill-3/pump-1/set') as Entry
  expect(entry.rule.command).toEqual({
    senders: ['controller'],
    modes: [0],
    modeNames: ['normal'],
    mode: 0,
    rate: { perSecond: 4, burst: 8 },
  })
})

test('every profile has a digest that a change of any changes', () => {
  const digest = (from: ReturnType<typeof book>) =>
    (from.up('level-1', 'mill-3/level-1/telemetry') as Entry).rule.digest
  expect(digest(book([sensor()]))).toBe(digest(book([sensor()])))
  expect(digest(book([sensor()]))).not.toBe(digest(profiles))
  expect(Number.isSafeInteger(digest(profiles))).toBe(true)
})
