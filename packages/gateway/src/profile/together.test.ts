import { describe, expect, test } from 'vitest'
import { form, problems, profile, sensor } from './profile.testkit.ts'

describe('topics and devices of several rules', () => {
  const set = (id: string, devices: string[], topic: object, parts: object = {}) =>
    profile({
      id,
      'rw:devices': devices,
      actions: { set: { forms: [{ href: 'x', op: 'invokeaction', ...topic }], ...parts } },
    })
  const own = (topic: string) => ({ 'mqv:topic': topic })
  const valve = set('urn:valve', ['valve-*'], own('${site}/${device}/set'))

  test.each<[string, object[], string[]]>([
    ['beside one another', [valve, set('urn:pump', ['pump-*'], own('${site}/${device}/set'))], []],
    ['a filter over a command', [set('urn:lamp', ['lamp-1'], { 'mqv:filter': '${site}/#' }), valve], ['/actions/set']],
    ['the same topic', [set('urn:a', ['a'], own('all/set')), set('urn:b', ['b'], own('all/set'))], ['/actions/set']],
    ['a device by name', [set('urn:a', ['a'], own('mill-3/valve-1/set')), valve], ['/actions/set']],
    ['another by name', [set('urn:a', ['a'], own('mill-3/lamp-1/set')), valve], []],
    ['the named one itself', [set('urn:a', ['valve-1'], own('mill-3/valve-1/set')), valve], []],
    ['what a device tells', [sensor({ forms: [form('${site}/${device}/set')] }), valve], []],
    [
      'what could be told',
      [valve, sensor({ forms: [form('', { 'mqv:topic': undefined, 'mqv:filter': 'mill-3/+/set' })] })],
      ['/properties/telemetry'],
    ],
    [
      'ids at two places',
      [set('urn:a', ['a-*'], { 'mqv:filter': ['x/${device}/+', 'x/+/${device}'] })],
      ['/actions/set'],
    ],
  ])('commands: %s', (_, profiles, found) =>
    expect(problems(profiles as Record<string, unknown>[])).toEqual(found.map(at => `profile_topic ${at}`)),
  )

  test('two affordances of one profile', () => {
    const two = (one: Record<string, unknown>, other: Record<string, unknown>) =>
      problems([profile({ properties: { a: { forms: [form('x', one)] }, b: { forms: [form('x', other)] } } })])
    const filter = { 'mqv:topic': undefined, 'mqv:filter': 'p/${device}/#' }
    expect(two({ 'mqv:topic': 'p/${device}/t' }, { 'mqv:topic': 'p/${device}/t' })).toEqual([
      'profile_topic /properties/b',
    ])
    expect(two(filter, { 'mqv:topic': 'p/${device}/t' })).toEqual(['profile_topic /properties/b'])
    expect(two(filter, { 'mqv:topic': 'p/all/t' })).toEqual([])
    expect(two({ 'mqv:topic': 'p/${device}/t' }, { 'mqv:topic': 'p/${device}/u' })).toEqual([])
  })

  test('globs of two profiles cover no device twice, and ids go before them', () => {
    const covering = (id: string, ...devices: string[]) => ({ ...sensor(), id, 'rw:devices': devices })
    const all = problems([covering('urn:a', '*'), covering('urn:b', 's-*')])
    expect(all).toEqual(['profile_duplicate /rw:devices'])
    expect(problems([covering('urn:a', '*-1'), covering('urn:b', 's-*')])).toEqual(['profile_duplicate /rw:devices'])
    expect(problems([covering('urn:a', 's-*', 's-?'), covering('urn:b', 't-*', 's-1')])).toEqual([])
  })
})
