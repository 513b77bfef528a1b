import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeConfig } from '../config/index.ts'
import { BEGAN, CONNACK, capture, connect, hex, type MadeFlow, publish } from './capture.testkit.ts'
import { EVE_TYPES } from './eve/types.ts'
import { prepare, type Wishes } from './prepare.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringwall-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

type Event = Readonly<Record<string, unknown>>

/** Judges a capture, cut into pieces of some bytes, and gives all that was said of it. */
async function judged(bytes: Buffer, wishes: Partial<Wishes> = {}, piece = 1_000) {
  let text = ''
  const trial = await prepare({
    rules: [],
    scenarios: [],
    config: null,
    mapping: { clientId: false, roles: [] },
    ports: [],
    eve: {
      types: new Set(EVE_TYPES),
      passwords: true,
      limit: 0,
      write: lines => {
        text += lines
      },
    },
    ...wishes,
  })
  for (let at = 0; at < bytes.length; at += piece) {
    // A chunk is lent: it is written over when the next one is read.
    const lent = Uint8Array.from(bytes.subarray(at, at + piece))
    trial.take(lent)
    lent.fill(0xee)
  }
  const extent = trial.end()
  const events = text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as Event]))
  return { extent, events, missing: trial.missing.all, tally: trial.tally, text }
}

const honest: MadeFlow = {
  sent: [
    { up: connect('pump-1') },
    { down: CONNACK },
    { up: publish('plant/pump-1/level', '{"v":1}') },
    { up: hex('e000') },
  ],
}

test('an honest connection: its transactions and its flow, nothing else', async () => {
  const { extent, events, tally } = await judged(capture(honest))
  expect(extent).toMatchObject({ packets: 9, flows: 1, conversations: 1, messages: 4, began: BEGAN, fault: null })
  expect(events.map(each => each['event_type'])).toEqual(['mqtt', 'mqtt', 'mqtt', 'flow'])
  expect(events[1]).toMatchObject({
    timestamp: '2025-11-23T06:40:00.005000+0000',
    pcap_cnt: 6,
    src_ip: '10.0.0.1',
    src_port: 40_001,
    dest_ip: '10.0.0.250',
    dest_port: 1883,
    proto: 'TCP',
    mqtt: { publish: { topic: 'plant/pump-1/level', message: '{"v":1}' } },
  })
  expect(events[3]).toMatchObject({ app_proto: 'mqtt', flow: { pkts_toserver: 6, pkts_toclient: 3 } })
  expect(new Set(events.map(each => each['flow_id'])).size).toBe(1)
  expect(tally.found).toBe(false)
})

test('however the file is cut, the lines are the same', async () => {
  const bytes = capture(honest, { ...honest, client: 2, port: 7_777 })
  const { text } = await judged(bytes)
  expect((await judged(bytes, {}, 7)).text).toBe(text)
  expect(text).toContain('"dest_port":7777')
})

test('packets split over segments are whole, bytes of another protocol are left alone', async () => {
  const message = publish('plant/pump-1/level', 'x'.repeat(100))
  const slow = [...message].map(byte => ({ up: Uint8Array.of(byte) }))
  const http: MadeFlow = { client: 3, port: 80, sent: [{ up: new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n') }] }
  const { extent, events } = await judged(capture({ sent: [{ up: connect('a') }, { down: CONNACK }, ...slow] }, http))
  expect(extent).toMatchObject({ flows: 2, conversations: 1, messages: 3 })
  expect(events.filter(each => each['event_type'] === 'mqtt').length).toBe(2)
})

test('what the floor would have refused is a verdict with its clause, and ends the judging', async () => {
  const second = connect('a')
  const { tally, events } = await judged(
    capture({ sent: [{ up: connect('a') }, { down: CONNACK }, { up: second }, { up: second }] }),
  )
  expect([...tally.verdicts.keys()]).toEqual(['disconnect floor second_connect'])
  const own = events.filter(each => each['event_type'] === 'ringwall')
  expect(own).toMatchObject([{ ringwall: { kind: 'verdict', device: 'a', findings: [{ clause: 'MQTT-3.1.0-2' }] } }])
  expect(own.length).toBe(1)
})

test('what is not known is counted, not guessed', async () => {
  const midstream: MadeFlow = { midstream: true, sent: [{ up: publish('plant/a', 'x') }] }
  const old: MadeFlow = {
    client: 2,
    sent: [{ up: hex('10 0f 0006 4d5149736470 03 02 003c 0001 61') }, { down: CONNACK }],
  }
  const { missing, tally, events } = await judged(capture(midstream, old))
  expect(missing.map(({ guard, count }) => [guard, count])).toEqual([
    ['floor', 1],
    ['floor', 1],
  ])
  expect(missing.map(each => each.why).join()).toMatch(/began before the capture.*MQTT 3\.1/)
  expect(tally.found).toBe(false)
  expect(events[0]).toMatchObject({
    event_type: 'anomaly',
    anomaly: { event: 'unintroduced_message', layer: 'proto_parser' },
  })
})

test('one side of a connection is enough, though its acknowledgements were not captured', async () => {
  const again = hex('32 07 0001 74 0001 7878')
  const { tally } = await judged(capture({ sent: [{ up: connect('a') }, { up: again }, { up: again }, { up: again }] }))
  expect(tally.found).toBe(false)
})

test('bytes that are no MQTT end the reading of their connection with one anomaly', async () => {
  const broken = hex('30 04 00ff 6161')
  const { events } = await judged(
    capture({ sent: [{ up: connect('a') }, { down: CONNACK }, { up: broken }, { up: publish('t', 'x') }] }),
  )
  const anomalies = events.filter(each => each['event_type'] === 'anomaly')
  expect(anomalies).toMatchObject([{ anomaly: { app_proto: 'mqtt', type: 'applayer', event: 'malformed_traffic' } }])
  expect(JSON.stringify(events)).not.toContain('"publish"')
})

test('signatures alert once a transaction, with what Suricata writes', async () => {
  const rules = [
    file(
      'a.rules',
      'alert mqtt any any -> any any (msg:"a level"; mqtt.publish.topic; content:"level"; classtype:misc-activity; metadata:attack_ics T0831; sid:7; rev:2;)\n' +
        'reject mqtt any any -> any any (msg:"any"; mqtt.type:CONNECT; sid:8;)\n',
    ),
  ]
  const { events, tally } = await judged(capture(honest), { rules })
  const alerts = events.filter(each => each['event_type'] === 'alert')
  expect(alerts).toMatchObject([
    { tx_id: 0, alert: { action: 'blocked', signature_id: 8, severity: 3 } },
    {
      tx_id: 1,
      app_proto: 'mqtt',
      direction: 'to_server',
      mqtt: { publish: { topic: 'plant/pump-1/level' } },
      alert: {
        action: 'allowed',
        gid: 1,
        signature_id: 7,
        rev: 2,
        signature: 'a level',
        category: 'Misc activity',
        metadata: { attack_ics: ['T0831'] },
      },
    },
  ])
  expect(tally.alerts.get('7')).toMatchObject({ count: 1, why: 'a level', subjects: ['pump-1'] })
})

test('a topic that only its alias stands for is matched as well', async () => {
  const rules = [
    file('b.rules', 'alert mqtt any any -> any any (msg:"x"; mqtt.publish.topic; content:"plant/x"; sid:9;)\n'),
  ]
  const hello = hex('10 0e 0004 4d515454 05 02 003c 00 0001 61')
  const named = hex('30 0e 0007 706c616e742f78 03 230001 31')
  const short = hex('30 07 0000 03 230001 32')
  const sent = [{ up: hello }, { down: hex('20 03 00 00 00') }, { up: named }, { up: short }]
  const { tally } = await judged(capture({ sent }), { rules })
  expect(tally.alerts.get('9')?.count).toBe(2)
})

const roles = { sensor: { publish: ['plant/${device}/#'], subscribe: ['plant/${device}/set'] } }
const config = makeConfig(
  {
    site: 'mill-3',
    listen: { mqtts: { certificate: 'a.pem', key: 'a.key' } },
    upstream: { url: 'mqtt://127.0.0.1:1883' },
    identity: { anchors: [{ ca: 'a.pem' }] },
    roles,
    rings: { network: 'enforce', identity: 'enforce' },
    rate: { device: { messages: 1, burst: 5 } },
  },
  join(folder, 'ringwall.yaml'),
)

test('guards judge by a configuration; without roles access says that it cannot', async () => {
  const { missing, tally } = await judged(capture(honest), { config, mapping: { clientId: true, roles: [] } })
  expect(missing).toEqual([{ guard: 'access', why: 'its roles are not known (--role)', count: 2 }])
  expect(tally.found).toBe(false)
})

test('with a role access judges as it would have', async () => {
  const spy: MadeFlow = {
    sent: [
      { up: connect('pump-1') },
      { down: CONNACK },
      { up: hex('82 06 0001 0001 23 00') },
      { up: publish('plant/pump-2/x', 'y') },
    ],
  }
  const { tally, missing } = await judged(capture(spy), { config, mapping: { clientId: true, roles: ['sensor'] } })
  expect([...tally.verdicts.keys()].map(each => each.split(' ').slice(0, 2).join(' '))).toEqual([
    'refuse access',
    'refuse access',
  ])
  expect(missing).toEqual([])
})

test('too fast is too fast by the time of the capture', async () => {
  const flood = Array.from({ length: 20 }, () => ({ up: publish('plant/pump-1/x', 'y') }))
  const { tally } = await judged(capture({ sent: [{ up: connect('pump-1') }, { down: CONNACK }, ...flood] }), {
    config,
    mapping: { clientId: true, roles: ['sensor'] },
  })
  expect([...tally.verdicts.keys()].join()).toContain('rate')
})

test('scenarios see what happens in the words of the gateway', async () => {
  const scenario = file(
    'guess.yaml',
    [
      'name: guess',
      'title: Somebody guesses',
      'severity: high',
      'technique: T0859',
      'on: [connack]',
      'filter: code == "credentials"',
      'groupby: [address]',
      'capacity: 2',
      'leakspeed: 10s',
      'say: "{address} was refused {count} times"',
    ].join('\n'),
  )
  const refused = hex('20020004')
  const guesses = [1, 2, 3, 4].map(() => ({ sent: [{ up: connect('a') }, { down: refused }] }))
  const { tally, events } = await judged(capture(...guesses), { scenarios: [scenario] })
  expect([...tally.alarms.values()]).toMatchObject([{ what: 'guess', subjects: ['10.0.0.1'] }])
  expect(events.filter(each => each['event_type'] === 'ringwall')).toMatchObject([
    { ringwall: { kind: 'alarm', technique: 'T0859' } },
  ])
})

test('a capture that is cut is judged as far as it goes', async () => {
  const bytes = capture(honest)
  const { extent, events } = await judged(bytes.subarray(0, bytes.length - 30))
  expect(extent.fault?.code).toBe('capture_truncated')
  expect(events.filter(each => each['event_type'] === 'mqtt').length).toBe(3)
})
