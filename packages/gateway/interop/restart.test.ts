import { connect } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { House, type Way } from './peers/house.ts'
import type { Version } from './peers/kit.ts'
import { optionsOf } from './peers/mqttjs.ts'
import { lacks } from './peers/needs.ts'
import { within } from './peers/processes.ts'

const WAYS: readonly Way[] = ['direct', 'gateway over TCP', 'gateway over TLS']
const VERSIONS: readonly Version[] = ['3.1.1', '5']

describe.skipIf(lacks('mosquitto'))('the broker is restarted', () => {
  let house: House

  beforeAll(async () => {
    house = await House.build({ persistence: true })
  })
  afterAll(() => house?.close())

  describe.each(VERSIONS)('MQTT %s', version => {
    test.each(WAYS)('clients are closed, come back and find their session: %s', async way => {
      const device = `restart-${version.replaceAll('.', '')}-${way.replaceAll(' ', '-')}`
      const access = await (await house.target(way)).access(device)
      const session = { clean: false, ...(version === '5' ? { sessionExpiry: 3600 } : {}) }
      const client = connect({ ...optionsOf(access, { device, version, ...session }), reconnectPeriod: 100 })
      client.on('error', () => {})
      await within('CONNACK', new Promise<void>(resolve => client.once('connect', () => resolve())))
      await client.subscribeAsync(`t/${device}`, { qos: 1 })

      const closed = new Promise<void>(resolve => client.once('close', () => resolve()))
      const back = new Promise<boolean>(resolve => client.once('connect', packet => resolve(packet.sessionPresent)))
      await house.mosquitto.stop()
      await within('the connection to close', closed)
      await house.mosquitto.restart()
      const present = await within('the client to come back', back)

      const message = new Promise<string>(resolve =>
        client.once('message', (_, payload) => resolve(payload.toString())),
      )
      await client.publishAsync(`t/${device}`, 'still here', { qos: 1 })
      const heard = await within('a message', message)
      await client.endAsync()
      expect({ present, heard }).toEqual({ present: true, heard: 'still here' })
    })
  })
})
