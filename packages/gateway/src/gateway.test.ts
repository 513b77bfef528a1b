import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Client, Plant, until } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
import { connect, publish, subscribe } from './path/packets.testkit.ts'

let plant: Plant
const four = { version: 4 } as const

beforeAll(async () => {
  plant = await Plant.make()
})
afterEach(() => plant.clear())
afterAll(() => plant.close())

/** A device that listens to all of the plant. */
async function listener(gateway: Gateway, device = 'reader'): Promise<Client> {
  const client = await plant.join(gateway, device)
  client.send(subscribe(['plant/#'], 1, 4))
  await until(() => client.seen.includes('SUBACK 1'))
  return client
}

describe('a gateway', () => {
  test('passes on what is granted and refuses the rest; why is remembered with its bytes', async () => {
    const gateway = await plant.start(plant.config())
    const reader = await listener(gateway)
    const pump = await plant.join(gateway, 'pump-1')
    const foreign = publish('plant/pump-2/level', 'forged', { ...four, qos: 1, id: 1 })
    pump.send(foreign, publish('plant/pump-1/level', 'true', { ...four, qos: 1, id: 2 }))
    await until(() => reader.payloads.includes('true') && pump.seen.length === 3)
    expect(reader.payloads).toEqual(['true'])
    expect(pump.seen).toEqual(['CONNACK', 'PUBACK 1', 'PUBACK 2'])
    await until(() => gateway.verdicts.latest(9).length > 0)
    const [verdict] = gateway.verdicts.latest(9)
    expect(verdict).toMatchObject({
      decision: 'refuse',
      device: 'pump-1',
      action: 'publish',
      address: 'plant/pump-2/level',
      findings: [{ guard: 'access', code: 'publish_denied' }],
      peer: `127.0.0.1:${pump.socket.localPort}`,
    })
    expect(Buffer.from(verdict.bytes)).toEqual(Buffer.from(foreign))
    expect(gateway.verdicts.get(verdict.id)).toBe(verdict)
    await until(() => gateway.book.totals.forwarded === 1 && gateway.book.totals.refused === 1)
    expect([gateway.devices, gateway.book.connections]).toEqual([2, 2])
  })

  test('turns a certificate of its site under a foreign client id away', async () => {
    const gateway = await plant.start(plant.config())
    const thief = await plant.dial(gateway, 'pump-1')
    thief.send(connect({ ...four, clientId: 'pump-2' }))
    await until(() => thief.closed)
    expect(thief.seen).toEqual(['CONNACK 0x2'])
    await until(() => gateway.verdicts.latest(1)[0]?.findings[0].code === 'client_id_foreign')
    expect(gateway.devices).toBe(0)
  })

  test('takes new roles over on living connections, for topics that it knew already', async () => {
    const gateway = await plant.start(plant.config())
    const reader = await listener(gateway)
    const pump = await plant.join(gateway, 'pump-1')
    let id = 0
    const say = (payload: string) => pump.send(publish('plant/pump-1/level', payload, { ...four, qos: 1, id: ++id }))
    say('before')
    await until(() => reader.payloads.includes('before'))
    const roles = { sensor: { publish: ['other/#'], subscribe: ['plant/#'] } }
    expect(gateway.reload(plant.config({ roles }))).toEqual({ apply: ['roles.sensor.publish'], restart: [] })
    await until(() => {
      say('after')
      return gateway.verdicts.latest(1)[0]?.findings[0].code === 'publish_denied'
    })
    const passed = reader.payloads.length
    say('never')
    await until(() => pump.seen.includes(`PUBACK ${id}`))
    expect(reader.payloads).not.toContain('never')
    expect(reader.payloads.length).toBe(passed)
    gateway.reload(plant.config())
    await until(() => {
      say('again')
      return reader.payloads.includes('again')
    })
  })

  test('takes new rules over on living connections, and keeps the old ones where the new are wrong', async () => {
    const file = join(plant.folder, 'plant.rules')
    const rule = (word: string) => `drop mqtt any any -> any any (mqtt.publish.message; content:"${word}"; sid:1;)\n`
    writeFileSync(file, rule('first'))
    const config = plant.config({ rules: { files: [file] }, guards: { signature: 'enforce' } })
    const gateway = await plant.start(config)
    const reader = await listener(gateway)
    const pump = await plant.join(gateway, 'pump-1')
    let id = 0
    const say = (payload: string) => pump.send(publish('plant/pump-1/level', payload, { ...four, qos: 1, id: ++id }))
    say('the first')
    await until(() => gateway.verdicts.latest(9).length === 1)
    expect(gateway.verdicts.latest(1)[0]).toMatchObject({ decision: 'refuse', findings: [{ clause: 'sid:1' }] })
    writeFileSync(file, rule('second').replace('content', 'contents'))
    expect(() => gateway.reload(config)).toThrow('rule_keyword_unknown')
    say('still the first')
    await until(() => gateway.verdicts.latest(9).length === 2)
    writeFileSync(file, rule('second'))
    gateway.reload(config)
    await until(() => {
      say('the first again')
      return reader.payloads.length > 0
    })
    expect(new Set(reader.payloads)).toEqual(new Set(['the first again']))
  })

  test('that stops takes leave of its devices, and the broker sends no will', async () => {
    const config = plant.config({ roles: { sensor: { publish: ['plant/#'], subscribe: ['plant/#'] } } })
    const [watching, stopping] = [await plant.start(config), await plant.start(config)]
    const reader = await listener(watching)
    const old = await plant.join(stopping, 'pump-1', { will: { topic: 'plant/will', payload: 'lost' } })
    await stopping.stop()
    await until(() => old.closed)
    expect(stopping.devices).toBe(0)
    const other = await plant.join(watching, 'pump-2', { will: { topic: 'plant/will', payload: 'dropped' } })
    other.socket.destroy()
    await until(() => reader.payloads.length > 0)
    expect(reader.payloads).toEqual(['dropped'])
  })
})

describe('a gateway that cannot start', () => {
  test('because its port is taken says so and leaves nothing running', async () => {
    const first = await plant.start(plant.config())
    const control = { path: join(plant.folder, 'run.sock') }
    const config = plant.config({ mqtts: { port: first.port }, control })
    await expect(plant.start(config)).rejects.toMatchObject({
      code: 'port_taken',
      place: { field: 'listen.mqtts.port' },
    })
    const again = await plant.start(plant.config({ control }))
    expect(again.port).not.toBe(first.port)
  })

  test('because another listens with its workers on the port: a shared port is found out too', async () => {
    const first = await plant.start(plant.config({ mqtts: { workers: 2 } }))
    const config = plant.config({ mqtts: { workers: 2, port: first.port } })
    await expect(plant.start(config)).rejects.toMatchObject({ code: 'port_taken' })
  })

  test('because its metrics port is taken gives the others back', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await until(() => taken.listening)
    const { port } = taken.address() as AddressInfo
    const control = { path: join(plant.folder, 'metrics.sock') }
    await expect(plant.start(plant.config({ control, metrics: { port } }))).rejects.toMatchObject({
      code: 'metrics_port',
    })
    taken.close()
    const again = await plant.start(plant.config({ control, metrics: { port: 0 } }))
    expect((await fetch(`http://127.0.0.1:${again.metricsPort}/metrics`)).status).toBe(200)
  })
})
