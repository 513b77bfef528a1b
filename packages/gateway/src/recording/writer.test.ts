import { expect, test } from 'vitest'
import type { Lane } from '../contract/index.ts'
import { signature } from '../guards/signature.ts'
import { Judge, type Plan, planOf } from '../path/judge.ts'
import { ack, connack, packet, publish, subscribe } from '../path/packets.testkit.ts'
import { Bench, guard } from '../path/way.testkit.ts'
import { compileRules } from '../signature/index.ts'
import { actOf, decodeRecord, packetOf, type RecordedAct } from './decode.ts'
import { outcomeBytes } from './outcome.ts'
import { readMemo } from './plain.ts'
import { SharedRing } from './ring.ts'
import { ActWriter } from './writer.ts'

const RULES = `
drop mqtt any any -> any any (msg:"set"; mqtt.publish.topic; content:"set"; flowbits:set,seen; sid:1;)
alert mqtt any any -> any any (msg:"acknowledged"; mqtt.type:PUBACK; flowbits:isset,seen; sid:2;)
alert mqtt any any -> any any (msg:"asked"; mqtt.subscribe.topic; content:"b"; sid:3;)
`

const planned = (): Plan =>
  planOf([
    { guard: signature(compileRules([{ file: 'a.rules', text: RULES }]), 8_883, 1), mode: 'enforce' },
    guard((act, report) => (act.address.text === 'will' ? report.add('denied', 'why') : undefined), 'size', 'observe'),
  ])

function recorded(plan: Plan): { bench: Bench; ring: SharedRing; writer: ActWriter } {
  const bench = new Bench({ plan })
  const ring = new SharedRing(1024 ** 2)
  const writer = new ActWriter(ring, {
    worker: 0,
    grounds: '{"config":{},"sources":{"profiles":[],"rules":[]},"digest":""}',
    planFor: () => plan,
    keepers: [],
    neighbors: bench.c.scene.neighbors,
    series: 0,
    lanes: 8,
    segment: { bytes: 1e6, time: 3_600_000 },
  })
  bench.way.judge.witness = writer
  return { bench, ring, writer }
}

async function lived({ bench }: ReturnType<typeof recorded>): Promise<void> {
  await bench.establish({ will: { topic: 'will', payload: 'gone' } })
  bench.device(publish('a', '1', { qos: 1, id: 1 }), publish('set', '2'), subscribe(['a', 'b', 'c'], 9))
  bench.server(ack(0x40, 1), publish('down', 'x'))
  bench.device(packet(0xc0), publish('a', '2', { qos: 1, id: 2 }))
  bench.server(ack(0x40, 2))
}

/** All records, and what judging each act anew comes to with the state that the last session had. */
function* again(ring: SharedRing, plan: Plan): Generator<{ act: RecordedAct; same: boolean }> {
  const guards = plan.map(({ guard }) => guard)
  const judge = new Judge()
  let lane: Lane = { index: 0, epoch: 0, words: new Float64Array(0), rhythm: new Float64Array(0) }
  let memo: unknown[] = []
  let bytes: Buffer = Buffer.alloc(0)
  let peer = ''
  let serial = 0
  for (let record = ring.next(); record !== null; record = ring.next()) {
    const read = decodeRecord(Buffer.from(record))
    ring.free()
    if (read.kind === 'session') {
      lane = { index: read.head.lane, epoch: read.head.epoch, words: read.words, rhythm: read.rhythm }
      memo = readMemo(read.head.memo, guards)
      peer = read.head.peer
      expect(read.head.unknown).toEqual([])
    }
    if (read.kind !== 'act') continue
    const { recorded } = read
    bytes = packetOf(recorded, bytes)
    const text = recorded.address.toString()
    const speaker = { site: 's', device: 'pump-1', roles: [], assurance: 'certificate', fingerprint: '' } as const
    const act = actOf(recorded, ++serial, speaker, { bytes: recorded.address, text, memo: [] }, bytes)
    const scene = { ...recorded.scene, peer, memo, neighbors: { read() {}, write() {} } }
    const outcome = recorded.isGlance
      ? judge.glance(plan, bytes[0] >> 4, act, lane, scene)
      : judge.judge(plan, act, lane, scene)
    yield { act: recorded, same: recorded.outcome.equals(outcomeBytes(outcome, judge.findings, judge.wait)) }
  }
}

test('whatever is judged on the straight way is recorded, in order, and comes to the same again', async () => {
  const run = recorded(planned())
  await lived(run)
  const seen = [...again(run.ring, planned())]
  expect(seen.map(({ act }) => `${act.act.action}${act.isGlance ? ' glance' : ''} ${act.outcome[0]}`)).toEqual([
    'connect 0',
    'will 1',
    'publish 0',
    'publish 3',
    'subscribe 1',
    'subscribe 0',
    'subscribe 0',
    'control glance 1',
    'receive 0',
    'control 0',
    'publish 0',
    'control glance 1',
  ])
  expect(seen.every(({ same }) => same)).toBe(true)
  expect(run.ring.lost).toBe(0)
  expect(seen.filter(({ act }) => act.same).map(({ act }) => act.act.action)).toEqual([
    'will',
    'subscribe',
    'subscribe',
  ])
})

test('a lane that something else has changed is taken down anew, with all that its guards remember', async () => {
  const run = recorded(planned())
  await run.bench.establish()
  run.bench.device(publish('set', '1'), publish('a', '1', { qos: 1, id: 1 }))
  expect([...again(run.ring, planned())].length).toBe(3)
  run.writer.forget(run.bench.c.lane?.index ?? -1)
  run.bench.server(ack(0x40, 1), connack())
  // The flowbit that the first of them has set counts: it came with the lane.
  const [seen] = [...again(run.ring, planned())]
  expect([seen?.act.isGlance, seen?.act.outcome[0], seen?.same]).toEqual([true, 1, true])
})

test('a lane that is judged by guards of another configuration is not recorded, and says how many acts are missing', async () => {
  const run = recorded(planned())
  await run.bench.establish()
  run.bench.c.plan = planned()
  run.bench.device(publish('a', '1'), publish('a', '2'))
  expect(run.ring.lost).toBe(2)
  const other = run.bench.c.plan
  run.writer.configure({
    grounds: '{"config":{},"sources":{"profiles":[],"rules":[]},"digest":"other"}',
    planFor: () => other,
    keepers: [],
    neighbors: run.bench.c.scene.neighbors,
    series: 0,
  })
  run.bench.device(publish('a', '3'))
  const missed: number[] = []
  for (let record = run.ring.next(); record !== null; record = run.ring.next()) {
    const read = decodeRecord(Buffer.from(record))
    if (read.kind === 'session') missed.push(read.head.missed)
    run.ring.free()
  }
  expect(missed).toEqual([0, 2])
})
