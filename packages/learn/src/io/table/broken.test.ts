import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { numbersOf, type Table, TableReader, tableOf } from './index.ts'

/** A table from bytes that come in pieces of a size. */
function read(bytes: Uint8Array, size = bytes.length): Table {
  const reader = new TableReader({ file: 'mill.csv' })
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  return reader.end()
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const refused = (code: string, message: string) =>
  expect.objectContaining({ name: 'CsvError', code, message: expect.stringContaining(message) })

test.each([
  ['gzip', gzipSync('a,b\n1,2\n'), 'found a gzip file: unpack it (gzip -d)'],
  ['xlsx', Uint8Array.from([0x50, 0x4b, 3, 4, 0x14, 0, 6, 0, 8]), 'found a zip archive, as an .xlsx is one too'],
  ['xls', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), 'found an old Excel file'],
  ['Parquet', utf8('PAR1\u0015\u0004'), 'found a Parquet file'],
  ['SQLite', utf8('SQLite format 3\u0000'), 'found a SQLite database'],
  ['UTF-32', Uint8Array.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'found UTF-32'],
])('%s is named, with what to do', (_name, bytes, message) => {
  for (const size of [1, 4_096]) expect(() => read(bytes, size)).toThrow(refused('csv_format', message))
})

test('a word that a format begins with is no such format', () => {
  expect(read(utf8('PAR,BZ\n1,2\n')).columns.map(({ name }) => name)).toEqual(['PAR', 'BZ'])
  expect(read(utf8('7\n')).rows).toBe(1)
})

/** UTF-16 with its byte order mark. */
function utf16(text: string, isLittle: boolean): Uint8Array {
  const units = Array.from({ length: text.length + 1 }, (_, i) => (i === 0 ? 0xfeff : text.charCodeAt(i - 1)))
  return Uint8Array.from(units.flatMap(unit => (isLittle ? [unit & 0xff, unit >> 8] : [unit >> 8, unit & 0xff])))
}

test('UTF-16 with a byte order mark is read, however it is cut', () => {
  const text = 'Höhe;Wort\r\n1,5;é\r\n2,5;😀\r\n'
  for (const isLittle of [true, false]) {
    for (const size of [1, 3, 4_096]) expect(read(utf16(text, isLittle), size).columns).toEqual(tableOf(text).columns)
  }
  expect(read(utf16('7', true)).rows).toBe(1)
  expect(() => read(utf16('a,b\n1,\ud83d\n', true))).toThrow(refused('csv_encoding', 'mill.csv:1:1: expected UTF-16'))
  expect(() => read(utf16('a,b\n1,2\n', true).subarray(0, 17))).toThrow(refused('csv_encoding', 'expected UTF-16'))
})

test('a first line that is too long is told as such, and one that is only long is read', () => {
  expect(() => read(utf8(`${'x'.repeat(1_100_000)}\n1\n`))).toThrow(
    refused('csv_row_long', 'mill.csv:1:1: expected the end of the row within 1048576 bytes'),
  )
  const names = Array.from({ length: 9_000 }, (_, i) => `sensor number ${i} of the mill in bar`)
  const table = read(utf8(`${names.join()}\n${names.map((_, i) => i).join()}\n`), 65_536)
  expect([table.rows, table.columns.length, table.columns[8_999]!.values[0]]).toEqual([1, 9_000, 8_999])
  expect(() => read(utf8('\n'.repeat(5_000_000)), 65_536)).toThrow(refused('csv_empty', 'less than two rows'))
})

test('100,000 columns are refused before they take memory', () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `c${i}`)
  const text = `${names.join()}\n${names.map(() => '1').join()}\n`
  expect(() => read(utf8(text), 65_536)).toThrow(
    refused('csv_columns', 'mill.csv:1:1: expected at most 10000 columns, found 100000'),
  )
})

test('a quoted cell of many lines may lie across the bytes by which a file is recognized', () => {
  const rows = Array.from({ length: 6_000 }, (_, i) => `${i},"a note\nof ${'two'.repeat(10)} lines"\n`)
  expect(read(utf8(`n,note\n${rows.join('')}`), 65_536).rows).toBe(6_000)
})

test('absurd numbers are kept for somebody who takes them out, and written as they were', () => {
  const table = tableOf('a,b\n1,2\n1e300,3\n-1e999,4\n', { keepsAbsurd: true })
  expect(Array.from(table.columns[0]!.values)).toEqual([1, 1e300, -Infinity])
  expect(Array.from(numbersOf(table).matrix.data)).toEqual([1, 2, Infinity, 3, -Infinity, 4])
})

test('a name that is not there is told with those that are most alike, and how many there are', () => {
  const table = tableOf(`${Array.from({ length: 300 }, (_, i) => `sensor_${i}`).join()},Flow\n${'1,'.repeat(300)}2\n`)
  expect(() => numbersOf(table, ['flov'])).toThrow(/expected a column 'flov', found 301 others, the most alike Flow, /)
  expect(() => numbersOf(table, ['flov'])).not.toThrow(/sensor_200/)
  expect(() => tableOf('a,b\n1,2\n', { time: 'c' })).toThrow("expected a column 'c', found a, b")
})

test('without a header columns are named by their place', () => {
  expect(tableOf('1,2,3\n4,5,6\n').columns.map(({ name }) => name)).toEqual(['column1', 'column2', 'column3'])
  expect(tableOf('a,,c\n4,5,6\n').columns.map(({ name }) => name)).toEqual(['a', 'column2', 'c'])
})
