import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labActs, labConfig, Rig, sealRecords } from '../hindsight/hindsight.testkit.ts'
import { framed, PREAMBLE } from '../recording/container.ts'
import { At, Kind } from '../recording/layout.ts'
import { SealedFile } from '../recording/sealed.ts'
import { unseal } from '../recording/unseal.ts'
import { explainVerb } from './explain.ts'
import { recordVerb } from './record.ts'
import { replayVerb } from './replay.ts'
import { isRecording, replayRecording } from './replay-recording.ts'
import { printedBy } from './verb.testkit.ts'
import { whatifVerb } from './whatif.ts'

const acts = labActs(5, 1).slice(0, 3_000)
const PROFILES = join(import.meta.dirname, '..', '..', '..', '..', 'profiles', '*.td.json')

let folder: string
let key: string
let recipient: string
let segment: string

const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

/** A configuration with nothing but what must be there. */
function bare(): string {
  const file = join(folder, 'bare.yaml')
  const settings = {
    site: 'demo',
    listen: { mqtts: { certificate: 'a.pem', key: 'a.key' } },
    upstream: { url: 'mqtt://127.0.0.1:1883' },
    identity: { anchors: [{ ca: 'ca.pem' }] },
  }
  writeFileSync(file, JSON.stringify(settings))
  return file
}

const run = (...args: string[]) => printedBy([recordVerb, replayVerb, whatifVerb, explainVerb], args)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-record-'))
  key = join(folder, 'recording.key')
  const { out } = await run('record', 'keygen', key, '--json')
  recipient = JSON.parse(out).recipient
  const rig = new Rig(labConfig(), 1, 1e9)
  for (const act of acts) {
    rig.play(act, 0)
    rig.drain()
  }
  segment = await sealRecords(folder, 0, rig.records(0), recipient)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('keygen writes an identity for its owner only, as age does, and prints whom to record for', async () => {
  expect(statSync(key).mode & 0o777).toBe(0o600)
  expect(readFileSync(key, 'utf8')).toMatch(new RegExp(`^# public key: ${recipient}\nAGE-SECRET-KEY-1`))
  expect(await run('record', 'keygen', key)).toMatchObject({ status: 2 })
})

test('list shows the segments of a folder', async () => {
  const { status, out } = await run('record', 'list', '--path', folder)
  expect(status).toBe(0)
  expect(out).toContain('.rec.age')
  expect(out).not.toContain('gateway')
  const nowhere = await run('record', 'list', '--path', join(folder, 'nowhere'))
  expect(nowhere).toMatchObject({ status: 2, err: expect.stringContaining('is no folder') })
})

describe('export', () => {
  test('prints acts as JSON lines, all of them', async () => {
    const { status, out } = await run('record', 'export', segment, '--identity', key)
    const printed = lines(out)
    expect([status, printed.length]).toEqual([0, acts.filter(({ action }) => action !== 'loss').length])
    const index = printed.findIndex(({ action }) => action === 'publish')
    const first = acts.find(({ action }) => action === 'publish')
    expect(printed[index]).toMatchObject({
      device: first?.device,
      address: first?.topic,
      payload: `base64:${Buffer.from(first?.payload ?? []).toString('base64')}`,
      decision: 'allow',
    })
  })

  test('leaves out what is to be left out', async () => {
    const { out } = await run('record', 'export', segment, '--identity', key, '--redact', 'payload,device,address')
    for (const device of new Set(acts.map(act => act.device))) expect(out).not.toContain(device)
    expect(out).not.toContain('base64:')
    expect(out).not.toContain('telemetry')
    expect(lines(out)[0].device).toBe('device-1')
    expect(await run('record', 'export', segment, '--identity', key, '--redact', 'all')).toMatchObject({ status: 2 })
  })

  test('writes a capture that tshark reads as MQTT', async context => {
    const file = join(folder, 'acts.pcap')
    expect((await run('record', 'export', segment, '--identity', key, '--pcap', file)).status).toBe(0)
    try {
      execFileSync('tshark', ['--version'])
    } catch {
      return context.skip('tshark is not installed')
    }
    const fields = execFileSync('tshark', [
      '-r',
      file,
      '-Y',
      'mqtt',
      '-T',
      'fields',
      '-e',
      'mqtt.topic',
      '-e',
      '_ws.malformed',
    ])
    const topics = fields
      .toString()
      .split('\n')
      .flatMap(line => line.trim().split(','))
    // What was slowed down comes again in a real gateway, and would be there twice.
    const all = lines((await run('record', 'export', segment, '--identity', key)).out)
    const published = all.filter(
      ({ action, decision }) => /publish|receive/.test(action) && decision !== 'throttle',
    ).length
    expect(topics.filter(topic => /^(demo|spBv1.0)\//.test(topic)).length).toBe(published)
  })
})

describe('replay', () => {
  test('says of each lane that it comes to the same', async () => {
    expect([isRecording(segment), isRecording(key)]).toEqual([true, false])
    const { status, out } = await run('replay', segment, '--identity', key)
    expect([status, out]).toEqual([0, expect.stringContaining('all came to the same')])
    expect(await run('replay', segment)).toMatchObject({ status: 2, err: expect.stringContaining('identity_missing') })
  })

  test('says where it does not, and what was found then and now', async () => {
    const read = await unseal(segment, [readFileSync(key, 'utf8').split('\n')[1] ?? ''])
    const plain = Buffer.concat([...read.chunks])
    const records: Buffer[] = []
    for (let at = PREAMBLE.length; at < plain.length; at += 4 + plain.readUInt32LE(at)) {
      records.push(plain.subarray(at + 4, at + 4 + plain.readUInt32LE(at)))
    }
    const act = records.find(
      record => record[0] === Kind.act && record.readUInt32LE(At.payload) > 20 && (record[At.flags] & 7) === 2,
    )
    if (act === undefined) throw new Error('nobody has published anything')
    act[At.end + act.readUInt16LE(At.address) + act.readUInt32LE(At.payloadStart)] ^= 0x40
    const path = join(folder, 'changed.age')
    const file = await SealedFile.create(path, [recipient])
    await file.write(Buffer.concat([PREAMBLE, ...records.map(framed)]))
    await file.close()
    const { status, text } = await replayRecording([path], key)
    expect(status).toBe(1)
    expect(text).toMatch(/then {2}allow\n {2}now {3}refuse schema:/)
    expect(text).toContain('1 lanes did not come to the same')
  })
})

test('a segment whose end or beginning is missing is told as that, by every verb', async () => {
  const whole = readFileSync(segment)
  const some = join(folder, 'some')
  mkdirSync(some)
  const cut = join(some, '20261128T042555361Z-0.rec.age')
  const identity = ['--identity', key]
  writeFileSync(cut, whole.subarray(0, Math.floor(0.75 * whole.length)))
  const exported = await run('record', 'export', cut, ...identity)
  expect(exported).toMatchObject({ status: 0, err: expect.stringContaining('has no end') })
  expect(lines(exported.out).length).toBeGreaterThan(10)
  for (const length of [0, 30, 1_000]) {
    writeFileSync(cut, whole.subarray(0, length))
    const replayed = await run('replay', cut, ...identity)
    expect(replayed).toMatchObject({ status: 2, err: expect.stringContaining('recording_empty') })
    const tried = await run('whatif', '--config', bare(), '--path', some, ...identity)
    expect(tried).toMatchObject({ status: 2, err: expect.stringContaining('recording_empty') })
  }
  const { status, out } = await run('replay', cut, segment, ...identity)
  expect([status, out]).toEqual([0, expect.stringContaining('has no end')])
})

test('a recording that begins with something else than its segment is refused by every verb', async () => {
  const read = await unseal(segment, [readFileSync(key, 'utf8').split('\n')[1] ?? ''])
  const plain = Buffer.concat([...read.chunks])
  const first = PREAMBLE.length + 4 + plain.readUInt32LE(PREAMBLE.length)
  const path = join(folder, 'headless.rec.age')
  const file = await SealedFile.create(path, [recipient])
  await file.write(Buffer.concat([PREAMBLE, plain.subarray(first)]))
  await file.close()
  for (const verb of [['replay'], ['record', 'export']]) {
    const { status, err } = await run(...verb, path, '--identity', key)
    expect([status, err]).toEqual([2, expect.stringContaining('recording_corrupt')])
  }
})

test('what a recording is not judged by is refused, and so is a folder that is none', async () => {
  for (const option of [
    ['--rules', 'x.rules'],
    ['--config', 'x.yaml'],
    ['--eve', 'x'],
  ]) {
    const { status, err } = await run('replay', segment, '--identity', key, ...option)
    expect([status, err]).toEqual([2, expect.stringContaining('option_unused')])
  }
  expect(await run('record', 'export', folder, '--identity', key)).toMatchObject({
    status: 2,
    err: expect.stringContaining('recording_unreadable'),
  })
  const nowhere = await run('whatif', '--config', bare(), '--path', join(folder, 'nowhere'), '--identity', key)
  expect(nowhere).toMatchObject({ status: 2, err: expect.stringContaining('is no folder') })
})

test('whatif counts whom other rules would have stopped, and explain shows an example of it', async () => {
  const config = join(folder, 'new.yaml')
  const rules = [
    'site: demo',
    'listen: { mqtts: { certificate: a.pem, key: a.key } }',
    'upstream: { url: mqtt://127.0.0.1:1883 }',
    'identity: { anchors: [{ ca: ca.pem }] }',
    'roles: { sensor: { publish: [nothing] } }',
    'rings: { identity: enforce, network: off, integrity: off, physical: off }',
    `profiles: { files: ["${PROFILES}"], mode: controller-1/mode }`,
  ]
  writeFileSync(config, rules.join('\n'))
  const options = ['--config', config, '--path', folder, '--identity', key]
  const { status, out } = await run('whatif', ...options)
  expect(status).toBe(1)
  expect(out).toContain('access:publish_denied')
  const { fates } = JSON.parse((await run('whatif', ...options, '--json')).out)
  const told = await run('explain', fates[0].examples[0], '--recording', segment, '--identity', key)
  expect(told.status).toBe(0)
  expect(told.out).toContain(`who       ${fates[0].device} (`)
  const other = await run('explain', '20200101T000000000Z-0#1', '--recording', segment, '--identity', key)
  expect(other).toMatchObject({ status: 2, err: expect.stringContaining('is no act of this recording') })
  expect(await run('explain', '#1', '--recording', segment, '--identity', key)).toMatchObject({ status: 0 })
  expect(await run('explain', 'x#0', '--recording', segment, '--identity', key)).toMatchObject({ status: 2 })
  expect(await run('whatif', ...options, '--since', 'lately')).toMatchObject({ status: 2 })
})

test('whatif takes rules in place of those of the configuration', async () => {
  const config = join(folder, 'rules.yaml')
  const off = 'off'
  const settings = {
    site: 'demo',
    listen: { mqtts: { certificate: 'a.pem', key: 'a.key' } },
    upstream: { url: 'mqtt://127.0.0.1:1883' },
    identity: { anchors: [{ ca: 'ca.pem' }] },
    rings: { identity: off, network: off, integrity: off, physical: off },
    guards: { signature: 'enforce' },
    profiles: { files: [PROFILES], mode: 'controller-1/mode' },
  }
  writeFileSync(config, JSON.stringify(settings))
  const rules = join(folder, 'new.rules')
  writeFileSync(rules, 'drop mqtt any any -> any any (msg:"online"; mqtt.publish.topic; content:"/status"; sid:7;)\n')
  const options = ['--config', config, '--path', folder, '--identity', key, '--json']
  const refused = (out: string) =>
    JSON.parse(out).fates.filter(({ change }: { change: string }) => change === 'refused')
  expect(refused((await run('whatif', ...options)).out)).toEqual([])
  const { status, out } = await run('whatif', ...options, '--rules', rules)
  const fates = refused(out)
  expect(status).toBe(1)
  expect(fates.length).toBeGreaterThan(3)
  for (const fate of fates) expect(fate).toMatchObject({ guard: 'signature', code: 'signature' })
})

test('whatif lists a number of lines above 0 and nothing else', async () => {
  for (const most of ['0', '-1', 'x', '1.5']) {
    expect(await run('whatif', '--identity', key, '--most', most)).toMatchObject({ status: 2, out: '' })
  }
})
