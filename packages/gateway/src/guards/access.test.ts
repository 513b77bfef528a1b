import { describe, expect, test } from 'vitest'
import type { Action } from '../contract/index.ts'
import { access, isGranted, type Roles } from './access.ts'
import { act, ask, principal } from './guards.testkit.ts'

const roles: Roles = {
  sensor: { publish: ['plant/${device}/#'], subscribe: ['plant/${device}/set'] },
  reader: { subscribe: ['plant/#'], receive: [] },
  writer: { publish: ['plant/+/set'] },
  site: { publish: ['${site}/${role}/${device}'], subscribe: ['#'] },
}

function said(action: Action, topic: string, names: string[] = ['sensor'], device = 'pump-1'): string[] {
  return ask(access(roles, 0), act({ action, topic, speaker: principal(device, names) })).lines
}

describe('publishing', () => {
  test.each([
    ['plant/pump-1/level', []],
    ['plant/pump-1', []],
    ['plant/pump-1/a/b/c', []],
    ['plant/pump-2/level', ['add publish_denied']],
    ['plant/pump-11/level', ['add publish_denied']],
    ['plant/Pump-1/level', ['add publish_denied']],
    ['/plant/pump-1/level', ['add publish_denied']],
    ['plant', ['add publish_denied']],
    ['$SYS/plant/pump-1', ['add publish_denied']],
  ])('a sensor on %s: %j', (topic, expected) => expect(said('publish', topic)).toEqual(expected))

  test('placeholders stand for site, device and role', () => {
    expect(said('publish', 'mill-3/site/pump-1', ['site'])).toEqual([])
    expect(said('publish', 'mill-3/sensor/pump-1', ['site'])).toEqual(['add publish_denied'])
  })

  test('any of several roles is enough, an unknown one grants nothing', () => {
    expect(said('publish', 'plant/valve-2/set', ['sensor', 'writer'])).toEqual([])
    expect(said('publish', 'plant/valve-2/set', ['sensor', 'admin', 'toString'])).toEqual(['add publish_denied'])
  })

  test('a will is a publish with a name of its own', () => {
    expect(said('will', 'plant/pump-1/gone')).toEqual([])
    expect(said('will', 'plant/pump-2/gone')).toEqual(['add will_denied'])
  })

  test('a role without the right grants nothing', () => {
    expect(said('publish', 'plant/a', ['reader'])).toEqual(['add publish_denied'])
    expect(said('subscribe', 'plant/a', ['writer'])).toEqual(['add subscribe_denied'])
  })
})

describe('subscribing', () => {
  test.each([
    ['plant/pump-1/set', ['sensor'], true],
    ['plant/pump-1/+', ['sensor'], false],
    ['plant/+/set', ['sensor'], false],
    ['#', ['sensor'], false],
    ['plant/#', ['reader'], true],
    ['plant/+/level', ['reader'], true],
    ['#', ['reader'], false],
    ['+/pump-1', ['reader'], false],
    ['#', ['site'], true],
    ['$SYS/#', ['site'], false],
    ['$share/group/plant/#', ['reader'], true],
    ['$share/group/#', ['reader'], false],
    ['$share/group/$SYS/#', ['site'], false],
    ['$share/plant/pump-1/set', ['sensor'], false],
    ['$queue/plant/#', ['reader'], false],
  ] as const)('%s as %j: %j (the whole filter must lie within a granted one)', (filter, names, granted) => {
    expect(said('subscribe', filter, [...names])).toEqual(granted ? [] : ['add subscribe_denied'])
  })
})

describe('receiving', () => {
  test('is what the role may subscribe to where nothing else is said', () => {
    expect(said('receive', 'plant/pump-1/set')).toEqual([])
    expect(said('receive', 'plant/pump-1/level')).toEqual(['add receive_denied'])
  })

  test('is what the role names, also where that is nothing', () => {
    expect(said('receive', 'plant/pump-1/set', ['reader'])).toEqual(['add receive_denied'])
  })

  test('of $ topics needs more than a wildcard (MQTT-4.7.2-1)', () => {
    expect(said('receive', 'anything', ['site'])).toEqual([])
    expect(said('receive', '$SYS/broker/version', ['site'])).toEqual(['add receive_denied'])
  })
})

describe('connecting', () => {
  test('needs a role', () => {
    expect(said('connect', '', [])).toEqual(['add no_role'])
    expect(said('connect', '', ['sensor'])).toEqual([])
  })
})

describe('decisions', () => {
  test('are kept with the address, each right apart, in the slot of the guard', () => {
    const guard = access(roles, 2)
    const { address } = act({ topic: 'plant/pump-1/set' })
    expect(ask(guard, act({ address })).lines).toEqual([])
    expect(ask(guard, act({ address, action: 'receive' })).lines).toEqual([])
    expect(address.memo[0]).toBeUndefined()
    // The principal is the connection's own, so another one here would not be looked at: the memo decides.
    const stranger = principal('pump-9')
    expect(ask(guard, act({ address, speaker: stranger })).lines).toEqual([])
    expect(ask(guard, act({ address, speaker: stranger, action: 'subscribe' })).lines).toEqual(['add subscribe_denied'])
    expect(ask(guard, act({ address, action: 'subscribe' })).lines).toEqual(['add subscribe_denied'])
  })

  test('that deny are kept as well', () => {
    const guard = access(roles, 0)
    const { address } = act({ topic: 'plant/pump-2/set' })
    for (let i = 0; i < 3; i++) expect(ask(guard, act({ address })).lines).toEqual(['add publish_denied'])
  })

  test('are told in one sentence', () => {
    const { why } = ask(access(roles, 0), act({ topic: 'plant/pump-2/set' }))
    expect(why).toBe('pump-1 (sensor) may not publish on plant/pump-2/set')
    const nobody = ask(access(roles, 0), act({ topic: 'a', speaker: principal('x', []) }))
    expect(nobody.why).toBe('x (no role) may not publish on a')
  })
})

test('a role named like a property of every object is no role', () => {
  for (const name of ['constructor', '__proto__', 'hasOwnProperty']) {
    expect(isGranted(roles, principal('pump-1', [name]), 'publish', 'plant/pump-1')).toBe(false)
  }
})
