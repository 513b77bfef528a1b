import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-series-'))
  writeFileSync(at('pump.csv'), pump(500, 380))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)

function ringwall(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
    cwd: folder,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  })
  return { status, out: stdout, err: stderr }
}

const noise = (row: number, column: number) => (Math.sin(row * 12.9898 + column * 78.233) * 43758.5453) % 1

/** Rows of a pump, one a second, whose flow is wrong from one on; without its clock where that is said. */
function pump(rows: number, wrong: number, clock = true): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const flow = 32 + noise(row, 1) - (row >= wrong ? 6 : 0)
    const cells = [flow, 4 + 0.2 * noise(row, 2), 60 + noise(row, 3)].map(value => value.toFixed(3))
    return [...(clock ? [new Date(Date.UTC(2026, 0, 5, 8, 0, row)).toISOString()] : []), ...cells].join()
  })
  return `${clock ? 'time,' : ''}flow,pressure,heat\n${lines.join('\n')}\n`
}

test('a kept model judges the same file to the same scores, without training, and another one', () => {
  const learned = ringwall(['series', 'pump.csv', '--train-rows', '300', '--out', 'one.csv', '--save', 'pump.json'])
  expect([learned.status, learned.err]).toEqual([1, ''])
  expect(learned.out).toMatch(/^500 rows of 3 sensors; 300 were learned from\.\n[\s\S]*Model: pump\.json\n$/)
  const judged = ringwall(['series', 'pump.csv', '--model', 'pump.json', '--out', 'two.csv'])
  expect([judged.status, judged.err]).toEqual([1, ''])
  expect(readFileSync(at('two.csv'), 'utf8')).toBe(readFileSync(at('one.csv'), 'utf8'))
  const columns = pump(60, 20).trim().split('\n')
  const other = ringwall(
    ['series', '-', '--model', 'pump.json', '--json'],
    columns.map((line, row) => `${line},${row === 0 ? 'other' : 7}`).join('\n'),
  )
  expect(other.status).toBe(1)
  expect(JSON.parse(other.out)).toMatchObject({
    rows: 60,
    trainRows: 0,
    model: 'pump.json',
    alarms: [{ from: expect.any(Number), to: 59, sensor: 'flow', toTime: '2026-01-05T08:00:59.000Z' }],
  })
  const { status, out } = ringwall(['report', 'pump.json'])
  expect([status, out]).toEqual([0, expect.stringContaining('# Model card: detector of anomalies in a series')])
})

test('a file without a column that the model knows is refused, and so is a model of another kind', () => {
  ringwall(['series', 'pump.csv', '--train-rows', '300', '--save', 'm.json'])
  const less = ringwall(['series', '-', '--model', 'm.json'], 'flow,pressure\n1,2\n3,4\n')
  expect([less.status, less.err]).toEqual([2, expect.stringMatching(/^error column_unknown\n.*'heat'/)])
  const states = Array.from({ length: 80 }, (_, row) => `${row % 2},${row % 2 ? 'on' : 'off'}`).join('\n')
  writeFileSync(at('states.csv'), `x,state\n${states}\n`)
  ringwall(['fit', '--train', 'states.csv', '--label', 'state', '--save', 'state.json'])
  const other = ringwall(['series', 'pump.csv', '--model', 'state.json'])
  expect([other.status, other.err]).toEqual([2, expect.stringMatching(/^error model_no_series\n[\s\S]*state\.json/)])
})

test('alarms are told with their last row and their time, in words and as JSON alike', () => {
  const words = ringwall(['series', 'pump.csv', '--train-rows', '300'])
  expect(words.out).toMatch(/from +to +time +score +sensor\n380 +499 +2026-01-05T08:06:20\.000Z +[\d.]+ +flow\n$/)
  const { alarms, out } = JSON.parse(ringwall(['series', 'pump.csv', '--train-rows', '300', '--json']).out)
  expect([alarms.length, out]).toEqual([1, null])
  expect(alarms[0]).toMatchObject({ from: 380, to: 499, time: '2026-01-05T08:06:20.000Z' })
})

test('sensors that fall silent in an alarm do not end it: the scores are 0, and the alarm stays', () => {
  const lines = pump(500, 380).split('\n')
  const silent = lines.map((line, i) => (i > 430 && line !== '' ? `${line.split(',')[0]},,,` : line)).join('\n')
  const { status, out } = ringwall(['series', '-', '--train-rows', '300', '--out', '-'], silent)
  const rows = out.trim().split('\n').slice(381)
  expect([status, rows.length, rows.every(row => row.split(',')[2] === '1')]).toEqual([1, 120, true])
  expect(rows.slice(70).every(row => row.split(',')[1] === '0')).toBe(true)
})

test('scores go to standard output, what is told beside them to standard error; without a clock there are no times', () => {
  const { status, out, err } = ringwall(['series', '-', '--train-rows', '300', '--out', '-'], pump(500, 380, false))
  expect([status, out.split('\n')[0], out.split('\n').length]).toEqual([1, 'row,score,alarm,change,sensor', 502])
  expect(err).toMatch(/^500 rows of 3 sensors[\s\S]*\nfrom +to +score +sensor\n380 /)
})

test('one of something is told as one', () => {
  const { err } = ringwall(['series', '-', '--train-rows', '300'], 'x\n1.5\n')
  expect(err).toContain('the table has 1 row\n')
})

test('a model, scores or a table on standard output are whole there; what is said beside them is told on standard error', () => {
  const kept = ringwall(['series', 'pump.csv', '--train-rows', '300', '--save', '-'])
  expect([kept.status, JSON.parse(kept.out).format]).toEqual([1, 'ringwall-model'])
  expect(kept.err).toContain('300 were learned from')
  writeFileSync(at('piped.json'), kept.out)
  expect(ringwall(['report', 'piped.json'])).toMatchObject({ status: 0, err: '' })
  const lines = (args: readonly string[]) => {
    const { status, out, err } = ringwall([...args, '--out', '-', '--json'])
    expect(err.trim().split('\n')).toHaveLength(1)
    return { status, head: out.split('\n')[0], rows: out.trimEnd().split('\n').length - 1, told: JSON.parse(err) }
  }
  expect(lines(['series', 'pump.csv', '--model', 'piped.json'])).toMatchObject({ rows: 500, told: { rows: 500 } })
  expect(lines(['change', 'pump.csv'])).toMatchObject({
    status: 1,
    head: 'row,time,sensor,confidence,delay',
    rows: 1,
    told: { changes: [{ sensor: 'flow' }] },
  })
  expect(lines(['sanitize', 'pump.csv'])).toMatchObject({
    head: 'time,flow,pressure,heat',
    rows: 500,
    told: { rows: 500, kept: 500 },
  })
  expect(ringwall(['change', 'pump.csv', '--out', '-']).err).toContain('500 rows of 3 sensors. 1 change.')
  expect(ringwall(['sanitize', 'pump.csv', '--out', '-']).err).toContain('500 rows kept')
})

test.each([
  [['series', 'pump.csv'], /error usage\n.*--train-rows or --model/],
  [
    ['series', 'pump.csv', '--train-rows', '300', '--ignore', 'anomaly', 'changepoint'],
    /error usage\n.*\n.*--ignore a,b/,
  ],
  [['series', 'pump.csv', '--train-rows', '300', '--out', '-', '--save', '-'], /error usage\n.*standard output/],
  [['series', 'pump.csv', '--model', 'm.json', '--false-alarms', '0.1'], /error usage\n.*--false-alarms has no effect/],
  [['series', '-', '--model', '-'], /error usage\n.*standard input/],
  [['series', 'pump.csv', '--model', 'pump.csv'], /error model_malformed/],
])('wrong usage is status 2: %j', (args, message) => {
  const { status, err } = ringwall(args)
  expect([status, err]).toEqual([2, expect.stringMatching(message)])
})

test('--change-limit cries oftener where it is lower, and is a number above 0', () => {
  const changes = (limit: string): number =>
    JSON.parse(ringwall(['series', 'pump.csv', '--train-rows', '300', '--json', '--change-limit', limit]).out).changes
      .length
  expect(changes('1')).toBeGreaterThan(changes('100'))
  expect(changes('100')).toBe(0)
  for (const limit of ['0', '-1', 'x', 'Infinity']) {
    const { status, err } = ringwall(['series', 'pump.csv', '--train-rows', '300', '--change-limit', limit])
    expect([status, err]).toEqual([2, expect.stringMatching(/number above 0/)])
  }
})
