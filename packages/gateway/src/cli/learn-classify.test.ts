import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
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
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-classify-'))
  writeFileSync(at('train.csv'), states(120, 0))
  writeFileSync(at('test.csv'), states(30, 500))
  expect(ringwall(['fit', '--train', 'train.csv', '--label', 'state', '--save', 'm.json']).status).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)

/** The real command, in the folder. */
function ringwall(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
    maxBuffer: 1e8,
  })
  return { status, out: stdout, err: stderr }
}

const NAMES = ['lo', 'hi, "up"', 'x|y\nz']

/** Three states, told by a number; the names of two and of a column are such as break tables. A column has no value. */
function states(rows: number, shift: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const state = (i + shift) % 3
    return `${state + ((i * 7) % 10) / 25},,"${NAMES[state]!.replaceAll('"', '""')}"`
  })
  return `"load, ""kW""\u001b[2J",none,state\n${lines.join('\n')}\n`
}

test('fit with a test table: figures of each class and the baseline, as text and as JSON', () => {
  const args = ['fit', '--train', 'train.csv', '--label', 'state', '--test', 'test.csv']
  const { status, out, err } = ringwall(args)
  expect([status, err]).toEqual([0, ''])
  expect(out).toContain('Left out: none (no value).\n')
  expect(out).toMatch(/class {5}actual {2}told {2}recall {2}precision\nhi, "up" {2}10 {6}10 {4}1 {7}1\n/)
  expect(out).toMatch(/100\.00 % of 30 rows are what 'state' says, macro F1 1; 33\.33 % by telling always/)
  expect(out).not.toContain('y\nz')
  const json = JSON.parse(ringwall([...args, '--json']).out)
  expect(json).toMatchObject({
    accuracy: 1,
    leftOut: [{ name: 'none', why: 'no value' }],
    report: { rows: 30, unlabeled: 0, macroF1: 1, baseline: { accuracy: expect.closeTo(1 / 3, 9) } },
  })
  expect(json.report.classes[2]).toEqual({ name: 'x|y\nz', actual: 10, predicted: 10, recall: 1, precision: 1, f1: 1 })
})

test('classify by a kept model judges by the column that --label names, which must be there', () => {
  const args = ['classify', '--model', 'm.json', '--test']
  writeFileSync(at('other.csv'), readFileSync(at('test.csv'), 'utf8').replace(',state\n', ',truth\n'))
  expect(JSON.parse(ringwall([...args, 'other.csv', '--json']).out)).toMatchObject({ report: null, rows: 30 })
  const judged = JSON.parse(ringwall([...args, 'other.csv', '--label', 'truth', '--json']).out)
  expect(judged).toMatchObject({ accuracy: 1, report: { label: 'truth', baseline: { class: expect.any(String) } } })
  expect(ringwall([...args, 'other.csv', '--label', 'nope'])).toMatchObject({
    status: 2,
    err: expect.stringMatching(/error column_unknown\n.*'nope'[\s\S]*where {2}other\.csv/),
  })
})

test('a column of labels that says nothing is no reason to refuse what is told; labels that look like numbers stay words', () => {
  const train = `x,code\n${Array.from({ length: 60 }, (_, i) => `${i % 2},0${i % 2}`).join('\n')}\n`
  writeFileSync(at('codes.csv'), train)
  const fit = ['fit', '--train', 'codes.csv', '--label', 'code', '--words', 'code', '--save', 'codes.json', '--json']
  expect(JSON.parse(ringwall(fit).out).classes).toEqual(['00', '01'])
  const classify = ['classify', '--model', 'codes.json', '--json', '--test', '-']
  expect(JSON.parse(ringwall(classify, 'x,code\n1,\n0,\n').out)).toMatchObject({ rows: 2, report: null })
  expect(JSON.parse(ringwall(classify, 'x,code\n1,01\n0,00\n').out)).toMatchObject({ accuracy: 1 })
  const named = JSON.parse(ringwall([...classify, '--label', 'is'], 'x,is\n1,01\n0,00\n').out)
  expect(named).toMatchObject({ accuracy: 1, report: { label: 'is' } })
  expect(JSON.parse(ringwall([...classify, '--label', 'is'], 'x,is\n1,\n').out).error.code).toBe('label_missing')
})

test('names with commas, quotes, pipes and control characters stay in their cells', () => {
  expect(ringwall(['classify', '--model', 'm.json', '--test', 'test.csv', '--out', 'told.csv']).status).toBe(0)
  expect(readFileSync(at('told.csv'), 'utf8')).toMatch(/^prediction,"p_hi, ""up""",p_lo,"p_x\|y\nz"\n/)
  const { out } = ringwall(['export', 'm.json', '--onnx', 'm.onnx'])
  expect(out).toContain(String.raw`Inputs, in this order: "load, \"kW\"\u001b[2J"`)
  expect(out).toContain(String.raw`Classes: "hi, \"up\"", lo, "x|y\nz"`)
  const card = ringwall(['report', 'm.json']).out
  expect(card.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(card).not.toContain('y\nz')
  expect(card).toContain('| Says | state: "hi, &#92;"up&#92;"", lo, x&#124;y\ufffdz |')
})

test('the file that is bad is named: the model, the table to learn from, the table to tell', () => {
  const cases = [
    [['classify', '--model', 'test.csv', '--test', 'train.csv'], /error model_malformed[\s\S]*where {2}test\.csv\n/],
    [['classify', '--model', 'gone.json', '--test', 'test.csv'], /error file_unusable[\s\S]*where {2}gone\.json\n/],
    [['classify', '--train', 'train.csv', '--label', 'none', '--test', 'test.csv'], /label_missing[\s\S]*train\.csv\n/],
    [['report', '-'], /error model_malformed[\s\S]*where {2}<stdin>\n/],
  ] as const
  for (const [args, message] of cases)
    expect(ringwall(args)).toMatchObject({ status: 2, err: expect.stringMatching(message) })
  const old = readFileSync(at('m.json'), 'utf8').replace('"version":2', '"version":1')
  writeFileSync(at('old.json'), old)
  const { err } = ringwall(['classify', '--model', 'old.json', '--test', 'test.csv'])
  expect(err).toMatch(/error model_version\n.*version 1[\s\S]*where {2}old\.json\n {2}do {5}Fit it again/)
})

test.each([
  ['gone/m.json', /ENOENT[\s\S]*gone\/m\.json[\s\S]*folder is not there/],
  ['.', /cannot be written[\s\S]*Name a file/],
  ['/dev/full', /ENOSPC[\s\S]*There is no room/],
])('a place that cannot be written to is told with what to do: %s', (file, message) => {
  const { status, err } = ringwall(['fit', '--train', 'train.csv', '--label', 'state', '--save', file])
  expect([status, err]).toEqual([2, expect.stringMatching(message)])
})

test('a file is replaced whole, through a link too, and nothing lies beside it', () => {
  writeFileSync(at('kept.json'), 'old')
  chmodSync(at('kept.json'), 0o666)
  symlinkSync('kept.json', at('link.json'))
  expect(ringwall(['fit', '--train', 'train.csv', '--label', 'state', '--save', 'link.json']).status).toBe(0)
  expect(JSON.parse(readFileSync(at('kept.json'), 'utf8'))).toHaveProperty('digest')
  expect(statSync(at('kept.json')).mode & 0o7777).toBe(0o666)
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
})

test('what goes to standard output is that file alone; what is said beside it goes to standard error', () => {
  const fit = ringwall(['fit', '--train', '-', '--label', 'state', '--save', '-'], states(60, 0))
  expect([fit.status, JSON.parse(fit.out).format, fit.err]).toEqual([
    0,
    'ringwall-model',
    expect.stringMatching(/3 classes/),
  ])
  const told = ringwall(['classify', '--model', '-', '--test', 'test.csv', '--out', '-', '--json'], fit.out)
  expect([told.status, told.out.split('\n')[0]]).toEqual([0, 'prediction,"p_hi, ""up""",p_lo,"p_x|y'])
  expect(JSON.parse(told.err)).toMatchObject({ accuracy: 1 })
  const sanitize = ['sanitize', 'train.csv', '--label', 'state', '--out']
  expect(ringwall([...sanitize, 'clean.csv']).status).toBe(0)
  const sanitized = ringwall([...sanitize, '-', '--json'])
  expect(sanitized.out).toBe(readFileSync(at('clean.csv'), 'utf8'))
  expect(JSON.parse(sanitized.err)).toMatchObject({ rows: 120, kept: 120 })
  const exported = ringwall(['export', 'm.json', '--onnx', '-'])
  expect([exported.out.includes('ringwall'), exported.err]).toEqual([
    true,
    expect.stringContaining('Inputs, in this order'),
  ])
  for (const args of [
    ['fit', '--train', '-', '--test', '-', '--label', 'state'],
    ['fit', '--train', 'train.csv', '--test', 'test.csv', '--label', 'state', '--save', '-', '--out', '-'],
  ])
    expect(ringwall(args)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/error usage\n.*two files are standard/),
    })
})

test('a column of thousands of labels is told by its first classes, as text and as JSON', () => {
  const lines = Array.from({ length: 3_000 }, (_, i) => `${i % 3},,l${i}`)
  const table = `"load, ""kW""\u001b[2J",none,state\n${lines.join('\n')}\n`
  const args = ['classify', '--model', 'm.json', '--test', '-']
  const text = ringwall(args, table)
  expect([text.status, text.out.split('\n').length < 40]).toEqual([0, true])
  expect(text.out).toContain('\n... and 2983 more (--json tells the first 1000)\n')
  expect(text.out).toContain('0.00 % of 3000 rows are what')
  const { report } = JSON.parse(ringwall([...args, '--json'], table).out)
  expect([report.classes.length, report.more, report.rows]).toEqual([1_000, 2_003, 3_000])
  expect(JSON.parse(ringwall([...args, '--json'], states(30, 500)).out).report.more).toBe(0)
})

test('a column that is to be ignored and is not there is refused, with those that are', () => {
  const args = ['fit', '--train', 'train.csv', '--label', 'state', '--ignore', 'nome', '--save', 'no.json']
  expect(ringwall(args)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/error column_unknown\n.*expected a column 'nome', found .*none, state/),
  })
})

test('an interrupt ends learning, and leaves no file', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => {
    const cells = Array.from({ length: 6 }, (_, column) =>
      ((Math.sin(i * 12.9898 + column * 78.233) * 43758.5453) % 1).toFixed(4),
    )
    return [...cells, `c${(i * 7919) % 10}`].join()
  })
  const args = [COMMAND, 'learn', 'fit', '--train', '-', '--label', 'state', '--save', 'long.json']
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] })
  // All but what a pipe holds was read when the last of it is taken: then it learns, for far longer than a test may take.
  await new Promise<void>(done => child.stdin.end(`a,b,c,d,e,f,state\n${lines.join('\n')}\n`, done))
  const ended = once(child, 'exit')
  expect(child.exitCode).toBeNull()
  child.kill('SIGINT')
  // A shell says 130 of it.
  expect(await ended).toEqual([null, 'SIGINT'])
  expect(existsSync(at('long.json'))).toBe(false)
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
})

test('columns and classes that are too many are refused by a code', () => {
  const many = `x,state\n${Array.from({ length: 3_000 }, (_, i) => `${i},c${i}`).join('\n')}\n`
  expect(ringwall(['fit', '--train', '-', '--label', 'state', '--save', 'no.json'], many)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/error label_many\n.*at most 200 classes, found 3000/),
  })
  const widest = `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join()}\n${'1,'.repeat(99_999)}1\n`
  expect(ringwall(['fit', '--train', '-', '--label', 'c7', '--save', 'no.json'], widest)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/error csv_columns\n.*at most 10000 columns, found 100000/),
  })
})

test.each(['--seed=2', '--ignore=none', '--algorithm=forest', '--words=none', '--stream'])(
  'what only learning takes is refused beside a model: %s',
  option => {
    const { status, err } = ringwall(['classify', '--model', 'm.json', '--test', 'test.csv', option])
    expect([status, err]).toEqual([2, expect.stringMatching(/^error usage\n.*has no effect with --model/)])
  },
)

test('a table without a header is told, and so is an input that is empty where it never was', () => {
  const table = states(60, 0).split('\n').slice(1).join('\n')
  const fitted = ringwall(['fit', '--train', '-', '--label', 'column3', '--save', 'bare.json'], table)
  expect([fitted.status, fitted.out]).toEqual([
    0,
    expect.stringContaining('\nNo header: the columns are called column1 to column3.\n'),
  ])
  const args = ['classify', '--model', 'bare.json', '--no-header', '--test', '-']
  const told = ringwall(args, ',1\n,2\n,3\n')
  expect([told.status, told.out]).toEqual([
    0,
    expect.stringContaining('Warning: mostly empty, and hardly ever in training: column1 (3 rows).\n'),
  ])
  expect(JSON.parse(ringwall([...args, '--json'], ',1\n,2\n').out)).toMatchObject({
    empty: [{ name: 'column1', rows: 2 }],
    unseen: [],
  })
})

test('of a model that tells no classes it is the model that is wrong', () => {
  const rows = Array.from({ length: 120 }, (_, i) => `${i % 7},${(i * 3) % 5}\n`).join('')
  writeFileSync(at('pump.csv'), `a,b\n${rows}`)
  expect(ringwall(['series', 'pump.csv', '--train-rows', '90', '--save', 'pump.json']).err).toBe('')
  const { status, err } = ringwall(['classify', '--model', 'pump.json', '--test', 'test.csv'])
  expect([status, err]).toEqual([2, expect.stringMatching(/^error not_a_classifier\n.*\n {2}where {2}pump\.json\n/)])
})
