import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Plant, until } from './gateway.testkit.ts'
import { connack, publish } from './path/packets.testkit.ts'

let plant: Plant
let broker: Server
let received = ''

/** A broker of version 5 with topic aliases, which the embedded one has not; it notes what it gets. */
beforeAll(async () => {
  plant = await Plant.make()
  broker = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(connack(5, 0, [0x22, 0, 9]))
      socket.on('data', chunk => {
        received += chunk.toString('latin1')
      })
    })
  }).listen(0, '127.0.0.1')
  await until(() => broker.listening)
})
afterEach(() => plant.clear())
afterAll(async () => {
  await plant.close()
  broker.close()
})

const config = (parts: Parameters<Plant['config']>[0] = {}) =>
  plant.config({ upstream: { url: `mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}` }, ...parts })

test('a topic that was revoked is refused on a living connection also where an alias stands for it', async () => {
  const gateway = await plant.start(config())
  const device = await plant.join(gateway, 'pump-1', { version: 5 })
  device.send(publish('plant/pump-1/level', 'first', { alias: 1 }), publish('', 'second', { alias: 1 }))
  await until(() => received.includes('second'))
  gateway.reload(config({ roles: { sensor: { publish: ['other/#'] } } }))
  // A refusal by name says that the worker has the new roles; then the alias is tried.
  let id = 0
  await until(() => {
    device.send(publish('plant/pump-1/other', 'named', { qos: 1, id: ++id }))
    return device.seen.some(line => line.startsWith('PUBACK') && line.endsWith('0x87'))
  })
  device.send(publish('', 'smuggled', { alias: 1, qos: 1, id: 999 }))
  await until(() => device.seen.includes('PUBACK 999 0x87'))
  expect(received).not.toContain('smuggled')
})

test('rings, limits and sizes are taken over; what waits for a restart is told', async () => {
  const gateway = await plant.start(config())
  const device = await plant.join(gateway, 'pump-1', { version: 5 })
  const change = gateway.reload(config({ size: { default: 10 }, limits: { devices: 7 } }))
  expect(change).toEqual({ apply: ['size.default'], restart: ['limits.devices'] })
  await until(() => {
    device.send(publish('plant/pump-1/level', 'x'.repeat(11)))
    return gateway.verdicts.latest(1)[0]?.findings[0].code === 'payload_too_large'
  })
  gateway.reload(config({ size: { default: 10 }, rings: { network: 'observe', identity: 'enforce' } }))
  received = ''
  await until(() => {
    device.send(publish('plant/pump-1/level', 'larger than ten'))
    return received.includes('larger than ten')
  })
})

test('a configuration whose files cannot be read changes nothing', async () => {
  const gateway = await plant.start(config())
  expect(() => gateway.reload(config({ mqtts: { certificate: 'none.pem' } }))).toThrow(/file_unusable/)
  const device = await plant.join(gateway, 'pump-1', { version: 5 })
  received = ''
  device.send(publish('plant/pump-1/level', 'still here'))
  await until(() => received.includes('still here'))
})
