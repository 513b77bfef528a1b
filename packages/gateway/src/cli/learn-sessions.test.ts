import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COLUMN_NAMES, SIZE_COLUMNS } from '../evidence/sessions/index.ts'
import { CONNACK, capture, connect, publish, type Sent } from '../replay/capture.testkit.ts'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
const at = (name: string): string => join(folder, name)

function ringwall(args: readonly string[], input?: Uint8Array) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
    cwd: folder,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  })
  return { status, out: stdout, err: stderr }
}

/** Sessions that say so much, and who they are. */
function flows(count: number, messages: number, name: string): Buffer {
  const sent: Sent[] = [{ up: connect(name) }, { down: CONNACK }]
  for (let n = 0; n < messages; n++) sent.push({ up: publish(`secret-${name}/x`, `payload-${n}`) })
  return capture(...Array.from({ length: count }, () => ({ sent })))
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-sessions-'))
  writeFileSync(at('calm.pcap'), flows(30, 2, 'pump'))
  writeFileSync(at('loud.pcap'), flows(30, 40, 'evil'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const cells = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(','))

test('captures become a table, a row a window, that a model learns from', () => {
  const made = ringwall(['sessions', 'calm.pcap', 'loud.pcap', '--label', 'calm,loud', '--out', 'table.csv', '--json'])
  expect([made.status, made.err]).toEqual([0, ''])
  expect(JSON.parse(made.out)).toMatchObject({
    windowSeconds: 5,
    windowPackets: 100,
    captures: [
      { file: 'calm.pcap', label: 'calm', sessions: 30, rows: 30, truncated: false, unread: [], evicted: 0 },
      { file: 'loud.pcap', label: 'loud', sessions: 30, rows: 30 },
    ],
  })
  const table = readFileSync(at('table.csv'), 'utf8')
  const [head, ...rows] = cells(table)
  expect(head.slice(0, 3)).toEqual(['window_seconds', 'window_packets', 'seconds'])
  const column = (name: string): string[] => rows.map(row => row[head.indexOf(name)])
  expect(column('label')).toEqual([...new Array(30).fill('calm'), ...new Array(30).fill('loud')])
  expect(new Set(column('publishes'))).toEqual(new Set(['2', '40']))
  for (const leak of ['secret', 'payload', 'evil', 'pump', '10.0.0.', '1883']) expect(table).not.toContain(leak)

  const fit = ringwall(['fit', '--train', 'table.csv', '--label', 'label', '--save', 'm.json', '--json'])
  expect(fit.status).toBe(0)
  const { classes, features } = JSON.parse(fit.out)
  expect(classes).toEqual(['calm', 'loud'])
  expect(features[0].share).toBeGreaterThan(0)
  expect(features.map(({ name }: { name: string }) => name)).not.toContain('window_seconds')
  expect(JSON.parse(ringwall(['report', 'm.json', '--json']).out).features).toEqual(features)
})

test('standard input to standard output, with windows as they are asked for', () => {
  const asked = ['--window', '1s', '--packets', '10', '--out', '-']
  const { status, out } = ringwall(['sessions', '-', ...asked], flows(1, 25, 'a'))
  expect(status).toBe(0)
  const [head, ...rows] = cells(out)
  expect(rows.map(row => row.slice(0, 2))).toEqual(new Array(3).fill(['1', '10']))
  expect(rows.map(row => row[head.indexOf('happenings')])).toEqual(['10', '10', '9'])
  expect(head).not.toContain('label')
})

test('a capture that ends within a packet is read as far as it goes, and that is told', () => {
  const { status, out } = ringwall(['sessions', '-', '--out', 'cut.csv'], flows(2, 5, 'a').subarray(0, -9))
  expect([status, out]).toEqual([0, expect.stringContaining('- ends within a packet.')])
})

test.each([
  [['sessions', 'calm.pcap'], 'usage'],
  [['sessions', 'calm.pcap', '--out', 'x.csv', '--label', 'a,b'], 'usage'],
  [['sessions', 'calm.pcap', '--out', 'calm.pcap'], 'file_unusable'],
  [['sessions', 'none.pcap', '--out', 'x.csv'], 'file_unusable'],
  [['sessions', 'calm.pcap', '--out', 'nowhere/x.csv'], 'file_unusable'],
  [['sessions', 'table.csv', '--out', 'x.csv'], 'capture_magic'],
  [['sessions', 'calm.pcap', '--window', '0s', '--out', 'x.csv'], 'a duration from 1ms to 1h'],
  [['sessions', 'calm.pcap', '--packets', '0', '--out', 'x.csv'], 'a whole number from 1'],
])('%j is refused with %s', (args, said) => {
  writeFileSync(at('table.csv'), 'a,b\n1,2\n')
  const { status, err } = ringwall(args)
  expect([status, err]).toEqual([2, expect.stringContaining(said)])
  expect(existsSync(at('calm.pcap')) && readFileSync(at('calm.pcap')).length > 1_000).toBe(true)
})

test('the guide lists every column', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../../docs/learn-sessions.md'), 'utf8')
  expect([...SIZE_COLUMNS, ...COLUMN_NAMES].filter(name => !guide.includes(`\`${name}\``))).toEqual([])
})

test.each([
  [
    'junk behind a capture',
    ['calm.pcap', 'junk.pcap'],
    /^error capture_magic\n.*old\.csv was not written\n +where +junk\.pcap$/m,
  ],
  [
    'a second capture that is not there',
    ['calm.pcap', 'none.pcap'],
    /^error file_unusable\n.*\(ENOENT\)\n +where +none\.pcap$/m,
  ],
  ['a folder', ['calm.pcap', '.'], /^error file_unusable\n.*\(EISDIR\); old\.csv was not written\n +where +\.$/m],
  [
    'a capture without MQTT',
    ['calm.pcap', 'web.pcap'],
    /^error capture_no_mqtt\n.*old\.csv was not written\n +where +web\.pcap$/m,
  ],
])('%s leaves the former table as it was, and says so', (_, captures, said) => {
  writeFileSync(at('junk.pcap'), 'no capture at all, but long enough to be one')
  writeFileSync(at('web.pcap'), capture({ port: 80, sent: [] }))
  writeFileSync(at('old.csv'), 'a,b\n1,2\n')
  const { status, err } = ringwall(['sessions', ...captures, '--out', 'old.csv'])
  expect([status, err]).toEqual([2, expect.stringMatching(said)])
  expect(readFileSync(at('old.csv'), 'utf8')).toBe('a,b\n1,2\n')
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
})

test.skipIf(process.platform === 'win32')('a disk that is full leaves the former table as it was', () => {
  writeFileSync(at('old.csv'), 'a,b\n1,2\n')
  const command = `ulimit -f 8; "${process.execPath}" "${COMMAND}" learn sessions loud.pcap calm.pcap --out old.csv`
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^error file_unusable\n.*\(EFBIG\); old\.csv was not written\n +where +old\.csv$/m),
  ])
  expect(readFileSync(at('old.csv'), 'utf8')).toBe('a,b\n1,2\n')
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
})

test('killed in the midst, it leaves the former table as it was', async () => {
  writeFileSync(at('old.csv'), 'a,b\n1,2\n')
  const child = spawn(process.execPath, [COMMAND, 'learn', 'sessions', '-', '--packets', '1', '--out', 'old.csv'], {
    cwd: folder,
  })
  child.stdin.write(flows(30, 40, 'evil'))
  const isBegun = (): boolean => readdirSync(folder).some(name => name.startsWith('old.csv.') && name.endsWith('.tmp'))
  for (let n = 0; n < 600 && !isBegun(); n++) await sleep(50)
  const ended = once(child, 'close')
  child.kill('SIGKILL')
  await ended
  expect(isBegun()).toBe(true)
  expect(readFileSync(at('old.csv'), 'utf8')).toBe('a,b\n1,2\n')
  for (const name of readdirSync(folder)) if (name.endsWith('.tmp')) rmSync(at(name))
})

test('a table that stands in place of another has its mode, also behind a link', () => {
  writeFileSync(at('kept.csv'), '', { mode: 0o640 })
  symlinkSync('kept.csv', at('link.csv'))
  expect(ringwall(['sessions', 'calm.pcap', '--out', 'link.csv']).status).toBe(0)
  expect(statSync(at('kept.csv')).mode & 0o777).toBe(0o640)
  expect(readFileSync(at('kept.csv'), 'utf8')).toMatch(/^window_seconds,/)
})

test('standard output has what was written when a capture fails, and that is said', () => {
  writeFileSync(at('junk.pcap'), 'no capture at all, but long enough to be one')
  const { status, out, err } = ringwall(['sessions', 'calm.pcap', 'junk.pcap', '--out', '-'])
  expect([status, err]).toEqual([2, expect.stringContaining('standard output has a part of the table')])
  expect(cells(out)).toHaveLength(31)
})

test('MQTT is known by its CONNECT on any port, and by the port where there is none', () => {
  const begun = capture({ port: 1999, sent: [{ up: connect('a') }, { down: CONNACK }, { up: publish('x', 'y') }] })
  const silent = capture({ port: 1999, sent: [{ up: Uint8Array.of(0x10) }] })
  expect(cells(ringwall(['sessions', '-', '--out', '-'], begun).out)).toHaveLength(2)
  expect(ringwall(['sessions', '-', '--out', '-'], silent).err).toContain('capture_no_mqtt')
  expect(cells(ringwall(['sessions', '-', '--out', '-', '--port', '1999'], silent).out)).toHaveLength(2)
})

test('a capture without MQTT is no table', () => {
  const { status, err } = ringwall(['sessions', '-', '--out', 'x.csv'], capture({ port: 80, sent: [] }))
  expect([status, err]).toEqual([2, expect.stringContaining('capture_no_mqtt')])
})
