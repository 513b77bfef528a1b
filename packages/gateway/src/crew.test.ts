import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, Plant, until } from './gateway.testkit.ts'
import { connack, connect } from './path/packets.testkit.ts'

let plant: Plant
const workers: Worker[] = []

beforeAll(async () => {
  plant = await Plant.make()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await plant.clear()
})
afterAll(() => plant.close())

const two = { workers: 2 }

/** The worker threads that are started while a test runs, in order. */
function watchWorkers(): Worker[] {
  workers.length = 0
  const post = Worker.prototype.on
  vi.spyOn(Worker.prototype, 'on').mockImplementation(function (this: Worker, ...args: Parameters<typeof post>) {
    if (args[0] === 'exit' && !workers.includes(this)) workers.push(this)
    return post.apply(this, args)
  })
  return workers
}

describe('a second session of one device, whichever worker gets it', () => {
  test('keep: the first stays and the second is turned away', async () => {
    const gateway = await plant.start(plant.config({ mqtts: two, session: { takeover: 'keep' } }))
    const first = await plant.join(gateway, 'pump-1')
    // The kernel spreads connections over the workers: of so many some come to the other one.
    const others: Client[] = []
    for (let i = 0; i < 12; i++) {
      const other = await plant.dial(gateway, 'pump-1')
      other.send(connect({ version: 4, clientId: 'pump-1' }))
      others.push(other)
    }
    await until(() => others.every(({ closed }) => closed))
    for (const { seen } of others) expect(seen).toEqual(['CONNACK 0x3'])
    first.send(Uint8Array.of(0xc0, 0))
    await until(() => first.seen.includes('PINGRESP'))
    expect([first.closed, gateway.devices]).toEqual([false, 1])
    first.socket.destroy()
    await until(() => gateway.devices === 0)
    await plant.join(gateway, 'pump-1')
  })

  test('replace: each new one takes the place of the former, and one stays', async () => {
    const gateway = await plant.start(plant.config({ mqtts: two, session: { takeover: 'replace' } }))
    let last = await plant.join(gateway, 'pump-1')
    for (let i = 0; i < 8; i++) {
      const next = await plant.join(gateway, 'pump-1')
      await until(() => last.closed)
      last = next
    }
    expect([last.closed, gateway.devices]).toEqual([false, 1])
  })
})

test('a worker that dies is started anew, its lanes are free and its counts stay', async () => {
  const started = watchWorkers()
  const gateway = await plant.start(plant.config())
  const before = await plant.join(gateway, 'pump-1')
  await until(() => gateway.book.totals.accepted === 1)
  expect(started.length).toBe(1)
  await started[0].terminate()
  await until(() => before.closed && gateway.devices === 0)
  await until(() => started.length === 2)
  await vi.waitFor(() => plant.join(gateway, 'pump-1'), { timeout: 20_000, interval: 50 })
  await until(() => gateway.book.totals.accepted >= 2)
})

test('a device of version 5 is told that the gateway stops, with reason 0x8B', async () => {
  const broker = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(connack(5)))
    socket.on('data', chunk => sent.push(chunk as Buffer))
  }).listen(0, '127.0.0.1')
  const sent: Buffer[] = []
  await until(() => broker.listening)
  const { port } = broker.address() as AddressInfo
  const gateway = await plant.start(plant.config({ upstream: { url: `mqtt://127.0.0.1:${port}` } }))
  const device = await plant.join(gateway, 'pump-1', { version: 5 })
  await gateway.stop()
  await until(() => device.closed)
  expect(device.seen).toEqual(['CONNACK', 'DISCONNECT 0x8b'])
  // A DISCONNECT goes up before the link closes, so that the broker keeps the will to itself.
  expect([...Buffer.concat(sent).subarray(-2)]).toEqual([0xe0, 0])
  broker.close()
})
