import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-learn-'))
  writeFileSync(at('pump.csv'), pump())
  writeFileSync(at('train.csv'), states(240, 0))
  writeFileSync(at('test.csv'), states(60, 500))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)

/** The real command, in the folder. */
function ringwall(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
    cwd: folder,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  })
  return { status, out: stdout, err: stderr }
}

/** Numbers that look like noise, and are the same each time. */
const noise = (row: number, column: number) => (Math.sin(row * 12.9898 + column * 78.233) * 43758.5453) % 1

/** 500 rows of a pump, German: from row 380 on its flow is wrong. The label says nothing, on purpose. */
function pump(): string {
  const lines = Array.from({ length: 500 }, (_, row) => {
    const flow = 32 + noise(row, 1) - (row >= 380 ? 6 : 0)
    const cells = [flow, 4 + 0.2 * noise(row, 2), 60 + noise(row, 3)].map(value => value.toFixed(3).replace('.', ','))
    const time = new Date(Date.UTC(2024, 4, 1, 10, 0, row))
    const clock = `0${time.getUTCDate()}.05.2024 ${time.toISOString().slice(11, 19)}`
    return [clock, ...cells, row % 2].join(';')
  })
  return `\ufeffZeit;Durchfluss;Druck;Temperatur;anomaly\r\n${lines.join('\r\n')}\r\n`
}

function states(rows: number, shift: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const row = i + shift
    const state = row % 3
    return `${(state + 0.3 * noise(row, 1)).toFixed(3)},${state === 2 ? 'hot' : 'cold'},${['off', 'low', 'high'][state]}`
  })
  return `load,mode,state\n${lines.join('\n')}\n`
}

const scores = (text: string) =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(','))

test('series: scores of all rows, an alarm where the flow is wrong, its sensor, a plot, status 1', () => {
  const { status, out, err } = ringwall([
    'series',
    'pump.csv',
    '--train-rows',
    '300',
    '--out',
    'scores.csv',
    '--plot',
    'pump.html',
    '--json',
  ])
  expect([status, err]).toEqual([1, ''])
  const [head, ...rows] = scores(readFileSync(at('scores.csv'), 'utf8'))
  expect(head).toEqual(['row', 'score', 'alarm', 'change', 'sensor', 'time'])
  expect(rows).toHaveLength(500)
  expect(rows.map(([row]) => Number(row))).toEqual(Array.from({ length: 500 }, (_, row) => row))
  const alarms = rows.filter(([, , alarm]) => alarm === '1')
  expect(alarms.every(([row, score]) => Number(row) >= 300 && Number(score) > 0.5)).toBe(true)
  expect(rows.slice(390).filter(([, , alarm]) => alarm === '1').length).toBeGreaterThan(90)
  expect(rows[395]!.slice(4)).toEqual(['Durchfluss', '2024-05-01T10:06:35.000Z'])
  const result = JSON.parse(out)
  expect(result).toMatchObject({
    rows: 500,
    trainRows: 300,
    sensors: ['Durchfluss', 'Druck', 'Temperatur'],
    out: 'scores.csv',
  })
  expect(result.leftOut.map(({ name }: { name: string }) => name)).toEqual(['Zeit', 'anomaly'])
  const page = readFileSync(at('pump.html'), 'utf8')
  expect(page).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*Durchfluss[\s\S]*blamed/)
  expect(page).toContain('prefers-color-scheme: dark')
  expect(page).not.toMatch(/<script|src=|href=|url\(|NaN|undefined|Infinity/)
})

test('labels are never read: whatever they say, the scores are the same', () => {
  ringwall(['series', 'pump.csv', '--train-rows', '300', '--out', 'one.csv'])
  const other = pump()
    .replaceAll(/;[01](\r\n|$)/g, ';9$1')
    .replace(';9\r\n', ';oops\r\n')
  const { status } = ringwall(
    ['series', '-', '--train-rows', '300', '--ignore', 'anomaly,changepoint', '--out', 'two.csv'],
    pump().replaceAll(/;[01]\r\n/g, ';9\r\n'),
  )
  expect(status).toBe(1)
  expect(readFileSync(at('two.csv'), 'utf8')).toBe(readFileSync(at('one.csv'), 'utf8'))
  expect(other).not.toBe(pump())
})

test('series: nothing wrong is status 0, from standard input to standard output', () => {
  const calm = pump().split('\r\n').slice(0, 371).join('\r\n')
  const { status, out, err } = ringwall(
    ['series', '-', '--train-rows', '300', '--false-alarms', '0.001', '--out', '-'],
    calm,
  )
  expect([status, err, out.split('\n').length]).toEqual([0, expect.stringMatching(/^370 rows of 3 sensors/), 372])
})

test('series: a table of too many columns is refused before minutes go by, and --sensors chooses', () => {
  const columns = Array.from({ length: 257 }, (_, column) => `c${column}`)
  const lines = Array.from({ length: 70 }, (_, row) => columns.map((_, column) => noise(row, column).toFixed(3)).join())
  const text = `${columns.join()}\n${lines.join('\n')}\n`
  const args = ['series', '-', '--train-rows', '60', '--out', 'wide.csv']
  const { status, err } = ringwall(args, text)
  expect([status, err]).toEqual([2, expect.stringMatching(/^error columns_many\n.*257 columns[\s\S]*--sensors/)])
  expect(ringwall([...args, '--sensors', 'c1,c2,c3'], text).status).toBeLessThan(2)
})

test('words that look like numbers are told apart as words', () => {
  const table = (rows: number) =>
    `code,state\n${Array.from({ length: rows }, (_, i) => `${i % 4},${['a', 'b'][(i % 4) % 3 === 1 ? 1 : 0]}`).join('\n')}\n`
  writeFileSync(at('codes.csv'), table(80))
  const { out } = ringwall([
    'fit',
    '--train',
    'codes.csv',
    '--label',
    'state',
    '--words',
    'code',
    '--save',
    'codes.json',
    '--json',
  ])
  expect(JSON.parse(out)).toMatchObject({ classes: ['a', 'b'], trainRows: 80 })
  expect(ringwall(['report', 'codes.json']).out).toContain('code=0, code=1, code=2, code=3')
  writeFileSync(at('codes-new.csv'), table(8))
  const told = ringwall([
    'classify',
    '--model',
    'codes.json',
    '--test',
    'codes-new.csv',
    '--out',
    'codes-told.csv',
    '--json',
  ])
  expect(JSON.parse(told.out)).toMatchObject({ accuracy: 1 })
})

test('fit, report, export, classify by a kept model: the same as in one go', () => {
  expect(
    ringwall(['fit', '--train', 'train.csv', '--label', 'state', '--save', 'm.json', '--algorithm', 'boosting']).status,
  ).toBe(0)
  const one = ringwall(['classify', '--model', 'm.json', '--test', 'test.csv', '--out', 'one.csv', '--json'])
  const two = ringwall([
    'classify',
    '--train',
    'train.csv',
    '--label',
    'state',
    '--algorithm',
    'boosting',
    '--test',
    'test.csv',
    '--out',
    'two.csv',
  ])
  expect([one.status, two.status, one.err]).toEqual([0, 0, ''])
  expect(JSON.parse(one.out)).toMatchObject({
    classes: ['high', 'low', 'off'],
    rows: 60,
    accuracy: expect.closeTo(1, 1),
  })
  const told = readFileSync(at('one.csv'), 'utf8')
  expect(told).toBe(readFileSync(at('two.csv'), 'utf8'))
  const [head, ...rows] = scores(told)
  expect([head, rows.length]).toEqual([['prediction', 'p_high', 'p_low', 'p_off'], 60])
  expect(
    rows.every(([, ...shares]) => Math.abs(shares.reduce((sum, share) => sum + Number(share), 0) - 1) < 1e-5),
  ).toBe(true)
  const card = ringwall(['report', 'm.json'])
  expect([card.status, card.out]).toEqual([0, expect.stringContaining('# Model card: gradient-boosted trees')])
  const exported = ringwall(['export', 'm.json', '--onnx', 'm.onnx', '--xgboost', 'm.xgb.json', '--json'])
  expect(JSON.parse(exported.out)).toMatchObject({ inputs: ['load', 'mode=cold', 'mode=hot'], onnx: 'm.onnx' })
  expect(JSON.parse(readFileSync(at('m.xgb.json'), 'utf8'))).toHaveProperty('learner')
  const changed = readFileSync(at('m.json'), 'utf8').replace('"high"', '"hign"')
  writeFileSync(at('bad.json'), changed)
  expect(ringwall(['report', 'bad.json'])).toMatchObject({
    status: 2,
    err: expect.stringContaining('error model_digest'),
  })
})

test('change: where and which sensor, status 1; a steady series is 0', () => {
  const found = ringwall(['change', 'pump.csv', '--json', '--out', 'changes.csv', '--plot', 'changes.svg'])
  const { changes } = JSON.parse(found.out)
  expect(found.status).toBe(1)
  expect(
    changes.some(
      ({ row, sensor }: { row: number; sensor: string }) => Math.abs(row - 380) < 3 && sensor === 'Durchfluss',
    ),
  ).toBe(true)
  expect(readFileSync(at('changes.csv'), 'utf8')).toMatch(/^row,time,sensor,confidence,delay\n\d+,2024-05-01T10:/)
  expect(readFileSync(at('changes.svg'), 'utf8')).toMatch(/^<svg xmlns/)
  expect(ringwall(['change', '-'], `x\n${'1\n'.repeat(60)}`)).toMatchObject({ status: 0 })
})

test('sanitize: what is impossible goes, the rest stays as it was', () => {
  const lines = pump().split('\r\n').slice(0, 301)
  lines[120] = lines[120]!.replace(/;3[12],\d+;/, ';999;')
  const { status, out } = ringwall(['sanitize', '-', '--out', 'clean.csv', '--json'], lines.join('\r\n'))
  expect(status).toBe(1)
  expect(JSON.parse(out).removals).toEqual([
    expect.objectContaining({ code: 'robust', from: 119, to: 120, sensor: 'Durchfluss' }),
  ])
  const clean = scores(readFileSync(at('clean.csv'), 'utf8'))
  expect([clean.length, clean[120]![1], clean[119]![1]]).toEqual([
    301,
    '',
    lines[119]!.split(';')[1]!.replace(',', '.').replace(/0+$/, ''),
  ])
})

test.each([
  [
    'a word among numbers',
    pump().replace(/10:01:40;[^;]*;/, '10:01:40;oops;'),
    [
      'csv_number',
      /where {2}<stdin>:102:21/,
      /expected a number with a decimal comma in column 'Durchfluss', found "oops"/,
    ],
  ],
  [
    'a cell too many',
    `${pump()}1;2;3;4;5;6\r\n`,
    ['csv_width', /where {2}<stdin>:502:11/, /expected 5 cells as in the header, found 6/],
  ],
  ['nothing', '', ['csv_empty', /where {2}<stdin>:1:1/, /expected a table/]],
  ['no numbers', 'a,b\nx,y\n', ['rows_too_few', /./, /./]],
] as const)('broken input is told with its place: %s', (_name, text, [code, place, what]) => {
  const { status, out, err } = ringwall(['series', '-', '--train-rows', '300', '--out', 'no.csv'], text)
  expect([status, out]).toEqual([2, ''])
  expect(err).toMatch(new RegExp(`^error ${code}\n`))
  expect(err).toMatch(place)
  expect(err).toMatch(what)
})

test.each([
  [['series', 'pump.csv', '--train-rows', 'x', '--out', 'o'], /whole number/],
  [['series', 'pump.csv', '--train-rows', '10', '--out', 'o.csv'], /error rows_too_few/],
  [['series', 'pump.csv', '--train-rows', '300', '--ignore', 'nope', '--out', 'o.csv'], /error column_unknown/],
  [['series', 'pump.csv', '--train-rows', '300', '--out', 'o.csv', '--plot', 'o.png'], /error plot_kind/],
  [
    ['series', 'pump.csv', '--train-rows', '300', '--sensors', 'Druck', '--false-alarms', '0.01', '--out', 'o'],
    /error usage\n.*--false-alarms is for several sensors/,
  ],
  [['series', 'gone.csv', '--train-rows', '300', '--out', 'o.csv'], /error file_unusable/],
  [['classify', '--test', 'test.csv', '--out', 'o.csv'], /error usage/],
  [['fit', '--train', 'train.csv', '--label', 'load', '--save', 'o.json'], /error label_many/],
  [['export', 'pump.csv', '--onnx', 'o'], /error model_malformed/],
  [['export', 'pump.csv'], /error usage/],
])('wrong usage is status 2: %j', (args, message) => {
  const { status, err } = ringwall(args)
  expect([status, err]).toEqual([2, expect.stringMatching(message)])
})

test.each(['0', '1', '7', '-0.1', 'x', ''])('a share of false alarms is between 0 and 1, and not %j', share => {
  const { status, err } = ringwall([
    'series',
    'pump.csv',
    '--train-rows',
    '300',
    `--false-alarms=${share}`,
    '--out',
    'o',
  ])
  expect([status, err]).toEqual([2, expect.stringMatching(/between 0 and 1/)])
})

test.each(['series', 'fit', 'classify', 'change', 'sanitize', 'export', 'report'])('%s --help has an example', name => {
  expect(ringwall([name, '--help'])).toMatchObject({
    status: 0,
    out: expect.stringContaining(`$ ringwall learn ${name} `),
  })
})
