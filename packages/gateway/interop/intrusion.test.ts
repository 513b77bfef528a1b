import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { connect, type IClientOptions } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../src/cli/ask.ts'
import type { ShownAlarm } from '../src/desk/alarms.ts'
import * as packets from '../src/path/packets.testkit.ts'
import { Authority } from './peers/certificates.ts'
import { Folder } from './peers/folder.ts'
import { Gateway } from './peers/gateway.ts'
import { Mosquitto } from './peers/mosquitto.ts'
import { optionsOf } from './peers/mqttjs.ts'
import { lacks } from './peers/needs.ts'
import { Overheard } from './peers/overheard.ts'

const RINGWALL = join(import.meta.dirname, '..', 'bin', 'ringwall.mjs')
const HONEST = ['pump-1', 'pump-2', 'valve-1', 'valve-2']
const CALM_MS = 6_000
const FLOODS = 4
/** Bounds of a flood: messages at once, how often, and how often in all. */
const [BURST, EVERY_MS, BURSTS] = [40, 20, 60]
const MOST_THIEVES = 5
const ELSEWHERE = '127.0.0.2'

/** What both say, so that a flood is told by nothing but its being one. */
const sayingOf = (n: number): string => JSON.stringify({ n: n % 10, level: 2.5 })

/** A device that says something some five times a second and listens to orders. */
async function calm(options: IClientOptions, device: string, milliseconds: number): Promise<void> {
  const client = connect({ reconnectPeriod: 0, clean: true, keepalive: 60, ...options, clientId: device })
  client.on('error', () => {})
  await new Promise<void>(resolve => client.once('connect', () => resolve()))
  await client.subscribeAsync('t/set/#', { qos: 1 })
  const began = performance.now()
  for (let n = 0; performance.now() - began < milliseconds; n++) {
    await client.publishAsync(`t/${device}/level`, sayingOf(n), { qos: 0 })
    await sleep(150 + 25 * (n % 5))
  }
  await client.endAsync()
}

/** A bounded flood of messages. */
async function flood(socket: Socket, device: string): Promise<void> {
  socket.on('error', () => {})
  socket.resume()
  socket.write(packets.connect({ version: 4, clientId: device }))
  for (let n = 0; n < BURSTS; n++) {
    await sleep(EVERY_MS)
    for (let i = 0; i < BURST; i++) socket.write(packets.publish(`t/${device}/level`, sayingOf(i), { version: 4 }))
  }
  socket.destroy()
}

describe.skipIf(lacks('mosquitto'))('sessions of a real broker, learned from a capture', () => {
  const folder = new Folder()
  let authority: Authority
  let mosquitto: Mosquitto

  beforeAll(async () => {
    authority = await Authority.create('intrusion')
    mosquitto = await Mosquitto.start(folder, authority)
  })
  afterAll(async () => {
    await mosquitto?.stop()
    folder.remove()
  })

  const ringwall = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [RINGWALL, ...args], { cwd: folder.path })).stdout

  /** What is heard between clients and the broker while something goes on, as a capture. */
  async function overheard(name: string, play: (port: number) => Promise<unknown>): Promise<void> {
    const between = await Overheard.begin(mosquitto.tcp)
    await play(between.port)
    writeFileSync(folder.at(name), between.end())
  }

  async function access(device: string, port: number) {
    const { certificate, key } = await authority.device(device)
    return { port, ca: authority.certificate, caFile: '', certificate, certificateFile: '', key, keyFile: '' }
  }

  test('tell the gateway a live flood, with its score and features, and no honest device', async () => {
    await overheard('benign.pcap', port =>
      Promise.all(HONEST.map(device => calm({ host: '127.0.0.1', port, protocolVersion: 4 }, device, CALM_MS))),
    )
    await overheard('flood.pcap', async port => {
      for (let n = 0; n < FLOODS; n++)
        await flood(connectTcp({ host: '127.0.0.1', port, localAddress: ELSEWHERE }), `flood-${n}`)
    })
    const labels = ['--label', 'benign,flood', '--window', '1s']
    await ringwall('learn', 'sessions', 'benign.pcap', 'flood.pcap', ...labels, '--out', 'table.csv')
    // A capture has the TCP handshake there, and the gateway the end of that of TLS. Of few rows a forest is surer than boosted trees.
    const how = ['--ignore', 'connect_after', '--algorithm', 'forest']
    await ringwall('learn', 'fit', '--train', 'table.csv', '--label', 'label', ...how, '--save', 'm.json')
    const { digest } = JSON.parse(await ringwall('learn', 'report', 'm.json', '--json')) as { digest: string }
    const gateway = await Gateway.start(folder, authority, {
      upstream: `url: mqtt://127.0.0.1:${mosquitto.tcp}, identity: client-id`,
      more: ['guards: { rate: off }', `intrusion: { model: m.json, digest: ${digest} }`],
    })
    try {
      const socket = folder.at(`run/ringwall-${gateway.port}.sock`)
      const alarms = async (): Promise<ShownAlarm[]> =>
        (await ask(socket, 'GET', '/alarms?most=1000')).body as ShownAlarm[]
      const honest = Promise.all(
        HONEST.map(async device =>
          calm(optionsOf(await access(device, gateway.port), { device, version: '3.1.1' }), device, CALM_MS),
        ),
      )
      await sleep(CALM_MS / 4)
      expect(await alarms()).toEqual([])
      // The gateway may still have been reading the model when the first one began: then there is another.
      for (let n = 0; n < MOST_THIEVES && (await alarms()).length === 0; n++) {
        const { port, ca, certificate: cert, key } = await access(`thief-${n}`, gateway.port)
        const way = connectTcp({ host: '127.0.0.1', port, localAddress: ELSEWHERE })
        await flood(connectTls({ socket: way, ca, cert, key, servername: 'localhost' }), `thief-${n}`)
        // So late evidence comes at most.
        await sleep(3_000)
      }
      await honest
      const all = await alarms()
      console.info(all.map(({ why }) => why).join('\n'))
      expect(all.length).toBeGreaterThan(0)
      for (const { scenario, device, address } of all) {
        expect([scenario, address]).toEqual(['intrusion-flood', ELSEWHERE])
        expect(device).toMatch(/^thief-/)
      }
      expect(all[0].detection).toMatchObject({ model: digest, class: 'flood', threshold: 0.9 })
      expect(all[0].detection?.features.length).toBeGreaterThan(0)
    } finally {
      await gateway.stop()
    }
  })
})
