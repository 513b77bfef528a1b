import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CONNACK, capture, connect, publish } from '../replay/capture.testkit.ts'
import { replayVerb } from './replay.ts'
import { printedBy } from './verb.testkit.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringwall-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ringwall = (...args: string[]) => printedBy([replayVerb], ['replay', ...args])

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const bytes = capture({
  sent: [{ up: connect('pump-1') }, { down: CONNACK }, { up: publish('plant/pump-1/level', '{"v":1}') }],
})
const plain = file('plain.pcap', bytes)
const rules = file(
  'level.rules',
  'alert mqtt any any -> any any (msg:"a level"; mqtt.publish.topic; content:"level"; sid:7;)\n',
)
const other = file(
  'other.rules',
  'alert mqtt any any -> any any (msg:"no"; mqtt.publish.topic; content:"no"; sid:9;)\n',
)

test('nothing found: status 0 and one line', async () => {
  const { status, out } = await ringwall(plain, '--rules', other)
  expect(out).toMatch(/plain.pcap: 8 packets in .*, 1 TCP flows, 1 of them MQTT with 3 packets\n$/)
  expect(status).toBe(0)
})

test('something found: status 1, a table, and the same as JSON', async () => {
  const { status, out } = await ringwall(plain, '--rules', rules, other)
  expect(status).toBe(1)
  expect(out).toMatch(/signatures +severity +times +who \(first\) +why \(first\)\n7 +priority 3 +1 +pump-1 +a level/)
  const { out: json } = await ringwall(plain, '--rules', rules, '--json')
  expect(JSON.parse(json)).toMatchObject({ messages: 3, alerts: [{ what: '7', count: 1 }], broken: null })
})

test('EVE goes to a file that only its owner reads, the table to the terminal', async () => {
  const eve = join(folder, 'eve.json')
  const { out } = await ringwall(plain, '--eve', eve, '--rules', rules)
  const lines = readFileSync(eve, 'utf8').trim().split('\n')
  const types = lines.map(line => (JSON.parse(line) as { event_type: string }).event_type)
  expect(types.toSorted()).toEqual(['alert', 'mqtt', 'mqtt'])
  expect(out).toContain('a level')
  expect(statSync(eve).mode & 0o777).toBe(0o600)
})

test("an EVE file that was there, open to others, is its owner's alone from then on", async () => {
  const eve = file('open.json', '')
  chmodSync(eve, 0o644)
  await ringwall(plain, '--eve', eve)
  expect(statSync(eve).mode & 0o777).toBe(0o600)
})

test('a capture of which nothing can be read is broken input, and is not called free of attacks', async () => {
  const cut = [bytes.subarray(0, 0), bytes.subarray(0, 4), bytes.subarray(0, 20)]
  for (const [index, part] of cut.entries()) {
    const { status, out } = await ringwall(file(`begun-${index}.pcap`, part))
    expect([status, out]).toEqual([2, expect.stringContaining('ends before the header of a capture')])
  }
  const foreign = Buffer.from(bytes)
  foreign.writeUInt32LE(9_999, 20)
  const { status, out } = await ringwall(file('foreign.pcap', foreign))
  expect([status, out]).toEqual([2, expect.stringContaining('link type 9999, which is not read here')])
  expect(out).toMatch(/capture +8 +its link layer is not read here/)
})

test('a capture is never written over', async () => {
  for (const args of [
    [plain, '--eve', plain],
    ['other.pcap', '--eve', plain],
  ]) {
    const { status, err } = await ringwall(...args)
    expect(status).toBe(2)
    expect(err).toContain('eve_over_capture')
  }
  expect(readFileSync(plain).equals(bytes)).toBe(true)
})

test('the capture is found where an option has swallowed it', async () => {
  const { status, out } = await ringwall('--rules', rules, plain)
  expect(out).toContain('a level')
  expect(status).toBe(1)
  expect((await ringwall('--port', '1884', plain)).status).toBe(0)
})

test.each([
  [[], 'capture_missing'],
  [['nowhere.pcap'], 'file_unusable'],
  [[plain, '--rules', 'nowhere.rules'], 'file_unusable'],
  [[plain, '--rules', 'nowhere*.rules'], 'file_none'],
  [[plain, '--eve', '-', '--eve-types', 'dns'], 'eve_type_unknown'],
  [[plain, '--port', 'x'], 'option_value'],
  [[plain, '--interface', 'lo'], 'capture_ambiguous'],
  [[plain, '--identity', 'recording.key'], 'option_unused'],
] as const)('broken input %j is %s', async (args, code) => {
  const { status, err } = await ringwall(...args)
  expect(err).toContain(code)
  expect(status).toBe(2)
})

test('broken rules are refused with their place', async () => {
  const broken = file('broken.rules', 'alert mqtt any any -> any any (msg:"x"; mqtt.tipe:CONNECT; sid:1;)\n')
  const { status, err } = await ringwall(plain, '--rules', broken)
  expect(err).toMatch(/broken.rules:1:\d+/)
  expect(status).toBe(2)
})

test('what is no capture is broken input; one that is cut is judged as far as it goes', async () => {
  const { status, out } = await ringwall(file('text.pcap', 'no capture at all, but long enough'), '--rules', rules)
  expect(out).toContain('could be read no further')
  expect(status).toBe(2)
  const cut = await ringwall(file('cut.pcap', bytes.subarray(0, -100)), '--rules', rules)
  expect(cut.out).toContain('could be read no further than byte')
  expect(cut.status).toBe(1)
})
