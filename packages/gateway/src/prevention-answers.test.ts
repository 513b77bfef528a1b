import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Alarm } from './evidence/alarm.ts'
import { type Client, type Plant, until } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
import { publish, subscribe } from './path/packets.testkit.ts'
import { ANSWERED, codes, HOUR, knock, RESET, Ward } from './prevention.testkit.ts'

let ward: Ward
let plant: Plant

beforeAll(async () => {
  ward = await Ward.make()
  plant = ward.plant
})
afterEach(() => ward.clear())
afterAll(() => ward.close())

const start = (parts?: Parameters<Ward['start']>[0]) => ward.start(parts)
const say = (...args: string[]) => ward.say(...args)

describe('a bypass', () => {
  /** A device that says what it may not, over and over, and one that listens to it. */
  async function pair(gateway: Gateway): Promise<{ pump: Client; passes: () => Promise<boolean> }> {
    const reader = await plant.join(gateway, 'reader')
    reader.send(subscribe(['plant/#'], 1, 4))
    await until(() => reader.seen.includes('SUBACK 1'))
    const pump = await plant.join(gateway, 'pump-1')
    let id = 0
    const passes = async (): Promise<boolean> => {
      const [foreign, own] = [`foreign ${++id}`, `own ${id}`]
      pump.send(publish('plant/pump-2/x', foreign, { version: 4 }), publish('plant/pump-1/x', own, { version: 4 }))
      await until(() => reader.payloads.includes(own))
      return reader.payloads.includes(foreign)
    }
    return { pump, passes }
  }

  test('lets guards only observe and blocks not count, without dropping a connection, and is written down', async () => {
    const gateway = await start({ mqtts: { workers: 2 }, metrics: { port: 0 } })
    const metric = async () =>
      (await (await fetch(`http://127.0.0.1:${gateway.metricsPort}/metrics`)).text()).match(
        /^ringwall_bypass (.)/m,
      )?.[1]
    const { pump, passes } = await pair(gateway)
    expect([await passes(), await metric()]).toEqual([false, '0'])
    await say('block', '127.0.0.2', ...HOUR, '--force')
    expect(await say('bypass', 'on', '--for', '30m', '--reason', 'the mill stands')).toMatch(/^0 Bypass until /)
    await vi.waitFor(async () => expect(await passes()).toBe(true), { timeout: 20_000 })
    expect(await knock(gateway, '127.0.0.2')).toBe(ANSWERED)
    expect(await metric()).toBe('1')
    await until(() => gateway.verdicts.latest(20).some(({ decision }) => decision === 'flag'))
    expect(await say('bypass', 'off')).toBe('0 The bypass is over.\n')
    await vi.waitFor(async () => expect(await passes()).toBe(false), { timeout: 20_000 })
    expect(await knock(gateway, '127.0.0.2')).toBe(RESET)
    expect([pump.closed, await metric()]).toEqual([false, '0'])
    const orders = ward.entries.filter(({ kind }) => /^(block|bypass)/.test(kind))
    expect(orders.map(({ kind }) => kind)).toEqual(['block', 'bypass_on', 'bypass_off'])
    expect(orders[1]).toMatchObject({ reason: 'the mill stands', by: expect.stringMatching(/./) })
  })

  test('ends by itself, and who was blocked meanwhile is ended', async () => {
    const gateway = await start()
    const { passes } = await pair(gateway)
    await say('bypass', 'on', '--for', '2s', '--reason', 'short')
    await say('block', 'pump-3', ...HOUR)
    const blocked = await plant.join(gateway, 'pump-3')
    await until(() => blocked.closed)
    await vi.waitFor(async () => expect(await passes()).toBe(false), { timeout: 20_000 })
    expect(await say('bypass')).toBe('0 No bypass.\n')
    // A worker knows of the end by its own clock, before the main thread has written it down.
    await vi.waitFor(() => expect(ward.entries.map(({ kind }) => kind)).toContain('bypass_over'), { timeout: 20_000 })
  })

  test('also holds for a device that connects while it is on, and after a reload', async () => {
    const gateway = await start()
    await say('bypass', 'on', ...HOUR)
    const { passes } = await pair(gateway)
    expect(await passes()).toBe(true)
    gateway.reload(ward.config({ size: { default: 1_000 } }))
    for (let i = 0; i < 20; i++) expect(await passes()).toBe(true)
  })
})

describe('an alarm', () => {
  const alarm: Alarm = {
    scenario: 'topic-scan',
    technique: '',
    severity: 'high',
    subject: 'pump-1',
    device: 'pump-1',
    address: '127.0.0.1',
    topic: '',
    time: 0,
    began: 0,
    why: '9 topics',
    figures: {},
    labels: [],
    happenings: [],
  }
  const actions = [{ when: { scenario: 'topic-*' }, do: 'block' }]

  test('is only told while reactions observe', async () => {
    const gateway = await start({ prevention: { actions } })
    gateway.onAlarm(alarm)
    expect(await say('blocks')).toBe('0 Nobody is blocked.\n')
    expect(existsSync(join(ward.state, 'prevention.state'))).toBe(false)
  })

  test('blocks the device where they are enforced, by the name of its scenario', async () => {
    const gateway = await start({ prevention: { mode: 'enforce', actions } })
    const device = await plant.join(gateway, 'pump-1')
    gateway.onAlarm(alarm)
    await until(() => device.closed)
    expect(await say('blocks')).toMatch(/device {2}pump-1 .* scenario topic-scan {2}9 topics\n$/)
  })
})

test('a scenario that comes true over live traffic shuts the device out that did it', async () => {
  const rules = join(plant.folder, 'rules')
  mkdirSync(rules, { recursive: true })
  const scan = `name: scan
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
  writeFileSync(join(rules, 'scan.yaml'), scan)
  const prevention = { mode: 'enforce', actions: [{ when: { scenario: 'scan' }, do: 'block', for: '1h' }] }
  const gateway = await start({ scenarios: { files: ['rules/scan.yaml'] }, prevention })
  const [scanner, honest] = [await plant.join(gateway, 'pump-1'), await plant.join(gateway, 'pump-2')]
  for (let i = 0; i < 10; i++) scanner.send(publish(`other/${i}`, 'x', { version: 4 }))
  await until(() => scanner.closed)
  expect(await say('blocks')).toMatch(/device {2}pump-1 .* scenario scan {2}pump-1 tried 3 topics\n$/)
  expect(honest.closed).toBe(false)
})

test('a posture counts on a living connection, after reconnecting, and until a person lowers it', async () => {
  const gateway = await start({
    rings: { identity: 'enforce' },
    guards: { quarantine: 'enforce' },
    groups: [{ name: 'mute', devices: 'pump-*', quarantine: 'silent' }],
  })
  const reader = await plant.join(gateway, 'reader')
  reader.send(subscribe(['plant/#'], 1, 4))
  await until(() => reader.seen.includes('SUBACK 1'))
  let id = 0
  /** What became of one more message: whether the other device has it, once its acknowledgement is there. */
  const passes = async (device: Client): Promise<boolean> => {
    const payload = `${++id}`
    device.send(publish('plant/pump-1/x', payload, { version: 4, qos: 1, id }))
    await until(() => device.seen.includes(`PUBACK ${id}`))
    return reader.payloads.includes(payload)
  }
  const becomes = (device: Client, so: boolean) =>
    vi.waitFor(async () => expect(await passes(device)).toBe(so), { timeout: 20_000 })
  const first = await plant.join(gateway, 'pump-1')
  await becomes(first, true)
  await say('posture', 'set', 'pump-1', 'quarantined', ...HOUR)
  await becomes(first, false)
  await until(() => codes(gateway).includes('quarantined'))
  first.socket.destroy()
  await until(() => gateway.devices === 1)
  const again = await plant.join(gateway, 'pump-1')
  expect(await passes(again)).toBe(false)
  await say('posture', 'set', 'pump-1', 'trusted', ...HOUR)
  await becomes(again, true)
})

test('refused acts raise a device where that is configured, and the desk says so', async () => {
  const refusals = { count: 5, within: '1m', posture: 'watched' }
  const gateway = await start({ prevention: { refusals } })
  const device = await plant.join(gateway, 'pump-1')
  for (let i = 0; i < 5; i++) device.send(publish('plant/pump-2/x', 'x', { version: 4 }))
  await vi.waitFor(
    async () => expect(await say('posture')).toMatch(/pump-1 {2}watched .* 5 refused acts within 60 s\n$/),
    {
      timeout: 20_000,
    },
  )
})
