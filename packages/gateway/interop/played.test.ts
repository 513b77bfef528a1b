import { join } from 'node:path'
import { PacketType } from '@ringwall/wire'
import { connect, type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../src/cli/ask.ts'
import type { ShownAlarm } from '../src/desk/alarms.ts'
import { openData } from '../src/replay/suricata.testkit.ts'
import { readFlows } from './peers/captured.ts'
import { Authority } from './peers/certificates.ts'
import { Folder } from './peers/folder.ts'
import { Gateway } from './peers/gateway.ts'
import { Honest } from './peers/honest.ts'
import type { Access } from './peers/kit.ts'
import { Mosquitto } from './peers/mosquitto.ts'
import { lacks } from './peers/needs.ts'
import { type Played, play } from './peers/player.ts'
import { until } from './peers/processes.ts'

const captures = openData('mqttset')
const RULES = join(import.meta.dirname, '..', '..', '..', 'rules')
const FLOWS = 200
const LENGTH_MS = 15_000
const BENIGN_SPEED = 20
const PROXY = '127.0.0.2'
/** CONNACK of MQTT 3.1.1 with `not authorized`. */
const REFUSED = '20020005'
/** Messages that a device may say at once, and each second. */
const BURST = 400
const RATE = 200
const MOST_FROM_ADDRESS = 60
// The rate of a device is the default, written down since the test counts by it. A capture's connections come by a proxy that names
// their addresses as they were: those of this machine are never blocked. Malaria-DoS and SlowITe have sessions of many devices from one
// address, which is left alone for the sake of others behind it: there the limits are what holds.
const MORE = [
  `rules: { files: ["${RULES}/*.rules"] }`,
  `scenarios: { files: ["${RULES}/scenarios/*.yaml"] }`,
  `rate: { device: { messages: ${RATE}/s, burst: ${BURST} } }`,
  `limits: { addressConnections: ${MOST_FROM_ADDRESS} }`,
  'prevention: { mode: enforce, actions: [{ when: { severity: high }, do: block, for: 10m }] }',
  'store: off',
]

interface ShownVerdict {
  readonly device: string
  readonly decision: string
  readonly findings: readonly { readonly code: string; readonly why: string }[]
}

describe.skipIf(captures === null || lacks('mosquitto'))(
  'captures of MQTTset, played by whoever has stolen certificates',
  () => {
    let folder: Folder
    let authority: Authority
    let mosquitto: Mosquitto
    let gateway: Gateway
    let observer: MqttClient
    let honest: Honest
    /** Messages that reached the broker, but for those of the honest devices. */
    let passed: string[]
    const issued = new Map<string, Omit<Access, 'port'>>()

    beforeAll(async () => {
      folder = new Folder()
      authority = await Authority.create()
      mosquitto = await Mosquitto.start(folder, authority, { users: { user: 'not in any list' } })
    })
    beforeEach(async () => {
      // The device's own user name and password go to the broker: only so is there anything to guess. With `identity: client-id`
      // the certificate is what counts, the gateway drops them, and a guess is a connection like any other.
      const upstream = `url: mqtt://127.0.0.1:${mosquitto.tcp}, identity: pass-through`
      gateway = await Gateway.start(folder, authority, { upstream, topics: '#', proxies: PROXY, more: MORE })
      passed = []
      observer = connect(`mqtt://127.0.0.1:${mosquitto.tcp}`)
      observer.on('message', topic => !topic.startsWith('t/honest-') && passed.push(topic))
      await observer.subscribeAsync('#', { qos: 0 })
      honest = await Honest.begin(access)
    })
    afterEach(async () => {
      await honest?.end()
      await observer?.endAsync(true)
      await gateway?.stop()
    })
    afterAll(async () => {
      await mosquitto?.stop()
      folder?.remove()
    })

    async function access(device: string): Promise<Access> {
      let own = issued.get(device)
      if (own === undefined) {
        const { certificate, key } = await authority.device(device)
        const [certificateFile, keyFile] = [
          folder.write(`${device}.pem`, certificate),
          folder.write(`${device}.key`, key),
        ]
        own = {
          ca: authority.certificate,
          caFile: folder.at('broker-ca.pem'),
          certificate,
          certificateFile,
          key,
          keyFile,
        }
        issued.set(device, own)
      }
      return { port: gateway.port, ...own }
    }

    const asked = async (path: string): Promise<unknown> =>
      (await ask(folder.at(`run/ringwall-${gateway.port}.sock`), 'GET', path)).body
    const alarms = async () => (await asked('/alarms?most=1000')) as ShownAlarm[]
    const verdicts = async () => (await asked('/verdicts?most=1000')) as ShownVerdict[]
    const codes = async () => new Set((await verdicts()).flatMap(({ findings }) => findings.map(({ code }) => code)))
    const scenarios = async () => new Set((await alarms()).map(({ scenario }) => scenario))

    /** Plays a capture while two honest devices talk, and proves that they did not notice. */
    async function played(capture: string, how: { speed?: number; unchanged?: boolean } = {}): Promise<Played> {
      const flows = readFlows(join(captures ?? '', capture), FLOWS)
      const last = flows.at(-1)?.began ?? 0
      const speed = how.speed ?? Math.max(1, last / LENGTH_MS)
      const result = await play(flows, { length: LENGTH_MS, proxy: PROXY, ...how, speed, access })
      expect(await honest.lost()).toEqual([])
      expect((await verdicts()).filter(({ device }) => device.startsWith('honest-'))).toEqual([])
      expect((await alarms()).filter(({ device }) => device.startsWith('honest-'))).toEqual([])
      console.info(
        `${capture}: ${flows.length} connections by ${result.devices.size} devices, ${passed.length} messages passed;`,
        JSON.stringify([...result.answers]),
        [...(await scenarios())].join(' '),
        [...(await codes())].join(' '),
      )
      return result
    }

    /** What the limits let the devices of a play say. */
    const allowed = ({ devices }: Played) =>
      [...devices.values()].reduce((sum, milliseconds) => sum + BURST + Math.ceil((RATE * milliseconds) / 1_000), 0)

    test('flood', async () => {
      const result = await played('flood-train.pcap')
      expect(passed.length).toBeLessThanOrEqual(allowed(result))
      expect(await codes()).toContain('rate_exceeded')
      expect(await scenarios()).toContain('publish-flood')
    })

    test('brute force', async () => {
      const { answers } = await played('bruteforce-train.pcapng')
      expect(await scenarios()).toContain('brute-force')
      // The alarm takes its time while attempts go on; then the address is blocked, and most of the list was never tried.
      expect(answers.get(REFUSED) ?? 0).toBeGreaterThan(20)
      expect(answers.get(REFUSED) ?? 0).toBeLessThan(FLOWS / 2)
    })

    test('malaria-DoS', async () => {
      const result = await played('malariados-train.pcap')
      expect(passed.length).toBeLessThanOrEqual(allowed(result))
      expect(await scenarios()).toContain('malaria-dos')
    })

    test('malformed', async () => {
      const result = await played('malformed-train.pcap')
      expect(passed.length).toBeLessThanOrEqual(allowed(result))
      expect(passed.filter(topic => /^\$|[+#]/.test(topic))).toEqual([])
      expect(mosquitto.log).not.toMatch(/thief.*(protocol error|malformed)/i)
      expect([...(await scenarios())].join()).toMatch(/malformed-packets|protocol-probing/)
    })

    test('SlowITe', async () => {
      const { answers } = await played('slowite-train.pcap')
      expect(answers.get('20020000') ?? 0).toBeLessThanOrEqual(MOST_FROM_ADDRESS)
      expect(passed).toEqual([])
      expect(await scenarios()).toContain('slowite')
    })

    test('malaria-DoS with the client ids as they were: the floor ends it', async () => {
      await played('malariados-train.pcap', { unchanged: true })
      expect(passed).toEqual([])
      expect(await codes()).toContain('client_id_foreign')
    })

    test.each(['benign-train.pcap', 'benign-5mb-train.pcap'])('%s raises nothing', async capture => {
      await played(capture, { speed: BENIGN_SPEED })
      expect(await alarms()).toEqual([])
      expect((await verdicts()).filter(({ device }) => device !== '')).toEqual([])
      const said = readFlows(join(captures ?? '', capture), FLOWS)
        .flatMap(({ pieces }) => pieces)
        .filter(({ at, bytes }) => at <= BENIGN_SPEED * LENGTH_MS && bytes[0] >> 4 === PacketType.PUBLISH)
      await until('all its messages at the broker', () => passed.length >= said.length)
    })
  },
)
