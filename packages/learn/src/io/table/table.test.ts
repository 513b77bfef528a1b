import { expect, test } from 'vitest'
import { LearnError } from '../../base/error.ts'
import { randomOf } from '../../base/random.ts'
import { CsvError, csvLines, numbersOf, readTable, type Table, type TableOptions, tableOf, timesOf } from './index.ts'

const kinds = ({ columns }: Table) => columns.map(({ name, kind }) => `${name}:${kind}`).join(' ')
const values = (table: Table, column: number) => Array.from(table.columns[column]!.values)

const DIALECTS: readonly (readonly [name: string, text: string, decimal: string, header: boolean])[] = [
  ['commas', 'a,b\n1.5,2\n-3e2,4\n', '.', true],
  ['semicolons and decimal commas', 'a;b\n1,5;2\n-3e2;4\n', ',', true],
  ['tabs', 'a\tb\n1.5\t2\n-3e2\t4\n', '.', true],
  ['bars', 'a|b\n1.5|2\n-3e2|4', '.', true],
  ['CRLF', 'a,b\r\n1.5,2\r\n-3e2,4\r\n', '.', true],
  ['a byte order mark', '\ufeffa,b\n1.5,2\n-3e2,4\n', '.', true],
  ['quotes', '"a","b"\n"1.5","2"\n"-3e2","4"\n', '.', true],
  ['blanks and empty lines', 'a , b\n\n 1.5 ,\t2\n -3e2, 4 \n\n', '.', true],
  ['no header', '1.5,2\n-3e2,4\n', '.', false],
  ['no header, decimal commas', '1,5;2\n-3e2;4\n', ',', false],
]

test.each(DIALECTS)('%s', (_name, text, decimal, header) => {
  const table = tableOf(text)
  expect([table.rows, table.dialect.decimal, table.dialect.header]).toEqual([2, decimal, header])
  expect(table.columns.map(({ name }) => name)).toEqual(header ? ['a', 'b'] : ['column1', 'column2'])
  expect([values(table, 0), values(table, 1)]).toEqual([
    [1.5, -300],
    [2, 4],
  ])
})

test('missing values, categories, quoted separators, quotes and line breaks', () => {
  const table = tableOf('x,word,n\n1,"a, ""b""\nc",\nNaN,na,2\nnull,d,?\nNA,d,3\n')
  expect(kinds(table)).toBe('x:number word:category n:number')
  expect(values(table, 0)).toEqual([1, Number.NaN, Number.NaN, Number.NaN])
  expect(table.columns[1]).toMatchObject({ categories: ['a, "b"\nc', 'd'], values: Int32Array.of(0, -1, 1, 1) })
  const { names, matrix } = numbersOf(table, ['n'])
  expect([names, matrix.rows, matrix.columns]).toEqual([['x'], 4, 1])
})

const instant = Date.UTC(2024, 2, 31, 13, 5, 9)
const TIMES: readonly (readonly [name: string, first: string, second: string, expected: number])[] = [
  ['ISO', '2024-03-31T13:05:09Z', '2024-03-31T13:06:09Z', instant],
  ['ISO with a zone and a fraction', '2024-03-31 15:05:09.250+02:00', '2024-03-31 15:06:09+02:00', instant + 250],
  ['ISO without a zone', '2024-03-31 13:05:09', '2024-03-31 13:06:09', instant],
  ['German', '31.03.2024 13:05:09', '31.03.2024 13:06:09', instant],
  ['American', '03/31/2024 01:05:09 PM', '03/31/2024 01:06:09 PM', instant],
  ['British', '31/03/2024 13:05:09', '31/03/2024 13:06:09', instant],
  ['month names', '31-Mar-24 13:05:09', '31-Mar-24 13:06:09', instant],
  ['epoch s', '1711890309', '1711890369', instant],
  ['epoch ms', '1711890309000', '1711890369000', instant],
  ['epoch us', '1711890309000000', '1711890369000000', instant],
]

test.each(TIMES)('times: %s', (_name, first, second, expected) => {
  const table = tableOf(`time;x\n${first};1\n${second};2\n${second};3\n`)
  const column = timesOf(table)
  expect(column?.values[0]).toBe(expected)
  expect(column!.values[1]! - column!.values[0]!).toBeCloseTo(expected === instant ? 60_000 : 59_750)
})

test('of days and months that could be either, the order in which they come decides', () => {
  const days = ['01', '02', '03', '04'].map(day => `${day}/05/2024;1`).join('\n')
  expect(new Date(timesOf(tableOf(`t;x\n${days}`))!.values[1]!).toISOString()).toContain('2024-05-02')
  const mixed = ['28/04/2024', '29/04/2024', '01/05/2024'].map(day => `${day};1`).join('\n')
  expect(new Date(timesOf(tableOf(`t;x\n${mixed}`))!.values[2]!).toISOString()).toContain('2024-05-01')
})

const ROWS = '1,2\n'.repeat(12)
const BROKEN: readonly (readonly [name: string, text: string, code: string, where: string, what: RegExp])[] = [
  ['nothing', '', 'csv_empty', '1:1', /expected a table, found nothing/],
  ['only empty lines', '\n\n', 'csv_empty', '1:1', /found nothing/],
  ['a header alone', 'a,b\n', 'csv_empty', '2:1', /expected rows behind the header/],
  [
    'a word among numbers',
    `a,b\n${ROWS}3,oops\n`,
    'csv_number',
    '14:3',
    /expected a number in column 'b', found "oops"/,
  ],
  ['two decimal marks', `a,b\n${ROWS}1.2.3,4\n`, 'csv_number', '14:1', /found "1.2.3"/],
  [
    'a decimal point in a file of commas',
    `a;b\n${'1,5;2,5\n'.repeat(9)}1.5;2\n`,
    'csv_number',
    '11:1',
    /decimal comma/,
  ],
  ['no finite number', `a,b\n${ROWS}inf,4\n`, 'csv_number', '14:1', /found "inf"/],
  ['too few cells', `a,b\n${ROWS}1\n`, 'csv_width', '14:2', /expected 2 cells as in the header, found 1/],
  ['too many cells', `a,b\n${ROWS}1,2,3\n`, 'csv_width', '14:5', /found 3/],
  ['too many cells behind a letter of two bytes', `ä,b\n${'é,2\n'.repeat(9)}é,2,3\n`, 'csv_width', '11:5', /found 3/],
  ['an open quote', `a,b\n${ROWS}1,"2\n3,4\n`, 'csv_quote_open', '14:3', /closing quote, found the end/],
  ['text behind a quote', `a,b\n${ROWS}"1"x,2\n`, 'csv_quote_text', '14:4', /found "x"/],
  [
    'a wrong line behind a line break in quotes',
    `a,b\n"x\ny",1\nz,2\nz,2\nz,2\nz,bad\n`,
    'csv_number',
    '7:3',
    /found "bad"/,
  ],
  ['a day that is none', `t,x\n${'2024-01-01,1\n'.repeat(9)}2024-02-30,1\n`, 'csv_time', '11:1', /ISO 8601/],
  ['a name twice', 'a,a\n1,2\n', 'csv_header', '1:3', /'a' twice/],
  ['UTF-16', 'a\u0000,\u0000b\u0000', 'csv_encoding', '1:2', /UTF-8/],
  ['a NUL byte', `a,b\n${ROWS}3,x\u0000\n`, 'csv_encoding', '14:4', /found a NUL byte/],
  ['a name twice in quotes', '"a b",c,"a b"\n1,2,3\n', 'csv_header', '1:9', /'a b' twice/],
  ['the name of a nameless column twice', 'column2,\n1,2\n', 'csv_header', '1:9', /'column2' twice/],
  [
    'a number that no sensor tells',
    `a,flow\n${ROWS}3,1e300\n`,
    'csv_range',
    '14:3',
    /between -3.4e38 and 3.4e38 in column 'flow', found "1e300"/,
  ],
  ['a number beyond all doubles', 'a,flow\n1,-1e999\n', 'csv_range', '2:3', /in column 'flow', found "-1e999"/],
  ['ragged rows without a header', '1,2\n3,4\n5\n', 'csv_width', '3:2', /expected 2 cells as in most rows, found 1/],
]

test.each(BROKEN)('broken: %s', (_name, text, code, where, what) => {
  let caught: unknown
  try {
    tableOf(text, { file: 'mill.csv' })
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(CsvError)
  expect(caught).toBeInstanceOf(LearnError)
  expect(caught).toMatchObject({ code, message: expect.stringMatching(what) })
  expect((caught as CsvError).message).toContain(`mill.csv:${where}: `)
})

test('bytes that are no UTF-8 are told where they stand', async () => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('a,b\n1,x\n2,'), 0xe9, 0x0a])
  await expect(readAll(bytes)).rejects.toThrow(/table:3:3: expected UTF-8/)
})

function readAll(bytes: Uint8Array, options: TableOptions = {}, size = bytes.length) {
  return readTable(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
    })(),
    options,
  )
}

test('however the bytes are cut, the table is the same, and errors too', async () => {
  const lines = Array.from({ length: 4_000 }, (_, i) => `${i},${Math.sin(i)},"w""${i % 3}",\r\n`)
  const bytes = new TextEncoder().encode(`row,x,word,none\r\n${lines.join('')}`)
  const whole = await readAll(bytes)
  expect([whole.rows, kinds(whole)]).toEqual([4_000, 'row:number x:number word:category none:number'])
  expect(values(whole, 1)).toEqual(Array.from({ length: 4_000 }, (_, i) => Math.sin(i)))
  for (const size of [1, 7, 4_096]) expect(await readAll(bytes, {}, size)).toEqual(whole)
  const broken = new TextEncoder().encode(`row,x,word,none\r\n${lines.join('')}1,2,3,4,5\r\n`)
  for (const size of [1, 4_096]) await expect(readAll(broken, {}, size)).rejects.toThrow('table:4002:9: expected 4')
})

test('a big file is read row by row: a column that begins behind the first rows is what its first value is', async () => {
  const early = '1,,\n'.repeat(90_000)
  const table = await readAll(new TextEncoder().encode(`a,b,c\n${early}2,3.5,on\n`), {}, 65_536)
  expect([table.rows, kinds(table)]).toEqual([90_001, 'a:number b:number c:category'])
  expect([values(table, 1).at(-1), values(table, 1)[0], table.columns[2]!.values[0]]).toEqual([3.5, Number.NaN, -1])
  const late = `a,b\n${'1,2\n'.repeat(90_000)}1,x\n`
  await expect(readAll(new TextEncoder().encode(late), {}, 65_536)).rejects.toThrow('table:90002:3: expected a number')
})

test('what is said of a file is not guessed', () => {
  expect(tableOf('1,2\n3,4\n', { header: true }).columns.map(({ name }) => name)).toEqual(['1', '2'])
  expect(tableOf('a,b\nc,d\n', { header: false }).rows).toBe(2)
  expect(tableOf('x;1,2\ny;3,4\n', { separator: ',' }).columns).toHaveLength(2)
  expect(() => tableOf('a,b\n1,2\n', { time: 'c' })).toThrow("expected a column 'c', found a, b")
})

test('what is written is read again', () => {
  const table = tableOf('time;x;word\n2024-01-01 10:00:00;1,25;a b\n2024-01-01 10:00:01;;"say ""hi"", ok"\n')
  const again = tableOf([...csvLines(table)].join(''))
  expect(again.columns).toEqual(table.columns)
  expect([...csvLines(table, row => row === 1)]).toHaveLength(2)
})

test('columns that are not there, or not what is asked for, are errors', () => {
  const table = tableOf('a,b\nx,1\ny,2\n')
  const codes = [() => numbersOf(table, ['c']), () => numbersOf(table, ['b']), () => timesOf(table, 'a')].map(act => {
    try {
      act()
    } catch (error) {
      return (error as LearnError).code
    }
    return null
  })
  expect(codes).toEqual(['column_unknown', 'columns_none', 'column_no_time'])
})

test('whatever the bytes are, there is a table or an error of ours', () => {
  const random = randomOf(3)
  const signs = [
    '1',
    '2,5',
    ';',
    ',',
    '\t',
    '\n',
    '\r\n',
    '"',
    '""',
    ' ',
    'x',
    'NaN',
    '2024-01-01',
    '\ufeff',
    'é',
    '-',
    '|',
    '1e999',
  ]
  let tables = 0
  for (let i = 0; i < 3_000; i++) {
    const text = Array.from({ length: random.below(40) }, () => signs[random.below(signs.length)]).join('')
    try {
      const { rows, columns } = tableOf(text)
      tables++
      expect(columns.every(({ values }) => values.length === rows)).toBe(true)
    } catch (error) {
      expect(error).toMatchObject({ name: 'CsvError', code: expect.stringMatching(/^csv_/) })
    }
  }
  expect(tables).toBeGreaterThan(300)
})

test('what spreadsheets write: a line sep=, and a header with empty cells behind it', () => {
  const separated = tableOf('sep=|\r\na;b|c\r\n1|2\r\n3|4\r\n')
  expect([separated.dialect.separator, separated.columns.map(({ name }) => name)]).toEqual(['|', ['a;b', 'c']])
  expect(() => tableOf('sep=;\na;b\n1;2\n3;4\n5;6\n7;8\n9;x\n')).toThrow(/table:7:3: expected a number/)
  const padded = tableOf('a;b;;\n1;2;;\n3;4;;\n')
  expect(padded.columns.map(({ name }) => name)).toEqual(['a', 'b', 'column3', 'column4'])
  expect(tableOf('x;;\ny;z;\n').dialect.header).toBe(false)
})

test('of columns that are empty it is said so', () => {
  expect(() => numbersOf(tableOf('a,b,c\n,,x\n,,y\n'), ['c'])).toThrow(/found a \(empty\), b \(empty\), c \(left out\)/)
})
