import type { IPublishPacket } from 'mqtt-packet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { House, type Way } from './peers/house.ts'
import type { Version } from './peers/kit.ts'
import { lacks } from './peers/needs.ts'
import { Raw } from './peers/raw.ts'

const WAYS: readonly Way[] = ['direct', 'gateway over TCP', 'gateway over TLS']
const VERSIONS: readonly Version[] = ['3.1.1', '5']
const COUNT = 12

describe.skipIf(lacks('mosquitto'))('acknowledgements of refused and good messages together', () => {
  let house: House
  let devices = 0

  beforeAll(async () => {
    house = await House.build({ acl: ['topic readwrite t/#'] })
  })
  afterAll(() => house?.close())

  // Every third message is refused; all are written at once, so that the refusal overtakes where it can.
  const burst = (qos: 1 | 2): IPublishPacket[] =>
    Array.from({ length: COUNT }, (_, n) => ({
      cmd: 'publish',
      topic: n % 3 === 1 ? 'forbidden/x' : 't/order',
      payload: String(n),
      qos,
      messageId: n + 1,
      dup: false,
      retain: false,
    }))

  const connected = async (way: Way, version: Version): Promise<Raw> => {
    const device = `raw-${++devices}`
    const target = await house.target(way)
    return Raw.connected(await target.access(device), device, version)
  }

  describe.each(VERSIONS)('MQTT %s', version => {
    const refused = (id: number) => (version === '5' && id % 3 === 2 ? ' 0x87' : '')
    // Nobody listens: MQTT 5 lets the broker say so, and Mosquitto does in PUBACK.
    const good = version === '5' ? ' 0x10' : ''
    const ids = Array.from({ length: COUNT }, (_, n) => n + 1)

    test.each(WAYS)('PUBACK in the order of the messages: %s', async way => {
      const raw = await connected(way, version)
      raw.say(...burst(1))
      await raw.until(1 + COUNT)
      raw.destroy()
      expect(raw.told).toEqual(['connack', ...ids.map(id => `puback ${id}${refused(id) || good}`)])
    })

    test.each(WAYS)('PUBREC in the order of the messages: %s', async way => {
      const raw = await connected(way, version)
      raw.say(...burst(2))
      await raw.until(1 + COUNT)
      expect(raw.told).toEqual(['connack', ...ids.map(id => `pubrec ${id}${refused(id)}`)])
      const released = ids.filter(id => refused(id) === '')
      raw.say(...released.map(messageId => ({ cmd: 'pubrel', messageId }) as const))
      await raw.until(1 + COUNT + released.length)
      raw.destroy()
      // The order of PUBCOMP is free: [MQTT-4.6.0] orders PUBACK, PUBREC and PUBREL only.
      expect(raw.told.slice(1 + COUNT).sort()).toEqual(released.map(id => `pubcomp ${id}`).sort())
    })
  })
})
