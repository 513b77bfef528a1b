import { describe, expect, test } from 'vitest'
import { Posture, type Scene } from '../contract/index.ts'
import { book, pump, sensor } from '../profile/profile.testkit.ts'
import { act, ask, lane, principal, scene } from './guards.testkit.ts'
import { ProfileDesk } from './payload.ts'
import { type QuarantineRule, quarantine } from './quarantine.ts'

const at = (posture: Posture): Scene => ({ ...scene(), posture })
const quarantined = at(Posture.quarantined)
const speaker = principal('level-1', ['controller'])
const own = { speaker, topic: 'mill-3/level-1/telemetry' }
const order = { speaker, topic: 'mill-3/pump-1/set' }

/** The guard over profiles of a sensor and of a pump that takes commands. */
function make(rule: QuarantineRule) {
  const desk = new ProfileDesk(book([sensor(), pump({ 'rw:modes': undefined })]), { all: false }, 0)
  const guard = quarantine(desk, () => rule)
  return (parts: Parameters<typeof act>[0], when = quarantined) => ask(guard, act(parts), lane(), when)
}

describe('a quarantined device', () => {
  test.each([
    ['narrow', [], []],
    ['commands', [], ['add quarantined_command']],
    ['silent', ['add quarantined'], ['add quarantined']],
  ] as const)('under the rule %s', (rule, said, ordered) => {
    const say = make(rule)
    for (const action of ['publish', 'will'] as const) {
      expect(say({ ...own, action }).lines).toEqual(said)
      expect(say({ ...order, action }).lines).toEqual(ordered)
    }
  })

  test('is told what it may not', () => {
    expect(make('commands')(order).why).toBe('level-1 is quarantined and may order nobody: set of pump-1')
    expect(make('silent')(own).why).toBe('level-1 is quarantined and may publish nothing')
  })

  test('may be connected, subscribe and receive all the same', () => {
    for (const action of ['connect', 'subscribe', 'receive', 'control'] as const) {
      expect(make('silent')({ ...own, action }).lines).toEqual([])
    }
  })

  test('has no commands where no profile says what a command is', () => {
    const guard = quarantine(null, () => 'commands')
    expect(ask(guard, act(order), lane(), quarantined).lines).toEqual([])
  })
})

test('whoever stands lower is not judged', () => {
  for (const posture of [Posture.trusted, Posture.watched, Posture.restricted]) {
    expect(make('silent')(order, at(posture)).lines).toEqual([])
  }
})
