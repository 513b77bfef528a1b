import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlantSite, SITE } from '../demo/plant-site.ts'
import { traffic } from '../demo/traffic.ts'
import { rehearseFleet } from './demo-rehearsal.ts'
import { profileVerb } from './profile.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
let learned: { status: number; out: string; err: string }
const at = (name: string) => join(folder, name)
const learn = (...args: string[]) => printedBy([profileVerb], ['profile', 'learn', ...args])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-learn-'))
  writeFileSync(at('traffic.jsonl'), [...traffic(11, SITE, 10)].join('\n'))
  learned = await learn(at('traffic.jsonl'), '--out', at('profiles'), '--json')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

test('ten minutes of the fleet make a profile for each type of device', () => {
  expect(learned.status).toBe(0)
  expect(readdirSync(at('profiles')).length).toBe(12)
  const level = JSON.parse(readFileSync(at('profiles/level.td.json'), 'utf8'))
  expect(level['rw:devices']).toEqual(['level-*'])
  const { telemetry } = level.properties
  expect(telemetry['rw:clock']).toMatchObject({ field: '/ts', unit: 'ms' })
  expect(telemetry['rw:counter']).toMatchObject({ field: '/n' })
  expect(telemetry['rw:redundant']).toMatchObject([{ kind: 'copy', of: '/value', field: '/cm' }])
  expect(telemetry.properties.device).toEqual({ const: '${device}' })
  expect(telemetry.properties.value).toMatchObject({ 'rw:name': 'value', 'rw:frozen': expect.any(Number) })
  const flow = JSON.parse(readFileSync(at('profiles/flow.td.json'), 'utf8'))
  expect(flow.properties.telemetry['rw:redundant']).toMatchObject([{ kind: 'sum', of: '/value', modulus: 1000 }])
})

test('its report says of each reading what is caught, and what only a law of the plant can catch', () => {
  const { coverage } = JSON.parse(learned.out)
  const level = coverage.find(
    (each: { type: string; reading: string }) => each.type === 'level' && each.reading === '/value',
  )
  expect(level.caught).toEqual(['range', 'jump', 'frozen', 'replay', 'redundancy'])
  expect(level.open).toContain('a slow drift')
})

test('the drafts flag none of the next ten minutes', { timeout: 60_000 }, async () => {
  const site = await buildPlantSite({ port: 1, password: 'none' }, 0, 'observe', at('profiles'))
  const { flagged, first, messages } = rehearseFleet(site.config, 11, () => {}, 10)
  site.remove()
  expect({ flagged, first }).toEqual({ flagged: 0, first: [] })
  expect(messages).toBeGreaterThan(50_000)
})

test('it says what it took for commands, and by which topics that is said', async () => {
  const line = (topic: string, second: number) =>
    JSON.stringify({ tst: `2026-11-28T09:00:0${second}Z`, topic: `plant/pump-1/${topic}`, payload: '{"a":1}' })
  writeFileSync(at('few.jsonl'), [line('state', 0), line('set/speed', 1), line('state', 2)].join('\n'))
  const few = await learn(at('few.jsonl'), '--topics', 'plant/${device}/#', '--out', at('few'))
  expect(few.out).toMatch(/Taken for commands.*\n {2}pump: set_speed\n/)
  const none = ['--command', 'other/#', '--out', at('none')]
  const plain = await learn(at('few.jsonl'), '--topics', 'plant/${device}/#', ...none)
  expect(plain.out).toContain('Nothing was taken for a command')
})

test('drafts that are there are written over only where that is asked for', async () => {
  const again = await learn(at('traffic.jsonl'), '--out', at('profiles'))
  expect([again.status, again.err]).toEqual([2, expect.stringContaining('file_taken')])
})

test.each([
  ['not JSON', '{"tst":1,\n', 'recording_line'],
  ['no topic', '{"tst":1}\n', 'recording_line'],
  ['no time', '{"topic":"a/b/c"}\n', 'recording_line'],
  ['other topics', '{"tst":1,"topic":"a"}\n', 'learn_nothing'],
])('a recording with %s is refused', async (_, text, code) => {
  writeFileSync(at('bad.jsonl'), text)
  expect(await learn(at('bad.jsonl'), '--out', at('bad'))).toMatchObject({
    status: 2,
    err: expect.stringContaining(code),
  })
})

test('an edge node is held to its births, aliases and sequence', () => {
  const edge = JSON.parse(readFileSync(at('profiles/edge.td.json'), 'utf8'))
  const form = (name: string) => edge.properties[name].forms[0]
  expect(form('node')).toMatchObject({
    contentType: 'application/x-sparkplug-b',
    'mqv:filter': 'spBv1.0/demo/+/${device}',
  })
  expect(form('plc-1')['mqv:filter']).toBe('spBv1.0/demo/+/${device}/plc-1')
})
