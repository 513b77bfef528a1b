import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Alarm } from './evidence/alarm.ts'
import { Plant, until } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
import { publish as publishAs, subscribe } from './path/packets.testkit.ts'

let plant: Plant
beforeAll(async () => {
  plant = await Plant.make()
  mkdirSync(join(plant.folder, 'rules'))
})
afterEach(() => plant.clear())
afterAll(() => plant.close())

const SCAN = `name: scan
title: Scan
severity: high
technique: T0846
on: [verdict]
filter: code == 'publish_denied'
groupby: [device]
distinct: topic
capacity: 2
leakspeed: 1m
say: '{device} tried {count} topics'
`
const QUIET = `name: quiet
title: Quiet
severity: low
technique: T0814
on: [connect]
absence: { key: [connection], until: { on: [publish, closed] }, within: 500ms }
groupby: [device]
say: '{device} said nothing for {waited}'
`
const ALLOW = `allow:
  - { scenario: scan, device: tester-*, owner: ada, reason: penetration test, expires: 2999-01-01 }
`

const publish = (topic: string, payload: string) => publishAs(topic, payload, { version: 4 })

const files = (texts: Record<string, string>): void => {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(plant.folder, 'rules', name), text)
}

async function started(): Promise<{ gateway: Gateway; alarms: Alarm[] }> {
  files({ 'scan.yaml': SCAN, 'quiet.yaml': QUIET, 'allow.yml': ALLOW })
  const scenarios = { files: ['rules/*.yaml'], allow: ['rules/allow.yml'] }
  const gateway = await plant.start(plant.config({ mqtts: { workers: 2 }, scenarios }))
  const alarms: Alarm[] = []
  gateway.onAlarm = alarm => void alarms.push(alarm)
  return { gateway, alarms }
}

test('a scenario comes true over live traffic, is told once, and hinders nothing', async () => {
  const { gateway, alarms } = await started()
  const client = await plant.join(gateway, 'pump-1')
  client.send(subscribe(['plant/pump-1/x'], 1, 4))
  for (let i = 0; i < 10; i++) client.send(publish(`other/${i}`, 'x'))
  await until(() => alarms.some(({ scenario }) => scenario === 'scan'))
  const [alarm] = alarms.filter(({ scenario }) => scenario === 'scan')
  expect(alarm).toMatchObject({ device: 'pump-1', address: '127.0.0.1', why: 'pump-1 tried 3 topics' })
  expect(alarm.happenings.map(({ topic }) => topic)).toEqual(['other/0', 'other/1', 'other/2'])
  client.send(publish('plant/pump-1/x', 'still here'))
  await until(() => client.payloads.includes('still here'))
  expect(gateway.alarms.counts).toContainEqual({ scenario: 'scan', severity: 'high', count: 1 })
})

test('what does not come is found by time alone, and what comes is not', async () => {
  const { gateway, alarms } = await started()
  const speaks = await plant.join(gateway, 'pump-2')
  speaks.send(publish('plant/pump-2/x', 'x'))
  await plant.join(gateway, 'pump-3')
  await until(() => alarms.length > 0)
  expect(alarms.map(({ scenario, device }) => `${scenario} ${device}`)).toEqual(['quiet pump-3'])
})

test('an allow-list holds, and a reload takes other scenarios while connections stay', async () => {
  const { gateway, alarms } = await started()
  const tester = await plant.join(gateway, 'tester-1')
  for (let i = 0; i < 10; i++) tester.send(publish(`other/${i}`, 'x'))
  tester.send(publish('plant/tester-1/x', 'x'))
  files({ 'scan.yaml': SCAN.replace('name: scan', 'name: scan-anew') })
  gateway.reload(plant.config({ mqtts: { workers: 2 }, scenarios: { files: ['rules/*.yaml'] } }))
  // The order goes the same way as evidence does, behind it.
  await until(() => {
    tester.send(publish(`more/${Math.random()}`, 'x'))
    return alarms.some(({ scenario }) => scenario === 'scan-anew')
  })
  expect(alarms.some(({ scenario }) => scenario === 'scan')).toBe(false)
  expect(alarms.find(({ scenario }) => scenario === 'scan-anew')?.device).toBe('tester-1')
})

test('a scenario that is wrong is refused with its place, at the start and at a reload', async () => {
  const { gateway } = await started()
  files({ 'scan.yaml': SCAN.replace('filter:', 'fliter:') })
  const config = plant.config({ mqtts: { workers: 2 }, scenarios: { files: ['rules/*.yaml'] } })
  const refusal = {
    code: 'config_unknown_key',
    place: expect.objectContaining({ line: 6, column: 1, field: 'fliter' }),
  }
  expect(() => gateway.reload(config)).toThrow(expect.objectContaining(refusal))
  await expect(plant.start(config)).rejects.toMatchObject(refusal)
})
