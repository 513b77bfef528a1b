import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')

/** What the real command says of standard input. */
function change(input: string | Uint8Array, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', 'change', '-', ...args], {
    cwd: tmpdir(),
    input,
  })
  return { status, out: stdout.toString(), err: stderr.toString() }
}

test.each([
  ['a row', 'a,b\n1,2\n', /^error rows_too_few\n {2}what {3}1 row, where a change takes at least 4/],
  [
    'a number that is absurd',
    'a,flow\n1,2\n3,1e300\n',
    /^error csv_range\n.* in column 'flow', found "1e300"\n {2}where {2}<stdin>:3:3\n.*learn sanitize/,
  ],
  ['a gzip file', gzipSync('a,b\n1,2\n'), /^error csv_format\n.*found a gzip file: unpack it \(gzip -d\)/],
  ['a NUL byte', 'a,b\n1,2\n3,\0\n', /^error csv_encoding\n.*NUL byte[^\n]*\n {2}where {2}<stdin>:3:3/],
  ['a header alone', 'a,b\n', /^error csv_empty\n.*behind the header[^\n]*\n {2}where {2}<stdin>:2:1/],
] as const)('%s is refused with what it is, and where', (_name, input, message) => {
  const { status, out, err } = change(input)
  expect([status, out, err]).toEqual([2, '', expect.stringMatching(message)])
})

test('a column that is not there is told with the most alike, and an argument too many with what is behind it', () => {
  const names = Array.from({ length: 40 }, (_, i) => `pressure_${i}`)
  const table = `${names.join()},flow\n${`${'2,'.repeat(40)}3\n`.repeat(5)}`
  const { status, err } = change(table, '--ignore', 'folw')
  expect([status, err]).toEqual([
    2,
    expect.stringMatching(/^error column_unknown\n.*found 41 others, the most alike flow/),
  ])
  expect(err.length).toBeLessThan(600)
  expect(change('a,b\n1,2\n', '--ignore', 'a', 'b')).toMatchObject({
    status: 2,
    err: expect.stringContaining('A list is one word, with commas: a,b.'),
  })
})

test('without a header the names of columns are told', () => {
  const { status, out } = change('1,2\n'.repeat(6))
  expect([status, out]).toEqual([0, expect.stringContaining('No header: the columns are called column1 to column2.')])
})

test('a column that is ignored is not read, whatever stands in it', () => {
  const rows = Array.from({ length: 1_200 }, (_, i) => `${i % 7},${i === 1_100 ? 'word' : i}\n`).join('')
  expect(change(`a,b\n${rows}`)).toMatchObject({ status: 2, err: expect.stringMatching(/^error csv_number/) })
  for (const option of ['--ignore=b', '--sensors=a']) expect(change(`a,b\n${rows}`, option)).toMatchObject({ err: '' })
})

test('dates that may be read in two ways are told, and --dates says which it is', () => {
  const rows = Array.from({ length: 30 }, (_, i) => `05/04/2024 10:${10 + i};${i < 15 ? 1 : 9}\n`).join('')
  const { err } = change(`time;flow\n${rows}`)
  expect(err).toMatch(/^warning dates_open\n.*column 'time' is read as dd\/mm\/yyyy.*\n {2}where {2}<stdin>\n.*--dates/)
  const said = change(`time;flow\n${rows}`, '--dates', 'mdy')
  expect([said.err, said.out]).toEqual(['', expect.stringContaining('2024-05-04T10:25')])
})
