import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Config } from './config/index.ts'
import { Plant, until } from './gateway.testkit.ts'
import { replayRecordings } from './hindsight/replay.ts'
import { publish } from './path/packets.testkit.ts'
import { listSegments } from './recording/folder.ts'
import { makeIdentity } from './recording/identity.ts'

let plant: Plant
let pair: { identity: string; recipient: string }
let folder: string

beforeAll(async () => {
  plant = await Plant.make()
  pair = await makeIdentity()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-recording-'))
})
afterEach(async () => {
  await plant.clear()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => plant.close())

const record = () => ({ path: join(folder, 'recordings'), to: [pair.recipient] })
const config = (parts: Parameters<Plant['config']>[0] = {}): Config => plant.config({ record: record(), ...parts })
const segments = (): string[] => listSegments(record().path).map(({ path }) => path)
const replay = () => replayRecordings(segments(), [pair.identity])

async function said(device: Awaited<ReturnType<Plant['join']>>, topic: string, id: number): Promise<void> {
  device.send(publish(topic, `${id}`, { qos: 1, id }))
  await until(() => device.seen.some(line => line.startsWith(`PUBACK ${id} `) || line === `PUBACK ${id}`))
}

test('what a gateway judges is recorded until it stops, and comes to the same again', async () => {
  const gateway = await plant.start(config())
  const device = await plant.join(gateway, 'pump-1')
  await said(device, 'plant/pump-1/level', 1)
  await said(device, 'elsewhere', 2)
  await gateway.stop()
  const { lanes, same, cut, acts } = await replay()
  expect({ same, cut, acts }).toEqual({ same: true, cut: [], acts: 3 })
  expect(lanes).toMatchObject([{ device: 'pump-1', acts: 3, missed: 0, silent: 0 }])
})

test('another configuration begins another segment, and connections go on in it where they stood', async () => {
  const gateway = await plant.start(config())
  const device = await plant.join(gateway, 'pump-1')
  await said(device, 'plant/pump-1/level', 1)
  gateway.reload(config({ roles: { sensor: { publish: ['other/#'] } } }))
  let id = 1
  await until(() => {
    device.send(publish('other/pump-1', 'x', { qos: 1, id: ++id }))
    device.send(publish('plant/pump-1/level', 'x', { qos: 1, id: ++id }))
    return gateway.verdicts.latest(9).length > 2
  })
  await gateway.stop()
  const { lanes, same } = await replay()
  expect(lanes.length).toBe(2)
  expect(lanes.filter(lane => !lane.same)).toEqual([])
  expect(same).toBe(true)
})

test('recording is started and stopped while devices are connected; off, nothing is written', async () => {
  const gateway = await plant.start(config())
  const device = await plant.join(gateway, 'pump-1')
  await said(device, 'plant/pump-1/level', 1)
  expect(await gateway.recording.stop()).toMatchObject({ on: false, lost: 0, failed: '' })
  expect(segments().length).toBe(1)
  await said(device, 'plant/pump-1/level', 2)
  expect(() => gateway.recording.start()).not.toThrow()
  expect(() => gateway.recording.start()).toThrow('recording_on')
  await said(device, 'plant/pump-1/level', 3)
  await gateway.recording.stop()
  const { same, acts } = await replay()
  expect([same, acts, segments().length]).toEqual([true, 3, 2])
})

test('a folder that is gone ends recording, with a reason, and nothing else', async () => {
  const gateway = await plant.start(config())
  rmSync(record().path, { recursive: true })
  const device = await plant.join(gateway, 'pump-1')
  await until(() => gateway.recording.state.failed.includes('ENOENT'))
  await said(device, 'plant/pump-1/level', 1)
  expect(gateway.recording.state).toMatchObject({ on: false })
  gateway.recording.start()
  await said(device, 'plant/pump-1/level', 2)
  await gateway.recording.stop()
  expect(readdirSync(record().path).length).toBe(1)
  expect(await replay()).toMatchObject({ same: true, acts: 1 })
})

test('a key that is none, and a folder that cannot be, are told before anything runs', async () => {
  const wrong = `${pair.recipient.slice(0, -1)}${pair.recipient.endsWith('q') ? 'p' : 'q'}`
  await expect(plant.start(plant.config({ record: { ...record(), to: [wrong] } }))).rejects.toMatchObject({
    code: 'recording_recipient',
  })
  await expect(plant.start(plant.config({ record: { ...record(), path: '/proc/none' } }))).rejects.toMatchObject({
    code: 'recording_path',
  })
  const gateway = await plant.start(plant.config())
  expect(() => gateway.recording.start()).toThrow('recording_off')
})
