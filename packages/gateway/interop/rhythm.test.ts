import { readdirSync, writeFileSync } from 'node:fs'
import { connect, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../src/cli/ask.ts'
import type { RhythmView } from '../src/lanes/rhythm-view.ts'
import { Authority } from './peers/certificates.ts'
import { Folder } from './peers/folder.ts'
import { Gateway } from './peers/gateway.ts'
import type { Access } from './peers/kit.ts'
import { Mosquitto } from './peers/mosquitto.ts'
import { optionsOf } from './peers/mqttjs.ts'
import { lacks } from './peers/needs.ts'
import { until, within } from './peers/processes.ts'

const DEVICE = 'pump-1'
const STATE = `t/${DEVICE}/state`
const BEAT = 40
// A ledger would say that it made its keys.
const MORE = [
  'guards: { rhythm: enforce }',
  'rhythm: { learning: 1s, messages: 20 }',
  'store: { folder: data }',
  'ledger: off',
]

describe.skipIf(lacks('mosquitto'))('what was learned of a device', () => {
  let folder: Folder
  let mosquitto: Mosquitto
  let gateway: Gateway
  let access: Access
  let client: MqttClient

  beforeAll(async () => {
    folder = new Folder()
    const authority = await Authority.create()
    mosquitto = await Mosquitto.start(folder, authority)
    const upstream = `url: mqtt://127.0.0.1:${mosquitto.tcp}, identity: client-id`
    gateway = await Gateway.start(folder, authority, { upstream, more: MORE, workers: 2 })
    const { certificate, key } = await authority.device(DEVICE)
    access = {
      port: gateway.port,
      ca: authority.certificate,
      caFile: folder.at('broker-ca.pem'),
      certificate,
      certificateFile: folder.write(`${DEVICE}.pem`, certificate),
      key,
      keyFile: folder.write(`${DEVICE}.key`, key),
    }
  })
  afterAll(async () => {
    await client?.endAsync(true)
    await gateway?.stop()
    await mosquitto?.stop()
    folder?.remove()
  })

  const begin = async (): Promise<void> => {
    client = connect({ ...optionsOf(access, { device: DEVICE, version: '5' }), reconnectPeriod: 0 })
    client.on('error', () => {})
    await within('CONNACK', new Promise<void>(resolve => client.once('connect', () => resolve())))
  }

  /** What became of a message: `0`, or the refusal's reason. */
  const say = async (topic: string): Promise<number> => {
    try {
      await within('PUBACK', client.publishAsync(topic, '{"value":1.5}', { qos: 1 }))
      return 0
    } catch (error) {
      return error instanceof Error && 'code' in error ? Number(error.code) : -1
    }
  }

  const asked = async (method: 'GET' | 'POST', path: string): Promise<unknown> => {
    const socket = folder.at(`run/ringwall-${gateway.port}.sock`)
    return (await ask(socket, method, path)).body
  }

  const view = async () => (await asked('GET', `/rhythm/device?device=${DEVICE}`)) as RhythmView

  test('is judged once it is learned, survives a restart of the gateway, and is kept by the device', async () => {
    await begin()
    const beating = setInterval(() => client.connected && client.publish(STATE, '{"value":1.5}', { qos: 1 }), BEAT)
    await until('the baseline is frozen', async () => (await view()).modes?.[0]?.frozen != null)
    await until('its timing is settled', async () => (await view()).topics[0]?.settled.length === 2)
    clearInterval(beating)
    expect(await say(`t/${DEVICE}/other`)).toBeGreaterThanOrEqual(0x80)
    const before = await view()
    expect(before.topics.map(({ topic }) => topic)).toEqual([STATE])
    await client.endAsync()
    expect({ status: await gateway.stop(), output: gateway.output }).toEqual({ status: 0, output: '' })
    await gateway.restart()
    expect(readdirSync(folder.at('data'))).toEqual([`${DEVICE}.rhythm`])
    await begin()
    expect(await view()).toEqual(before)
    expect(await say(STATE)).toBe(0)
    expect(await say(`t/${DEVICE}/other`)).toBeGreaterThanOrEqual(0x80)
  })

  test('is what a person accepts, and counts for nothing during maintenance', async () => {
    await asked('POST', `/rhythm/accept?by=ada&device=${DEVICE}&topic=t/${DEVICE}/other`)
    expect(await say(`t/${DEVICE}/other`)).toBe(0)
    expect(await say(`t/${DEVICE}/third`)).toBeGreaterThanOrEqual(0x80)
    const window = (await asked('POST', '/maintenance/open?by=ada&for=1h&reason=bearings&devices=pump-*')) as {
      id: string
    }
    expect(await say(`t/${DEVICE}/third`)).toBe(0)
    await asked('POST', `/maintenance/close?by=ada&id=${window.id}`)
    expect(await say(`t/${DEVICE}/third`)).toBeGreaterThanOrEqual(0x80)
  })

  test('is learned anew where its file was damaged, and the file is set aside', async () => {
    await client.endAsync()
    await gateway.stop()
    writeFileSync(folder.at(`data/${DEVICE}.rhythm`), 'damaged')
    await gateway.restart()
    await begin()
    expect(await say(`t/${DEVICE}/third`)).toBe(0)
    expect(readdirSync(folder.at('data'))).toContain(`${DEVICE}.rhythm.broken`)
    expect(gateway.output).toContain('baseline_broken')
  })
})
