import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModel } from '@ringwall/learn/io'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { auditVerb } from './cli/audit.ts'
import { printedBy } from './cli/verb.testkit.ts'
import { modelOf, sessionTable } from './detect/intrusion/intrusion.testkit.ts'
import type { Alarm, Detection } from './evidence/alarm.ts'
import { Plant, until } from './gateway.testkit.ts'
import { publish } from './path/packets.testkit.ts'

let plant: Plant
let digest = ''
beforeAll(async () => {
  plant = await Plant.make()
  const model = await modelOf(sessionTable())
  writeFileSync(join(plant.folder, 'sessions.model.json'), model)
  digest = (await readModel(model)).digest
})
afterEach(() => plant.clear())
afterAll(() => plant.close())

const intrusion = (more: object = {}) => ({ intrusion: { model: 'sessions.model.json', digest, ...more } })
const say = (device: string, n: number) => publish(`plant/${device}/x`, `payload number ${n}`, { version: 4 })

test('a flood over live connections is told, with its reasons, to the ledger too, and hinders nothing', async () => {
  const ledger = { path: 'l/ledger', key: 'l/ledger.key', secret: 'l/ledger.secret' }
  const gateway = await plant.start(plant.config({ ...intrusion(), ledger, guards: { rate: 'off' } }))
  const alarms: Alarm[] = []
  gateway.onAlarm = alarm => void alarms.push(alarm)
  const loud = await plant.join(gateway, 'pump-9')
  // The thread may still be reading the model.
  await until(() => {
    for (let n = 0; n < 20; n++) loud.send(say('pump-9', n))
    return alarms.length > 0
  })
  const [alarm] = alarms
  expect(alarm).toMatchObject({ scenario: 'intrusion-flood', device: 'pump-9', address: '127.0.0.1' })
  expect(alarm.why).toMatch(/^pump-9 does what flood does \(score [\d.]+, threshold 0.9\), most by \w+ /)
  expect(gateway.alarms.latest(1)[0].detection).toMatchObject({ model: digest, class: 'flood', threshold: 0.9 })
  expect(gateway.alarms.counts).toContainEqual({ scenario: 'intrusion-flood', severity: 'medium', count: 1 })
  expect(loud.socket.destroyed).toBe(false)
  await gateway.stop()
  const told = await printedBy(
    [auditVerb],
    ['audit', 'search', '--code', 'alarm', '--device', 'pump-9', '--json', '--path', join(plant.folder, 'l', 'ledger')],
  )
  const [{ entry }] = JSON.parse(told.out)
  const { score, features } = alarm.detection as Detection
  expect(entry.unmapped).toEqual({
    scores: [{ model: digest, score }],
    scenario: 'intrusion-flood',
    class: 'flood',
    threshold: 0.9,
    features,
  })
})

test('a gateway does not start with another model than the one that is pinned, nor reload to one', async () => {
  const other = plant.config(intrusion({ digest: 'a'.repeat(64) }))
  const code = expect.objectContaining({ code: 'intrusion_digest' })
  await expect(plant.start(other)).rejects.toThrow(code)
  const gateway = await plant.start(plant.config())
  expect(() => gateway.reload(other)).toThrow(code)
})
