import type { Expectation, Scorecard } from '@ringwall/lab'
import { attacks } from '@ringwall/lab'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { teachFleet } from '../src/cli/demo-rehearsal.ts'
import type { Mode } from '../src/contract/index.ts'
import { attend } from '../src/demo/attend.ts'
import { buildPlantSite } from '../src/demo/plant-site.ts'
import { playRound } from '../src/demo/round.ts'
import { Gateway } from '../src/gateway.ts'
import { Authority } from './peers/certificates.ts'
import { Folder } from './peers/folder.ts'
import { Mosquitto } from './peers/mosquitto.ts'
import { lacks } from './peers/needs.ts'

const SECONDS = 45
const SEED = 11
/** Whatever the guards do. */
const NEVER_OFF: readonly Expectation[] = ['floor', 'ledger', 'witness']

describe.skipIf(lacks('mosquitto'))('the attackers of the lab, on MQTT 3.1.1 and 5', () => {
  let folder: Folder
  let mosquitto: Mosquitto

  beforeAll(async () => {
    folder = new Folder()
    mosquitto = await Mosquitto.start(folder, await Authority.create())
  })
  afterAll(async () => {
    await mosquitto?.stop()
    folder?.remove()
  })

  async function play(guards: Mode): Promise<Scorecard> {
    const site = await buildPlantSite({ port: mosquitto.tcp, password: 'none asked for' }, 0, guards)
    // What the fleet does every day, as after a restart of a gateway that has known it for long.
    await teachFleet(site.config, SEED, () => {}, 0)
    const gateway = await Gateway.start(site.config)
    try {
      const broker = `mqtt://127.0.0.1:${mosquitto.tcp}`
      const { signal } = new AbortController()
      return await playRound({
        gateway,
        site,
        broker,
        seed: SEED,
        seconds: SECONDS,
        on: event => event.kind === 'service' && attend(gateway, event),
        signal,
      })
    } finally {
      await gateway.stop()
      site.remove()
    }
  }

  test('enforced, none has an effect, each is stopped by what should stop it, and no honest message is lost', async () => {
    const { devices, published, lost, attacks: scores } = await play('enforce')
    expect(devices).toBeGreaterThanOrEqual(20)
    expect(published).toBeGreaterThan(1_000)
    expect(lost).toBe(0)
    expect(scores.map(({ name }) => name)).toEqual(attacks.map(({ name }) => name))
    for (const { name, effect, error, expected, stoppedBy } of scores) {
      expect({ name, effect, error, stoppedBy }).toEqual({ name, effect: 0, error: null, stoppedBy: expected })
    }
  })

  test('with the guards off, what a guard stops has its effect, and what the floor stops or the ledger shows has none', async () => {
    const { lost, attacks: scores } = await play('off')
    expect(lost).toBe(0)
    for (const { name, effect, error, expected } of scores) {
      const hasEffect = !NEVER_OFF.includes(expected)
      expect({ name, error, hasEffect: effect > 0 }).toEqual({ name, error: null, hasEffect })
    }
  })
})
