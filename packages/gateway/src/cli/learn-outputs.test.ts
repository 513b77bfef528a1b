import { spawnSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkOutputs } from './learn-outputs.ts'
import { LARGEST_FILE, textOf } from './learn-whole.ts'
import { writeWhole } from './learn-write.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringwall-learn-outputs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')

const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 3}\n`).join('')
writeFileSync(at('clean.csv'), `a,b\n${rows}`)
mkdirSync(at('dir'))
symlinkSync(at('q'), at('to-q'))
symlinkSync('loop', at('loop'))
symlinkSync('../above', at('dir/up'))
linkSync(at('clean.csv'), at('same.csv'))

function learn(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], { cwd: folder })
  return { status, out: stdout.toString(), err: stderr.toString() }
}

test.each([
  ['one name', 'q', 'q'],
  ['a name with a dot', 'q', './q'],
  ['a link to where nothing is yet', 'to-q', 'q'],
  ['a folder that is there twice', 'dir/../q', at('q')],
])('two outputs to one file are refused before any work: %s', (_, out, save) => {
  const { status, err } = learn('series', 'clean.csv', '--train-rows', '40', '--out', out, '--save', save)
  expect([status, err]).toEqual([2, expect.stringMatching(/^error usage\n.*--out and --save are one file/)])
  expect(existsSync(at('q'))).toBe(false)
})

test.each([
  ['export', 'm.json', '--onnx', 'q', '--xgboost', './q'],
  ['classify', '--train', 'clean.csv', '--label', 'b', '--test', 'clean.csv', '--out', 'q', '--save', 'q'],
])('two outputs to one file: %s', (...args) => {
  expect(learn(...args)).toMatchObject({ status: 2, err: expect.stringMatching(/^error usage\n.* are one file/) })
})

test.each([
  ['a folder that is not there', 'gone/m.json', /ENOENT.*\n.*\n.*folder is not there/],
  ['a folder', 'dir', /EISDIR/],
  ['a file in place of a folder', 'clean.csv/m', /ENOTDIR/],
  ['a link to itself', 'loop', /ELOOP.*\n.*\n.*link that leads to itself/],
  ['what is read, by another name', 'same.csv', /is read, and would be lost/],
])('an output that cannot be written is told before the work: %s', (_, save, what) => {
  const { status, out, err } = learn('series', 'clean.csv', '--train-rows', '40', '--out', 'ok.csv', '--save', save)
  expect([status, out, err]).toEqual([2, '', expect.stringMatching(/^error file_unusable/)])
  expect(err).toMatch(what)
  expect(existsSync(at('ok.csv'))).toBe(false)
})

test('a link is written through, whether its file is there or not', () => {
  for (const text of ['first', 'second']) {
    writeWhole(at('dir/up'), text)
    expect([readFileSync(at('above'), 'utf8'), lstatSync(at('dir/up')).isSymbolicLink()]).toEqual([text, true])
  }
  expect(readdirSync(at('dir'))).toEqual(['up'])
})

test('a device may be named twice, and a link to itself is told as an input too', () => {
  expect(() => checkOutputs({ '--out': '/dev/null', '--save': '/dev/null' })).not.toThrow()
  expect(learn('change', 'loop')).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^error file_unusable.*\n.*ELOOP/),
  })
})

test('a model is read up to a size, and without its byte order mark', () => {
  writeFileSync(at('marked.json'), '\uFEFF{}')
  expect([textOf(at('marked.json')), LARGEST_FILE]).toEqual(['{}', 2 ** 29])
  expect(() => textOf(at('marked.json'), 4)).toThrow(/file_too_large: it has more than 4 bytes/)
  const { status, err } = learn('report', '/dev/zero')
  expect([status, err]).toEqual([2, expect.stringMatching(/^error file_too_large\n.*\n {2}where {2}\/dev\/zero/)])
  expect(() => textOf('/dev/zero', 3_000_000)).toThrow(/file_too_large: it has more than 3000000 bytes/)
})
