import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asCose, asEnvelope, deviceSecret, Sealer, sealKey } from '@ringwall/proof'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Config } from './config/index.ts'
import { type Client, Plant, until } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
import { replayRecordings } from './hindsight/replay.ts'
import { publish, subscribe } from './path/packets.testkit.ts'
import { listSegments } from './recording/folder.ts'
import { makeIdentity } from './recording/identity.ts'

const SITE = new Uint8Array(32).fill(9)
const TOPIC = 'plant/pump-1/level'
const keyOf = (epoch: number) => sealKey(deviceSecret(SITE, 'mill-3', 'pump-1'), 'pump-1', epoch)

let plant: Plant
let folder: string
let sealer: Sealer
let id = 0

beforeAll(async () => {
  plant = await Plant.make()
  writeFileSync(join(plant.folder, 'seals.secret'), Buffer.from(SITE).toString('hex'), { mode: 0o600 })
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-seals-'))
  sealer = new Sealer(keyOf(1), 1)
})
afterEach(async () => {
  await plant.clear()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => plant.close())

const store = () => join(folder, 'store')

function config(seals: object = {}, parts: Record<string, object | string> = {}): Config {
  return plant.config({
    rings: { network: 'enforce', identity: 'enforce', integrity: 'enforce' },
    seals: { secret: 'seals.secret', policy: 'required', gaps: 'refuse', ...seals },
    store: { folder: store() },
    ...parts,
  })
}

const codes = (gateway: Gateway) => gateway.verdicts.latest(99).map(({ findings }) => findings[0]?.code)

/** Sends messages whose acknowledgements are waited for: when they are there, the messages are judged. */
async function deliver(device: Client, ...payloads: Uint8Array[]): Promise<void> {
  const ids = payloads.map(payload => {
    device.send(publish(TOPIC, payload, { version: 4, qos: 1, id: ++id }))
    return id
  })
  await until(() => ids.every(each => device.seen.some(line => line.startsWith(`PUBACK ${each}`))))
}

function sealed(text: string): Uint8Array {
  const payload = Buffer.from(text)
  return asEnvelope(sealer.seal(TOPIC, payload, Date.now()), payload)
}

test('a chain goes on exactly over an orderly restart, and what came before it is still a replay', async () => {
  const first = await plant.start(config())
  const old = sealed('1')
  await deliver(await plant.join(first, 'pump-1'), old, sealed('2'))
  expect(codes(first)).toEqual([])
  await first.stop()
  const second = await plant.start(config())
  const device = await plant.join(second, 'pump-1')
  await deliver(device, old, sealed('3'))
  await until(() => codes(second).length > 0)
  expect(codes(second)).toEqual(['seal_replay'])
  sealed('held back')
  await deliver(device, sealed('5'))
  await until(() => codes(second).length > 1)
  expect(codes(second)).toContain('seal_gap')
})

test('after a crash one jump is accepted as resumed, and none after it', async () => {
  const first = await plant.start(config())
  await deliver(await plant.join(first, 'pump-1'), sealed('1'))
  await first.stop()
  const second = await plant.start(config())
  // What a crash leaves: what was saved when it began.
  cpSync(store(), join(folder, 'crashed'), { recursive: true })
  await deliver(await plant.join(second, 'pump-1'), sealed('2'), sealed('3'))
  await second.stop()
  const third = await plant.start(config({}, { store: { folder: join(folder, 'crashed') } }))
  const device = await plant.join(third, 'pump-1')
  await deliver(device, sealed('4'), sealed('5'))
  await until(() => codes(third).length > 0)
  expect(third.verdicts.latest(9).map(({ decision }) => decision)).toEqual(['flag'])
  expect(codes(third)).toEqual(['seal_resumed'])
  sealed('held back')
  await deliver(device, sealed('7'))
  await until(() => codes(third).length > 1)
  expect(codes(third)).toContain('seal_gap')
})

test('keys are rotated under load without a message lost or refused', async () => {
  const gateway = await plant.start(config())
  const device = await plant.join(gateway, 'pump-1')
  const listener = await plant.join(gateway, 'pump-2')
  listener.send(subscribe([TOPIC], 1, 4))
  await until(() => listener.seen.some(line => line.startsWith('SUBACK')))
  const sent: string[] = []
  const burst = async (count: number) => {
    const texts = Array.from({ length: count }, () => `n${sent.length + 1 + sent.push('')}`)
    for (const [i, text] of texts.entries()) sent[sent.length - count + i] = text
    await deliver(device, ...texts.map(sealed))
  }
  await burst(30)
  gateway.reload(config({ epochs: [1, 2] }))
  await burst(30)
  sealer.rotate(keyOf(2), 2)
  await burst(30)
  gateway.reload(config({ epochs: [2] }))
  await burst(30)
  await until(() => listener.payloads.length === sent.length)
  expect(codes(gateway)).toEqual([])
  // A device that was left behind is told so.
  sealer.rotate(keyOf(1), 1)
  await until(() => {
    device.send(publish(TOPIC, sealed('old'), { version: 4, qos: 1, id: ++id }))
    return codes(gateway).includes('seal_epoch')
  })
})

test('the broker gets what was sealed, without an envelope or CBOR, where that is wished', async () => {
  const gateway = await plant.start(config({ broker: 'strip' }))
  const listener = await plant.join(gateway, 'pump-2')
  listener.send(subscribe([TOPIC], 1, 4))
  await until(() => listener.seen.some(line => line.startsWith('SUBACK')))
  const device = await plant.join(gateway, 'pump-1')
  const seal = (text: string) => sealer.seal(TOPIC, Buffer.from(text), Date.now())
  const plain = (make: typeof asCose, text: string) =>
    publish(TOPIC, make(seal(text), Buffer.from(text)), { version: 4 })
  device.send(plain(asEnvelope, 'd'), plain(asCose, 'e'))
  await until(() => listener.payloads.length === 2)
  expect(listener.payloads).toEqual(['d', 'e'])
  expect(codes(gateway)).toEqual([])
})

test.each(['full', 'digest', 'none'] as const)(
  'a recording with payloads %s comes to the same again, without the key',
  async payloads => {
    const pair = await makeIdentity()
    const path = join(folder, 'recordings')
    const gateway = await plant.start(config({}, { record: { path, to: [pair.recipient], payloads } }))
    const device = await plant.join(gateway, 'pump-1')
    const first = sealed('first')
    const cose = (text: string) => asCose(sealer.seal(TOPIC, Buffer.from(text), Date.now()), Buffer.from(text))
    await deliver(device, first, ...Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? sealed(`${i}`) : cose(`${i}`))))
    const forged = sealed('1')
    forged[forged.length - 1] ^= 1
    sealed('held back')
    await deliver(device, first, forged, sealed('x'), Buffer.from('rw1.no.x'), Buffer.from('plain'), sealed('y'))
    await gateway.stop()
    const paths = listSegments(path).map(each => each.path)
    const { lanes, same } = await replayRecordings(paths, [pair.identity])
    expect(same).toBe(true)
    expect(lanes).toMatchObject([{ device: 'pump-1', missed: 0, divergence: null }])
    if (payloads === 'full') expect(lanes[0]?.silent).toBe(0)
  },
)
