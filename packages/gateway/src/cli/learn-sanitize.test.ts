import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-sanitize-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The real command, on a table from standard input. */
function sanitize(input: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [COMMAND, 'learn', 'sanitize', '-', '--out', 'clean.csv', ...args],
    { cwd: folder, encoding: 'utf8', input },
  )
  return { status, out: stdout, err: stderr }
}

const clean = () => readFileSync(join(folder, 'clean.csv'), 'utf8').trimEnd().split('\n')

/** Rows of a flow that looks like noise and is the same each time, and of a valve that stands and moves. */
function rows(count: number, change: (row: number, cells: (number | string)[]) => void = () => {}): string {
  const lines = Array.from({ length: count }, (_, row) => {
    const noise = (Math.sin(row * 12.9898) * 43758.5453) % 1
    const cells = [
      new Date(Date.UTC(2026, 0, 5, 8, 0, row)).toISOString(),
      (32 + noise).toFixed(3),
      10 * (Math.floor(row / 100) % 4),
    ]
    change(row, cells)
    return cells.join()
  })
  return `time,flow,valve\n${lines.join('\n')}\n`
}

test('a valve that moves loses nothing', () => {
  const { status, out } = sanitize(rows(800))
  expect([status, out]).toEqual([0, expect.stringContaining('Nothing was taken out.')])
  expect(clean()).toHaveLength(801)
})

test('without a file to write to it only tells', () => {
  const text = rows(300, (row, cells) => {
    if (row === 50) cells[1] = '1e300'
  })
  const folderOf = mkdtempSync(join(folder, 'told-'))
  const { status, stdout } = spawnSync(process.execPath, [COMMAND, 'learn', 'sanitize', '-'], {
    cwd: folderOf,
    encoding: 'utf8',
    input: text,
  })
  expect([status, stdout]).toEqual([1, expect.stringMatching(/absurd {2}50[\s\S]*Nothing was written \(--out\)\.\n$/)])
  expect(readdirSync(folderOf)).toEqual([])
})

test('an absurd number is taken out and told with what it was, in text and JSON', () => {
  const text = rows(300, (row, cells) => {
    if (row === 50) cells[1] = '1e300'
  })
  const { status, out } = sanitize(text)
  expect([status, out]).toEqual([1, expect.stringMatching(/absurd {2}50 {4}flow {4}1e\+300 is beyond 3e38/)])
  expect(clean()[51]!.split(',')[1]).toBe('')
  expect(JSON.parse(sanitize(text, '--json').out).removals).toEqual([
    expect.objectContaining({ code: 'absurd', from: 50, to: 51, sensor: 'flow', value: 1e300 }),
  ])
})

test('a fault number in a column that never moved where it was learned is taken out, and a valve that moves at last is not', () => {
  const text = rows(600, (row, cells) => {
    cells[1] = row < 500 ? 5 : -999
    cells[2] = row < 500 ? 0 : 100
  })
  const { status, out } = sanitize(text, '--train-rows', '500')
  expect([status, out]).toEqual([
    1,
    expect.stringMatching(/state {2}500-599 {2}flow {4}-999 is 1004 from 5, where it always stood/),
  ])
  expect(
    clean()
      .slice(501)
      .every(line => /,,100$/.test(line)),
  ).toBe(true)
})

test('many removals are counted by what and sensor, and the first ones are told', () => {
  const text = rows(5_000, (row, cells) => {
    if (row >= 1_000 && row % 4 === 1) cells[1] = 900 + (row % 100)
    if (row >= 2_200 && row < 2_250) cells[1] = ''
  })
  // A quarter of the rows learned from would be no faults.
  const { status, out } = sanitize(text, '--train-rows', '1000')
  expect(status).toBe(1)
  expect(out).toMatch(/what {4}sensor {2}values {2}runs {2}first row\nrobust {2}flow {4}98\d +98\d +1001\n/)
  expect(out).toMatch(/\.\.\. and 98\d more \(--json tells the first 1000\)/)
  expect(out.split('\n').length).toBeLessThan(20)
  const json = JSON.parse(sanitize(text, '--train-rows', '1000', '--json').out)
  expect(json).toMatchObject({ rows: 5_000, kept: 5_000, missing: 50, clockUnfit: false, more: 0 })
  expect(json.counts).toEqual([expect.objectContaining({ code: 'robust', sensor: 'flow', runs: json.removals.length })])
})

test('JSON stays bounded, and says how many removals it leaves out', () => {
  const text = rows(7_000, (row, cells) => {
    if (row >= 1_000 && row % 4 === 1) cells[1] = 900 + (row % 100)
  })
  const { removals, more, counts } = JSON.parse(sanitize(text, '--train-rows', '1000', '--json').out)
  expect([removals.length, more, counts[0].runs]).toEqual([1_000, 500, 1_500])
})

test('a clock that goes back again and again is left alone, which is said once', () => {
  const text = rows(400, (row, cells) => {
    cells[0] = new Date(Date.UTC(2026, 0, 5, 8, 0, row % 8)).toISOString()
  })
  const { status, out } = sanitize(text)
  expect([status, out.match(/The clock was left alone/g)]).toEqual([0, ['The clock was left alone']])
  expect(clean()).toHaveLength(401)
})

test('a jump of the clock takes nothing out, and is no finding', () => {
  const text = rows(300, (row, cells) => {
    if (row >= 150) cells[0] = new Date(Date.UTC(2026, 0, 6, 8, 0, row)).toISOString()
  })
  const { status, out } = sanitize(text)
  expect([status, out]).toEqual([0, expect.stringMatching(/Nothing was taken out\.\nwhat .*\nclock_jump {2}150 /)])
  expect(clean()).toHaveLength(301)
})

test.each([
  ['microseconds', (row: number) => String(1_711_886_400_000_000 + 950 * row)],
  [
    'days before months',
    (row: number) => `${String(1 + (row % 12)).padStart(2, '0')}/${3 + Math.floor(row / 12)}/2024`,
  ],
])('the column of times is written as it was read: %s', (_name, time) => {
  const text = rows(100, (row, cells) => {
    cells[0] = time(row)
  })
  sanitize(text, '--ignore', 'time')
  expect(
    clean()
      .slice(1)
      .map(line => line.split(',')[0]),
  ).toEqual(Array.from({ length: 100 }, (_, row) => time(row)))
})

test.each(['inf', '-inf', 'Infinity'])('%s is taken out as absurd', cell => {
  const text = rows(100, (row, cells) => {
    if (row === 50) cells[1] = cell
  })
  expect(sanitize(text)).toMatchObject({ status: 1, out: expect.stringMatching(/absurd {2}50 {4}flow/) })
  expect(clean()[51]!.split(',')[1]).toBe('')
})

test('too few rows to learn from are refused', () => {
  expect(sanitize(rows(100), '--train-rows', '5')).toMatchObject({ status: 2 })
  expect(sanitize(rows(100), '--train-rows', '5000')).toMatchObject({
    status: 2,
    err: expect.stringContaining('expected 5000 rows to learn from (--train-rows), found 100'),
  })
  expect(sanitize(rows(5))).toMatchObject({ status: 2, err: expect.stringContaining('rows_too_few') })
})
