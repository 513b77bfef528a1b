import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
const PAGE = readFileSync(join(import.meta.dirname, '../../../../docs/learn-spoofing.md'), 'utf8')
let folder = ''
const at = (name: string) => join(folder, name)

/** The first block of a kind in the page. */
function blockOf(kind: string, from = ''): string {
  const text = PAGE.slice(PAGE.indexOf('## From the command line'))
  const found = new RegExp(`\`\`\`${kind}\n(${from}[^\`]*)\`\`\``).exec(text)
  if (found === null) throw new Error(`the page has no ${kind}`)
  return found[1]!
}

function ringwall(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
    cwd: folder,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  })
  return { status, out: stdout, err: stderr }
}

/** The lines of the page's example, each with what it is to be given to. */
const EXAMPLE = blockOf('sh')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => line.replace(/^ringwall learn /, '').split(' '))

let table = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-spoof-'))
  writeFileSync(at('tank.mjs'), blockOf('js'))
  writeFileSync(at('tank.process.json'), blockOf('json'))
  const room = { maxBuffer: 2 ** 24 }
  table = spawnSync(process.execPath, ['tank.mjs'], { cwd: folder, encoding: 'utf8', ...room }).stdout
  writeFileSync(at('tank.csv'), table)
  expect(ringwall(EXAMPLE[0]!)).toMatchObject({ status: 0, err: '' })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The header and the last rows of the table, of which the level may be changed. */
function lastRows(count: number, change = (level: number, _row: number): number | '' => level): string {
  const [head = '', ...rows] = table.trim().split('\n')
  const changed = rows.slice(-count).map((line, row) => {
    const [level, ...others] = line.split(',')
    return [change(Number(level), row), ...others].join()
  })
  return `${[head, ...changed].join('\n')}\n`
}

test("the page's example says what the page says, and a watch leaves at most half of the error", () => {
  const { status, out, err } = ringwall(EXAMPLE[0]!)
  expect([status, err]).toEqual([0, ''])
  expect(out).toContain(blockOf('', 'sensor '))
  const { out: text } = ringwall([...EXAMPLE[0]!, '--json'])
  const told = JSON.parse(text)
  expect(told).toMatchObject({
    rows: 40_000,
    trainRows: 36_000,
    residuals: 5,
    approach: 60,
    hold: 60,
    plainUnknown: null,
  })
  const [{ sensor, before, after, most }] = told.sensors
  expect([sensor, before.attacks, after.attacks, after.skipped, most]).toEqual(['level', 6, 6, 0, 0.01])
  expect(after.largest).toBeLessThan(before.largest / 2)
  const judged = ringwall(EXAMPLE[1]!)
  expect([judged.status, judged.out]).toEqual([0, expect.stringContaining('0 alarms, 0 of 4000 judged rows')])
  expect(readFileSync(at('scores.csv'), 'utf8').split('\n')).toHaveLength(40_002)
}, 60_000)

test('a kept watch finds a level that drifts by a millimeter a second, and raises no alarm of rows without a level', () => {
  const drift = lastRows(2_000, (level, row) => level + Math.max(0, row - 1_500) / 1_000)
  const found = ringwall(['series', '-', '--model', 'tank.watch.json', '--json'], drift)
  const { alarms } = JSON.parse(found.out)
  expect([found.status, alarms[0].sensor]).toEqual([1, 'level'])
  expect(alarms[0].from).toBeGreaterThan(1_500)
  expect(alarms[0].from).toBeLessThan(1_530)
  const silent = ringwall(
    ['series', '-', '--model', 'tank.watch.json'],
    lastRows(2_000, (level, row) => (row > 900 ? '' : level)),
  )
  expect([silent.status, silent.out]).toEqual([0, expect.stringContaining('Silent: level')])
})

test('a kept watch is attacked on other rows, from standard input, and a limit decides the status', () => {
  const args = ['spoof', '-', '--model', 'tank.watch.json', '--starts', '1', '--hold', '30']
  const good = ringwall([...args, '--most', 'level=0.05'], lastRows(1_500))
  expect([good.status, good.err]).toEqual([0, ''])
  expect(good.out).toMatch(
    /^Watch of tank\.watch\.json: 1 sensor by 5 residuals, learned from 36000 rows; 1500 other rows/,
  )
  expect(good.out).not.toContain('before')
  const bad = ringwall([...args, '--most', 'level=0.0001', '--json'], lastRows(1_500))
  expect([bad.status, JSON.parse(bad.out).sensors[0]]).toMatchObject([1, { before: null, after: { attacks: 2 } }])
  const silent = ringwall(
    [...args, '--most', 'level=1'],
    lastRows(1_500, () => ''),
  )
  expect([silent.status, silent.out]).toEqual([1, expect.stringContaining('Not measured: level')])
  expect(silent.out).toMatch(
    /\nLeft out of level, for there was an alarm or no value when the attack began: 1 start\.\n/,
  )
})

test('a watch with a net goes to standard output, and its card can be read', () => {
  const { level } = JSON.parse(blockOf('json')).sensors
  const described = { sensors: { level: { ...level, flows: [], net: ['outflow', 'floor'] } } }
  writeFileSync(at('net.json'), JSON.stringify(described))
  const words = { 'tank.watch.json': '-', 'tank.process.json': 'net.json' } as Record<string, string>
  const made = ringwall([...EXAMPLE[0]!.map(word => words[word] ?? word), '--starts', '1'])
  expect([made.status, JSON.parse(made.out).body.kind]).toEqual([expect.any(Number), 'watch'])
  expect(made.err).toMatch(/^Watch: 1 sensor by 2 residuals, learned from 36000 rows/)
  writeFileSync(at('net.watch.json'), made.out)
  const higher = lastRows(1_500, (level, row) => level + (row < 1_000 ? 0 : 0.1))
  const judged = ringwall(['series', '-', '--model', 'net.watch.json'], higher)
  expect([judged.status, judged.out]).toEqual([1, expect.stringMatching(/\n10[0-3]\d +1499 .*level\n/)])
  const card = ringwall(['report', 'net.watch.json'])
  expect(card.out).toMatch(/^# Model card: watch of sensors that may be spoofed[\s\S]*\| column 0, net \| threshold/)
  const { status, err } = ringwall(['export', 'net.watch.json', '--onnx', 'x.onnx'])
  expect([status, err]).toEqual([2, expect.stringMatching(/^error onnx_series\n/)])
})

const LEVEL = { low: 0, high: 2, resolution: 0.001, rate: 0.03, redundant: ['floor'] }
test.each<[string, unknown, RegExp]>([
  ['no JSON', undefined, /^error process_json\n/],
  ['an unknown field', { sensors: { level: { ...LEVEL, speed: 1 } } }, /^error process_key\n[\s\S]*'speed'/],
  [
    'a range that is no number',
    { sensors: { level: { ...LEVEL, low: 'x' } } },
    /^error process_value\n[\s\S]*level\.low/,
  ],
  ['no sensor', { sensors: {} }, /^error process_value\n/],
  ['witnesses that are no list', { sensors: { level: { ...LEVEL, flows: 'inflow' } } }, /^error process_value\n/],
  ['lags that are words', { sensors: { level: LEVEL }, lags: ['x'] }, /^error process_value\n/],
  ['a column that is not there', { sensors: { lever: LEVEL } }, /^error process_column\n[\s\S]*'lever'/],
  ['no witness', { sensors: { level: { ...LEVEL, redundant: [] } } }, /^error process_wrong\n[\s\S]*'level'/],
  ['a lag twice', { sensors: { level: LEVEL }, lags: [2, 2] }, /^error process_wrong\n/],
])('a description with %s is refused by name', (_, description, says) => {
  writeFileSync(at('bad.json'), description === undefined ? '{' : JSON.stringify(description))
  const { status, err } = ringwall(['spoof', '-', '--train-rows', '10', '--process', 'bad.json'], lastRows(50))
  expect([status, err]).toEqual([2, expect.stringMatching(says)])
})

test.each<[string, readonly string[], RegExp]>([
  ['nothing to learn by', ['spoof', 'tank.csv'], /^error usage\n.*--train-rows and --process, or --model/],
  [
    'too few rows',
    ['spoof', 'tank.csv', '--train-rows', '5000', '--process', 'tank.process.json'],
    /^error rows_too_few\n.*26400/,
  ],
  [
    'no rows to attack',
    ['spoof', 'tank.csv', '--train-rows', '40000', '--process', 'tank.process.json'],
    /^error rows_too_few\n/,
  ],
  [
    'few rows to attack',
    ['spoof', 'tank.csv', '--train-rows', '39500', '--process', 'tank.process.json'],
    /^error rows_too_few\n.*500 rows/,
  ],
  [
    'what was learned',
    ['spoof', 'tank.csv', '--model', 'tank.watch.json', '--train-rows', '9'],
    /^error usage\n.*--train-rows has no effect/,
  ],
  [
    'a limit of what is not watched',
    ['spoof', 'tank.csv', '--model', 'tank.watch.json', '--most', 'floor=1'],
    /^error usage\n.*'floor'/,
  ],
  ['two of standard input', ['spoof', '-', '--model', '-'], /^error usage\n/],
  [
    'an output that is read',
    ['spoof', 'tank.csv', '--train-rows', '36000', '--process', 'tank.process.json', '--save', 'tank.csv'],
    /^error file_unusable\n/,
  ],
])('%s is refused', (_, args, says) => {
  const { status, err } = ringwall(args)
  expect([status, err]).toEqual([2, expect.stringMatching(says)])
})

test('a model of another kind is refused, and a watch where classes are asked for', () => {
  const learned = ringwall(['series', '-', '--train-rows', '1500', '--save', 'series.json'], lastRows(2_000))
  expect(learned.err).toBe('')
  const { status, err } = ringwall(['spoof', 'tank.csv', '--model', 'series.json'])
  expect([status, err]).toEqual([2, expect.stringMatching(/^error model_no_watch\n.*kind series/)])
  const classes = ringwall(['classify', '--test', 'tank.csv', '--model', 'tank.watch.json'])
  expect([classes.status, classes.err]).toEqual([2, expect.stringMatching(/^error \w+\n.*kind watch/)])
})
