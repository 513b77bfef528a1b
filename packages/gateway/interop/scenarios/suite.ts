import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { House, type Way } from '../peers/house.ts'
import type { Kit, Version } from '../peers/kit.ts'
import { SCENARIOS } from './index.ts'
import { type Observation, type Scenario, Scene } from './scene.ts'
import { refusedFilter } from './subscriptions.ts'

const VERSIONS: readonly Version[] = ['3.1.1', '5']
const GATEWAYS = ['gateway over TCP', 'gateway over TLS'] as const

/** Mosquitto refuses by this list what the gateway refuses by its roles. */
const ACL = ['topic readwrite t/#']

let runs = 0

/** Runs every scenario that a kind of client is able to, at the broker itself and through the gateway. */
export function suite(kit: Kit): void {
  let house: House
  const direct = new Map<string, Promise<Observation>>()

  beforeAll(async () => {
    house = await House.build({ acl: ACL })
  })
  afterAll(async () => {
    await kit.close()
    await house?.close()
  })

  async function observe(scenario: Scenario, way: Way, version: Version): Promise<Observation> {
    const id = `run-${++runs}`
    const scene = new Scene(kit, await house.target(way), version, id)
    try {
      return await scenario.run(scene)
    } finally {
      await scene.close()
    }
  }

  function atTheBroker(scenario: Scenario, version: Version): Promise<Observation> {
    const key = `${scenario.name} ${version}`
    const there = direct.get(key) ?? observe(scenario, 'direct', version)
    direct.set(key, there)
    return there
  }

  describe.each(VERSIONS)(`${kit.name}, MQTT %s`, version => {
    for (const scenario of SCENARIOS.filter(one => fits(one, kit, version))) {
      describe(scenario.name, () => {
        test('direct', async () => {
          expect(await atTheBroker(scenario, version)).toEqual(scenario.expected(version, kit.abilities))
        })
        test.each(GATEWAYS)('%s', async way => {
          expect(await observe(scenario, way, version)).toEqual(await atTheBroker(scenario, version))
        })
      })
    }
    test.each(GATEWAYS)(`${refusedFilter.name}: %s`, async way => {
      expect(await observe(refusedFilter, way, version)).toEqual(refusedFilter.expected(version, kit.abilities))
    })
  })
}

function fits(scenario: Scenario, kit: Kit, version: Version): boolean {
  if (scenario.versions?.includes(version) === false) return false
  return (scenario.needs ?? []).every(ability => kit.abilities.has(ability))
}
