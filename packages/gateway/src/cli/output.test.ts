import { expect, test } from 'vitest'
import { json, problemBlock, table } from './output.ts'

test('a problem is four lines, of which where may be missing', () => {
  const problem = {
    code: 'a_code',
    what: 'x is wrong',
    hint: 'Do y.',
    place: { file: 'f', line: 2, column: 3, field: 'a.b' },
  }
  expect(problemBlock(problem)).toBe('error a_code\n  what   x is wrong\n  where  f:2:3 a.b\n  do     Do y.\n')
  expect(problemBlock({ ...problem, place: {} }, 'warning')).toBe(
    'warning a_code\n  what   x is wrong\n  do     Do y.\n',
  )
})

test('nothing printed steers a terminal or makes a line of its own', () => {
  const text = problemBlock({ code: 'c', what: 'a\u001b[2J\nerror fake\u202e', hint: 'b', place: {} })
  expect(text.split('\n')).toHaveLength(4)
  for (const character of '\u001b\u202e') expect(text).not.toContain(character)
})

test('columns line up', () => {
  expect(
    table([
      ['name', 'n'],
      ['a', '10'],
      ['longer', ''],
    ]),
  ).toBe('name    n\na       10\nlonger\n')
  expect(table([])).toBe('')
})

test('a cell of 64 KiB does not push the other columns out of sight', () => {
  const lines = table([
    ['who', 'n'],
    ['c'.repeat(65_000), '10'],
  ]).split('\n')
  expect(lines[1]).toBe(`${'c'.repeat(239)}…  10`)
  expect(lines[0]?.length).toBe(243)
})

test('JSON is one line', () => {
  expect(json({ a: 1 })).toBe('{"a":1}\n')
})

test('a table may have more rows than a call takes arguments', () => {
  const rows = Array.from({ length: 300_000 }, (_, index) => [String(index % 10), 'x'])
  expect(table(rows).length).toBe(rows.length * 5)
})
