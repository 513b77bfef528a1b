import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forkLab } from './process.ts'
import { runLab } from './run.ts'
import { findMosquitto } from './testing/mosquitto.ts'
import { type Testbed, testbed } from './testing/testbed.ts'
import type { LabEvent, LabOptions, Scorecard } from './types.ts'

const mosquitto = findMosquitto()
if (!mosquitto && process.env['CI'] !== 'true')
  console.warn('Skipped: mosquitto is not installed, so the lab has no broker to attack')

const byAccess = [
  'foreign-topic',
  'command-injection',
  'wildcard',
  'shared-subscription',
  'alias-smuggling',
  'will-abuse',
  'retained-poisoning',
]

const byProfile = [
  'spoof-balance',
  'slow-drift',
  'frozen-sensor',
  'unit-swap',
  'replay-hour',
  'schema-smuggling',
  'sparkplug-gap',
  'sparkplug-stale-alias',
  'wrong-mode-command',
]

const byWatch = [
  'rule-evasion',
  'slow-scan',
  'distributed-brute-force',
  'beaconing',
  'off-beat',
  'replayed-session',
  'rhythm-mimicry',
]

const bySeals = [
  'sealed-altered',
  'sealed-truncated',
  'sealed-algorithm',
  'sealed-replayed',
  'sealed-suppressed',
  'sealed-twin',
  'sealed-restored',
]

describe.skipIf(!mosquitto && process.env['CI'] !== 'true')('lab against mosquitto', () => {
  let bed: Testbed

  describe('without access control', () => {
    beforeAll(async () => {
      bed = await testbed(required())
    })
    afterAll(() => bed.stop())

    it('loses nothing, and every attack that a guard stops has its effect', { timeout: 90_000 }, async () => {
      const events: LabEvent[] = []
      // Nobody takes seals off here, and the controller reads none.
      const { seals: _, ...options } = bed.options
      const guarded = [...byAccess, 'oversize-payload', 'publish-flood']
      const floor = ['no-certificate', 'foreign-ca']
      const card = await forkLab(
        {
          ...options,
          seconds: 20,
          speed: 2,
          attacks: [...guarded, ...floor, 'keepalive-abuse', 'slow-connect'],
          limits: { connectSeconds: 2 },
          stoppedBy: ({ peers, devices, from, to }) => `${peers.length > 0} ${devices.length} ${to > from}`,
        },
        event => events.push(event),
      )
      expect(card).toMatchObject({ lost: 0, devices: 26 })
      expect(card.published).toBeGreaterThan(1000)
      expect(card.attacks.map(({ error }) => error).filter(Boolean)).toEqual([])
      for (const name of [...guarded, 'keepalive-abuse', 'slow-connect'])
        expect(effect(card, name), name).toBeGreaterThan(0)
      for (const name of floor) expect(effect(card, name), name).toBe(0)
      expect(card.attacks.find(({ name }) => name === 'foreign-topic')?.stoppedBy).toBe('true 1 true')
      const modes = new Set(events.map(event => (event.kind === 'plant' ? event.mode : null)))
      expect(modes).toContain('start-up')
      expect(modes).toContain('normal')
      expect(modes).toContain('shutdown')
    })

    it('lets those with a stolen key of a real device do their harm, and loses nothing of its absence', {
      timeout: 90_000,
    }, async () => {
      const card = await forkLab(
        { ...bed.options, seconds: 34, attacks: [...byProfile, ...byWatch, ...bySeals] },
        () => {},
      )
      expect(card.lost).toBe(0)
      expect(card.attacks.map(({ error }) => error).filter(Boolean)).toEqual([])
      for (const { name, effect, attempts } of card.attacks) {
        expect(attempts, name).toBeGreaterThan(0)
        expect(effect, name).toBeGreaterThan(0)
      }
      expect(card.attacks.find(({ name }) => name === 'slow-drift')?.named).toBeNull()
    })

    it('is flooded by fifty valid devices', { timeout: 60_000 }, async () => {
      const card = await forkLab({ ...bed.options, seconds: 15, attacks: ['flood-by-fifty'] }, () => {})
      expect(card.attacks[0]).toMatchObject({ error: null })
      expect(effect(card, 'flood-by-fifty')).toBeGreaterThan(1_000)
    })

    it('stops at once when told to, and says why', { timeout: 30_000 }, async () => {
      const stop = new AbortController()
      const reason = new Error('enough')
      const run = forkLab(
        { ...bed.options, seconds: 60 },
        event => {
          if (event.kind === 'phase' && event.phase === 'attacking') stop.abort(reason)
        },
        stop.signal,
      )
      await expect(run).rejects.toBe(reason)
    })

    it('refuses what is not on this machine, and what it does not know', async () => {
      const away = { ...bed.options, seconds: 5, gateway: { ...bed.options.gateway, host: '192.0.2.1' } }
      await expect(runLab(away, () => {})).rejects.toThrow('not a loopback address')
      const unknown: LabOptions = { ...bed.options, seconds: 5, attacks: ['teleport'] }
      await expect(runLab(unknown, () => {})).rejects.toThrow('No attack is called teleport')
      const poor = { ...bed.options, seconds: 5, credentials: {} }
      await expect(runLab(poor, () => {})).rejects.toThrow('needs a certificate for level-1')
    })
  })

  describe('with the roles of the lab and a limit on size', () => {
    beforeAll(async () => {
      bed = await testbed(required(), true)
    })
    afterAll(() => bed.stop())

    it('lets the fleet do all it needs, and the attackers nothing', { timeout: 90_000 }, async () => {
      const card = await runLab(
        { ...bed.options, seconds: 15, attacks: [...byAccess, 'oversize-payload', 'oversize-declared'] },
        () => {},
      )
      expect(card.lost).toBe(0)
      expect(card.attacks.map(({ error }) => error).filter(Boolean)).toEqual([])
      for (const { name, effect, attempts } of card.attacks) {
        expect(attempts, name).toBeGreaterThan(0)
        expect(effect, name).toBe(0)
      }
    })
  })
})

function required(): string {
  if (!mosquitto) throw new Error('mosquitto is missing, and with CI=true it must not be')
  return mosquitto
}

function effect(card: Scorecard, name: string): number | undefined {
  return card.attacks.find(attack => attack.name === name)?.effect
}
