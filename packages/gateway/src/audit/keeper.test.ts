import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Recorder } from '../evidence/recorder.ts'
import { Secrets } from '../evidence/secret.ts'
import { readSideFile } from './act-files.ts'
import { opens } from './commitment.ts'
import { committer, KeeperBench } from './keeper.testkit.ts'

const utf8 = new TextEncoder()
let bench: KeeperBench

beforeEach(() => {
  bench = new KeeperBench()
})
afterEach(() => bench.close())

test('a run begins and ends in the ledger, and one that ended without a word is told by the next', async () => {
  const { keeper } = bench.make()
  await keeper.begin(null)
  await keeper.end()
  expect(bench.kinds()).toEqual(['start', 'stop'])
  bench.written = []
  await bench.make().keeper.begin({ kind: 'stop', time: 1, index: 1 })
  await bench.make().keeper.begin({ kind: 'refuse', time: 5_000, index: 7 })
  expect(bench.kinds()).toEqual(['start', 'crash', 'start'])
  expect(bench.seen()[1].unmapped).toEqual({ lastEntry: 7, lastTime: 5_000 })
})

test('a refusal is a finding of OCSF; its bytes stay out, and can be disclosed', async () => {
  const { keeper } = bench.make()
  const secret = utf8.encode('the recipe of the mill')
  keeper.verdicts([bench.refused(secret)], [])
  await keeper.end()
  const [entry] = bench.seen()
  expect(entry).toMatchObject({
    class_uid: 2004,
    category_uid: 2,
    type_uid: 200_401,
    severity_id: 4,
    disposition_id: 2,
    time: bench.clock.wall(),
    device: { uid: 'pump-1', domain: 'mill-3' },
    evidences: [{ src_endpoint: { ip: '10.0.0.7', port: 4711 } }],
    finding_info: { uid: 'access:publish_denied', title: 'pump-1 may not say this' },
    unmapped: { topic: 'plant/press-1/set', length: 5_000, verdict: '0-1', commitment: { bytes: secret.length } },
  })
  expect(Buffer.from(bench.written[0]).includes('recipe')).toBe(false)
  const { digest, nonce } = entry.unmapped.commitment
  const salt = committer.salt(Buffer.from(nonce, 'hex'))
  expect(opens(Buffer.from(digest, 'hex'), salt, secret)).toBe(true)
  expect(opens(Buffer.from(digest, 'hex'), salt, utf8.encode('the recipe of a mill'))).toBe(false)
  expect(opens(Buffer.from(digest, 'hex'), committer.salt(Buffer.alloc(16)), secret)).toBe(false)
})

test('what came too often is one entry once the minute is over, with what workers had counted already', async () => {
  const { keeper } = bench.make()
  for (let i = 0; i < 30; i++) keeper.verdicts([bench.refused(utf8.encode('x'))], [])
  keeper.verdicts([], [{ who: 'pump-1', code: 'access:publish_denied', decision: 'refuse', count: 1_000 }])
  bench.clock.advance(60_000)
  keeper.tick()
  await keeper.end()
  expect(bench.kinds()).toEqual([...Array(10).fill('refuse'), 'counts', 'stop'])
  expect(bench.seen()[10].unmapped.counts).toEqual([['refuse', 'pump-1', 'access:publish_denied', 1_020]])
})

test('an entry that would be too long is told without its details', async () => {
  const { keeper } = bench.make()
  const details = { apply: Array.from({ length: 9_000 }, (_, i) => `roles.role-${i}`) }
  keeper.event({ kind: 'configuration', time: 0, message: 'changed', details })
  await keeper.end()
  expect(bench.written[0].length < 65_536).toBe(true)
  expect(bench.seen()[0].unmapped.left_out).toMatch(/^details of an entry of \d+ bytes$/)
})

describe('evidence', () => {
  const peer = (id: number, device: string) => ({
    id,
    peer: '10.0.0.7:4711',
    principal: { site: 'mill-3', device, roles: ['sensor'], assurance: 'certificate' as const, fingerprint: '' },
    scene: { wall: bench.clock.wall() },
    askedKeepAlive: 60,
  })
  const message = (text: string, bytes: number) => ({
    address: { bytes: new Uint8Array(0), text, memo: [] },
    payloadStart: 0,
    payloadEnd: bytes,
    qos: 1,
    retain: false,
  })

  test('becomes connections, authentications, and batches of what was allowed', async () => {
    const { keeper } = bench.make()
    const recorder = new Recorder(new Secrets())
    const c = peer(1, 'pump-1')
    recorder.opened(c, bench.clock.wall())
    recorder.connect(c, 'ada', utf8.encode('secret'), '', false, 40)
    recorder.connack(c, 0)
    for (let i = 0; i < 5; i++) recorder.message(c, 'publish', message('plant/pump-1/level', 100 + i), 7)
    recorder.message(c, 'publish', message('plant/press-1/set', 66), 8)
    const { findings, device, peer: from, action, address } = bench.refused(new Uint8Array(0))
    recorder.verdict('refuse', findings, { device, peer: from, action, address, start: 0, end: 80 }, bench.clock.wall())
    recorder.message(c, 'receive', message('plant/all', 1), 0)
    recorder.note(c, 'closed')
    keeper.evidence(0, recorder.take())
    await keeper.end()
    expect(bench.kinds()).toEqual(['opened', 'connack', 'closed', 'allowed', 'stop'])
    expect(bench.seen()[1]).toMatchObject({ class_uid: 3002, status_id: 1, user: { name: 'ada', uid: 'pump-1' } })
    const { file, count, group } = bench.seen()[3].unmapped
    expect([count, group]).toEqual([6, 1])
    const { parties } = readSideFile(join(bench.folder, 'acts'), file)
    expect(parties.map(({ direction, topic }) => `${direction} ${topic}`)).toEqual([
      'up plant/pump-1/level',
      'down plant/all',
    ])
  })
})

describe('a disk', () => {
  test('that is full for a time loses no entry, refuses orders, and the ledger tells of it', async () => {
    const { keeper, outbox } = bench.make()
    bench.obstacle = () => Promise.reject(new Error('ENOSPC'))
    keeper.verdicts([bench.refused(utf8.encode('x'))], [])
    await expect(keeper.order({ kind: 'bypass_on', time: 0, message: '' })).rejects.toThrow('ENOSPC')
    expect(keeper.isBehind).toBe(true)
    bench.obstacle = async () => {}
    await keeper.order({ kind: 'block', time: 0, message: '' })
    await outbox.drained()
    expect(keeper.isBehind).toBe(false)
    keeper.tick()
    await keeper.end()
    expect(bench.kinds()).toEqual(['refuse', 'block', 'degraded', 'stop'])
    expect(bench.seen()[2].unmapped).toMatchObject({ lost: 0, failed: 'ENOSPC' })
  })

  test('that is slow bounds what waits; what has no room is counted, and nothing is missing in the sum', async () => {
    const { keeper, outbox } = bench.make()
    const { promise, resolve } = Promise.withResolvers<void>()
    bench.obstacle = () => promise
    for (let i = 0; i < 10_000; i++) keeper.event({ kind: 'promotion', time: i, message: '' })
    expect(outbox.isFull && keeper.isBehind).toBe(true)
    resolve()
    await outbox.drained()
    bench.clock.advance(60_000)
    keeper.tick()
    await keeper.end()
    const all = bench.seen()
    const told = bench.kinds().filter(kind => kind === 'promotion').length
    expect(told < 5_000).toBe(true)
    const counted = all.find(({ metadata }) => metadata.event_code === 'counts').unmapped.counts
    expect(counted).toEqual([['promotion', '', '', 10_000 - told]])
    expect(all.find(({ metadata }) => metadata.event_code === 'degraded').unmapped.lost).toBe(10_000 - told)
  })

  test('that does not follow holds devices up where that is the policy, and the ledger says so', async () => {
    const { keeper, outbox } = bench.make('block')
    const { promise, resolve } = Promise.withResolvers<void>()
    bench.obstacle = () => promise
    for (let i = 0; i < 3_000; i++) keeper.event({ kind: 'promotion', time: i, message: '' })
    expect(keeper.isBehind).toBe(true)
    resolve()
    await outbox.drained()
    expect(keeper.isBehind).toBe(false)
    keeper.tick()
    await keeper.end()
    expect(bench.kinds().slice(-2)).toEqual(['held_up', 'stop'])
    expect(bench.written.length).toBe(3_002)
  })
})
