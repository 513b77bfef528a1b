import { describe, expect, test } from 'vitest'
import type { Finding } from '../contract/index.ts'
import type { Happening } from './happening.ts'
import { BatchReader } from './reader.ts'
import { type Peer, Recorder } from './recorder.ts'
import { Secrets } from './secret.ts'

const peer = (id: number, device = 'pump-1', roles = ['sensor', 'edge']): Peer => ({
  id,
  peer: '[2001:db8::1]:5000'.replace(/[[\]]/g, ''),
  principal: { site: 'mill-3', device, roles, assurance: 'certificate', fingerprint: '' },
  scene: { wall: 1_000 + id },
  askedKeepAlive: 60,
})
const message = (text: string, bytes = 7) => ({
  address: { bytes: new Uint8Array(0), text, memo: [] },
  payloadStart: 3,
  payloadEnd: 3 + bytes,
  qos: 2,
  retain: true,
})

function reader(worker = 0): { reader: BatchReader; seen: Happening[]; read(recorder: Recorder): Happening[] } {
  const seen: Happening[] = []
  const one = new BatchReader(worker, (roles, code) => (code === 'publish_denied' ? `not ${roles.join('+')}` : ''))
  return {
    reader: one,
    seen,
    read(recorder) {
      seen.length = 0
      one.read(recorder.take(), each => void seen.push(each))
      return seen
    },
  }
}

test('what is recorded is read again, kind by kind', () => {
  const recorder = new Recorder(new Secrets())
  const c = peer(5)
  recorder.opened(c, 900)
  recorder.progress(c, 12)
  recorder.connect(c, 'ada', undefined, 'plant/will', true, 40)
  recorder.connack(c, 134)
  recorder.message(c, 'publish', message('plant/x'), 9)
  recorder.message(c, 'receive', message('plant/x'), 0, true)
  recorder.filter(c, 'subscribe', 'plant/#', 1)
  recorder.filter(c, 'unsubscribe', 'plant/#', 0)
  recorder.acknowledge(c, 'pubrel', 9)
  recorder.fault(c, 'malformed')
  recorder.note(c, 'ping')
  recorder.note(c, 'disconnect')
  recorder.note(c, 'closed', 2_000)
  const seen = reader(3).read(recorder)
  const common = { device: 'pump-1', address: '2001:db8::1', connection: 5 * 1_024 + 3, roles: ['sensor', 'edge'] }
  for (const each of seen) expect(each).toMatchObject(common)
  expect(
    seen.map(({ kind, time, topic, bytes, qos, retain, packet, code, user, keepAlive }) =>
      [kind, time, topic, bytes, qos, retain, packet, code, user, keepAlive].join(' '),
    ),
  ).toEqual([
    'opened 900  0 0 false 0   0',
    'progress 1005  12 0 false 0   0',
    'connect 1005 plant/will 40 0 false 0  ada 60',
    'connack 1005  0 0 false 0 credentials ada 0',
    'publish 1005 plant/x 7 2 true 9   0',
    'receive 1005 plant/x 7 2 true 0   0',
    'subscribe 1005 plant/# 0 1 false 0   0',
    'unsubscribe 1005 plant/# 0 0 false 0   0',
    'acknowledge 1005  0 0 false 9 pubrel  0',
    'fault 1005  0 0 false 0 malformed  0',
    'ping 1005  0 0 false 0   0',
    'disconnect 1005  0 0 false 0   0',
    'closed 2000  0 0 false 0   0',
  ])
  expect(seen.filter(({ dup }) => dup).map(({ kind }) => kind)).toEqual(['receive'])
  expect(seen.filter(({ clean }) => clean).map(({ kind }) => kind)).toEqual(['connect'])
})

test('passwords are told apart by every worker in the same way, and their answers with them', () => {
  const password = (text: string) => new TextEncoder().encode(text)
  const seen = [['one', 'two', 'one'], ['one']].map((said, worker) => {
    const recorder = new Recorder(new Secrets([1, 2, 3, 4]))
    recorder.opened(peer(5), 900)
    for (const text of said) {
      recorder.connect(peer(5), 'ada', password(text), '', false, 40)
      recorder.connack(peer(5), 134)
    }
    recorder.connect(peer(5), 'ada', undefined, '', false, 40)
    return reader(worker)
      .read(recorder)
      .map(({ secret }) => secret)
  })
  const [[, one, answer, two, another], other] = seen
  expect(seen[0]).toEqual([0, one, one, two, two, one, one, 0])
  expect([answer, another, other[1]]).toEqual([one, two, one])
  expect(new Set([0, one, two]).size).toBe(3)
})

test('verdicts are told by kind, with the role that what was refused belongs to', () => {
  const recorder = new Recorder(new Secrets())
  const about = { device: 'pump-1', peer: '10.0.0.5:99', action: 'publish', address: 'plant/x', start: 2, end: 12 }
  const finding = (guard: string, code: string): Finding => ({ guard, code, severity: 'high', clause: '', why: '' })
  const { read } = reader()
  recorder.opened(peer(1), 900)
  recorder.verdict('refuse', [finding('access', 'publish_denied'), finding('size', 'payload_too_large')], about, 1_000)
  recorder.verdict('disconnect', [finding('floor', 'keep_alive')], { ...about, action: 'packet', address: '' }, 1_001)
  recorder.verdict(
    'disconnect',
    [finding('floor', 'certificate_missing')],
    { ...about, device: '', action: 'handshake' },
    1_002,
  )
  const [, ...seen] = read(recorder)
  expect(
    seen.map(({ kind, guard, code, decision, device, crosses, bytes, address }) =>
      [kind, guard, code, decision, device, crosses, bytes, address].join(' '),
    ),
  ).toEqual([
    'verdict access publish_denied refuse pump-1 not sensor+edge 10 10.0.0.5',
    'verdict size payload_too_large refuse pump-1  10 10.0.0.5',
    'verdict floor keep_alive disconnect pump-1  10 10.0.0.5',
    'handshake floor certificate_missing disconnect   10 10.0.0.5',
  ])
})

test('with a worker its connections end', () => {
  const recorder = new Recorder(new Secrets())
  const one = reader(1)
  for (const id of [1, 2]) recorder.opened(peer(id, `pump-${id}`), 900)
  recorder.note(peer(1), 'closed')
  one.read(recorder)
  const ended: Happening[] = []
  one.reader.end(5_000, each => void ended.push(each))
  one.reader.end(6_000, each => void ended.push(each))
  expect(ended.map(({ kind, time, device, connection }) => [kind, time, device, connection])).toEqual([
    ['closed', 5_000, 'pump-2', 2 * 1_024 + 1],
  ])
})

describe('bounds', () => {
  test('a flood finds no room at last and is counted; what comes seldom still does', () => {
    const recorder = new Recorder(new Secrets())
    const c = peer(1)
    recorder.opened(c, 900)
    for (let i = 0; i < 50_000; i++) recorder.message(c, 'publish', message('plant/x'), 0)
    recorder.note(c, 'closed')
    const batch = recorder.take()
    expect(batch.records.length / 8).toBe(16_384 - 2_048 + 1)
    expect(batch.dropped).toBe(50_000 - (16_384 - 2_048 - 1))
    expect(recorder.take().records.length).toBe(0)
  })

  test('names without end are bounded, known ones stay readable, long ones are cut', () => {
    const recorder = new Recorder(new Secrets())
    const { read } = reader()
    const c = peer(1)
    recorder.opened(c, 900)
    let topics = 0
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 10_000; i++) recorder.message(c, 'publish', message(`plant/${topics++}`), 0)
      recorder.message(c, 'publish', message('plant/0'), 0)
      const seen = read(recorder)
      for (const each of seen) if (each.kind === 'publish') expect(each.topic).toMatch(/^plant\/\d+$/)
      expect(seen.length).toBeGreaterThan(8_000)
    }
    recorder.message(c, 'publish', message('x'.repeat(60_000)), 0)
    expect(read(recorder)[0]?.topic.length).toBe(512)
  })

  test('a reader that was started anew knows the names again in time', () => {
    const recorder = new Recorder(new Secrets())
    const c = peer(1)
    recorder.message(c, 'publish', message('plant/x'), 0)
    recorder.take()
    const { read } = reader()
    let topic = ''
    for (let i = 0; i < 300 && topic === ''; i++) {
      recorder.message(c, 'publish', message('plant/x'), 0)
      topic = read(recorder)[0].topic
    }
    expect(topic).toBe('plant/x')
  })

  test('nothing is taken down where nobody looks', () => {
    const recorder = new Recorder(new Secrets())
    recorder.recording = false
    recorder.opened(peer(1), 900)
    expect(recorder.take()).toMatchObject({ names: [], dropped: 0 })
  })
})
