import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { learnTable, readModel, tableOf, writeModel } from '@ringwall/learn/io'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { auditVerb } from './cli/audit.ts'
import { printedBy } from './cli/verb.testkit.ts'
import { modelOf, sessionTable } from './detect/intrusion/intrusion.testkit.ts'
import type { Alarm, Detection } from './evidence/alarm.ts'
import { type Client, Plant } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
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

/** A session that says four hundred things at once. */
async function flood(gateway: Gateway, device: string): Promise<Client> {
  const loud = await plant.join(gateway, device)
  for (let n = 0; n < 400; n++) loud.send(say(device, n))
  return loud
}

/** Whether something comes to be so within a second. */
async function soon(so: () => boolean): Promise<boolean> {
  for (let n = 0; n < 50 && !so(); n++) await sleep(20)
  return so()
}

test('a flood over live connections is told, with its reasons, to the ledger too, and hinders nothing', async () => {
  const ledger = { path: 'l/ledger', key: 'l/ledger.key', secret: 'l/ledger.secret' }
  const gateway = await plant.start(plant.config({ ...intrusion(), ledger, guards: { rate: 'off' } }))
  const alarms: Alarm[] = []
  gateway.onAlarm = alarm => void alarms.push(alarm)
  let loud = await flood(gateway, 'pump-9')
  // The thread may still have been reading the model when that session began, and it is told by its CONNECT too.
  for (let n = 10; n < 30 && !(await soon(() => alarms.length > 0)); n++) loud = await flood(gateway, `pump-${n}`)
  const [alarm] = alarms
  expect(alarm).toMatchObject({ scenario: 'intrusion-flood', address: '127.0.0.1' })
  const { device, why } = alarm
  expect(why).toMatch(/^pump-\d+ does what flood does \(score [\d.]+, threshold 0.9\), most by \w+ /)
  expect(gateway.alarms.latest(1)[0].detection).toMatchObject({ model: digest, class: 'flood', threshold: 0.9 })
  expect(gateway.alarms.counts).toMatchObject([{ scenario: 'intrusion-flood', severity: 'medium' }])
  expect(loud.socket.destroyed).toBe(false)
  await gateway.stop()
  const told = await printedBy(
    [auditVerb],
    ['audit', 'search', '--code', 'alarm', '--device', device, '--json', '--path', join(plant.folder, 'l', 'ledger')],
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

test('an ensemble tells a flood over live connections too, or that it does not know it', async () => {
  const asked = { label: 'label', algorithm: 'ensemble', date: '2026-01-05T00:00:00Z' } as const
  const text = await writeModel(await learnTable(tableOf(sessionTable()), asked))
  writeFileSync(join(plant.folder, 'ensemble.model.json'), text)
  const model = { model: 'ensemble.model.json', digest: (await readModel(text)).digest, doubt: 'alarm' }
  const gateway = await plant.start(plant.config({ intrusion: model, guards: { rate: 'off' } }))
  const alarms: Alarm[] = []
  gateway.onAlarm = alarm => void alarms.push(alarm)
  for (let n = 40; n < 60 && !(await soon(() => alarms.length > 0)); n++) await flood(gateway, `pump-${n}`)
  expect(alarms[0].scenario).toMatch(/^intrusion-(flood|unknown)$/)
  expect(alarms[0].detection?.features.length).toBeGreaterThan(0)
}, 60_000)

test('a gateway does not start with another model than the one that is pinned, nor reload to one', async () => {
  const other = plant.config(intrusion({ digest: 'a'.repeat(64) }))
  const code = expect.objectContaining({ code: 'intrusion_digest' })
  await expect(plant.start(other)).rejects.toThrow(code)
  const gateway = await plant.start(plant.config())
  expect(() => gateway.reload(other)).toThrow(code)
})
