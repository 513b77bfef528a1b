import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authority } from './peers/certificates.ts'
import { run, writeConfig } from './peers/gateway.ts'
import { House } from './peers/house.ts'
import type { Version } from './peers/kit.ts'
import { answers } from './peers/mosquitto.ts'
import { mqttjs } from './peers/mqttjs.ts'
import { lacks } from './peers/needs.ts'
import { freePorts, until, within } from './peers/processes.ts'
import { Raw } from './peers/raw.ts'

const WAY = 'gateway over TCP'
/** Packets that no client may send once it is connected, and the reason that MQTT 5 has for each. */
const MALFORMED: [name: string, bytes: number[], reason: number][] = [
  ['a reserved packet type', [0x00, 0x00], 0x81],
  ['a second CONNECT', [0x10, 0x0d, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 2, 0, 60, 0, 0, 0], 0x82],
  ['QoS 3', [0x36, 0x07, 0, 3, 0x74, 0x2f, 0x61, 0, 1], 0x81],
  ['wrong flags of SUBSCRIBE', [0x80, 0x07, 0, 1, 0, 0, 1, 0x74, 0], 0x81],
  ['a topic with a wildcard', [0x30, 0x06, 0, 3, 0x74, 0x2f, 0x23, 0], 0x90],
  ['a remaining length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x01], 0x81],
  ['a packet above the maximum size', [0x30, 0xff, 0xff, 0xff, 0x7f], 0x95],
]

describe.skipIf(lacks('mosquitto'))('what is hostile or broken', () => {
  let house: House
  let devices = 0

  beforeAll(async () => {
    house = await House.build()
  })
  afterAll(() => house?.close())

  const access = async (device: string) => (await house.target(WAY)).access(device)
  const connected = async (version: Version) => {
    const device = `hostile-${++devices}`
    return Raw.connected(await access(device), device, version)
  }

  test.each(MALFORMED)('%s ends that connection alone', async (_, bytes, reason) => {
    const others = await mqttjs.connect(await house.target(WAY), {
      device: `other-${++devices}`,
      version: '5',
      filters: [{ topic: 't/others', qos: 1 }],
    })
    const five = await connected('5')
    five.bytes(Uint8Array.from(bytes))
    await five.ended()
    expect(five.packets.at(-1)).toMatchObject({
      cmd: 'disconnect',
      reasonCode: reason,
      properties: { reasonString: expect.any(String) },
    })

    const three = await connected('3.1.1')
    three.bytes(Uint8Array.from(bytes))
    await three.ended()
    expect(three.told).toEqual(['connack'])

    expect(await others.publish('t/others', 'untouched', { qos: 1 })).toBe(0)
    await others.until(1)
    await others.end()
  })

  test('a device of another authority does not get through', async () => {
    const foreign = await (await Authority.create()).device('stranger')
    const known = await access('known')
    const raw = await Raw.open({ ...known, ...foreign }, '5').catch(() => undefined)
    // TLS 1.3 lets a client believe in its handshake until the server's alert is there.
    raw?.say(raw.hello('stranger'))
    await raw?.ended()
    expect(raw?.packets ?? []).toEqual([])
  })

  test('a port that is taken: one clear error, exit 2', async () => {
    const gateway = await house.gateway(WAY)
    const { port } = gateway
    const upstream = `url: mqtt://127.0.0.1:${house.mosquitto.tcp}, identity: client-id`
    const file = writeConfig(house.folder, house.authority, await house.authority.server(), { port, upstream })
    const second = run(file, house.folder)
    expect(await within('the second gateway to end', second.ended)).toBe(2)
    expect(second.output).toMatch(/\bport_[a-z_]+|\baddress_in_use\b/)
    expect(await answers(port)).toBe(true)
  })

  test('a key that cannot be read: exit 2 and a code', async () => {
    const [port] = await freePorts(1)
    const upstream = `url: mqtt://127.0.0.1:${house.mosquitto.tcp}, identity: client-id`
    const file = writeConfig(house.folder, house.authority, await house.authority.server(), { port, upstream })
    const text = readFileSync(file, 'utf8').replace('gateway.key', 'missing.key')
    rmSync(house.folder.at('missing.key'), { force: true })
    writeFileSync(file, text)
    const process = run(file, house.folder)
    expect(await within('the gateway to end', process.ended)).toBe(2)
    expect(process.output).toMatch(/missing\.key/)
    expect(process.output).toContain('key_unreadable')
  })

  test('an upstream that is dead: CONNACK says so, nobody hangs', async () => {
    const gateway = await house.gateway('gateway over TLS')
    await house.mosquitto.stop()
    try {
      const device = 'early-bird'
      const { port: _, ...files } = await access(device)
      for (const version of ['3.1.1', '5'] as const) {
        const raw = await Raw.connected({ ...files, port: gateway.port }, device, version)
        expect(raw.told).toEqual([version === '5' ? 'connack 0x88' : 'connack 0x3'])
        await raw.ended()
      }
    } finally {
      await house.mosquitto.restart()
    }
  })

  test('a broken file on SIGHUP: the old one stays, and so do the connections', async () => {
    const gateway = await house.gateway(WAY)
    const good = readFileSync(gateway.config, 'utf8')
    const raw = await connected('5')
    const before = gateway.output.length
    writeFileSync(gateway.config, `${good}nonsense: true\n`)
    gateway.signal('SIGHUP')
    await until('the complaint', () => gateway.output.slice(before).includes('nonsense'))
    writeFileSync(gateway.config, good)
    raw.say({ cmd: 'publish', topic: 't/still', payload: 'here', qos: 1, messageId: 9, dup: false, retain: false })
    await raw.until(2)
    expect(raw.told[1]).toMatch(/^puback 9/)
    raw.destroy()
    await (await connected('5')).destroy()
  })
})
