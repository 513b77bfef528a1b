import { expect, test } from 'vitest'
import { readYaml } from './yaml.ts'

const bomb = `a: &a [x, x]\n${Array.from('bcdefghij', (name, i) => `${name}: &${name} [*${'abcdefghi'[i]}, *${'abcdefghi'[i]}]`).join('\n')}\n`

const cases: [string, string, string, number][] = [
  ['an alias bomb', bomb, 'config_alias', 1],
  ['an anchor that nothing uses', 'a: 1\nb: &x 2\n', 'config_alias', 2],
  ['an anchor on a key', '&x a: 1\n', 'config_key', 1],
  ['an alias as a key', 'a: 1\n*x : 2\n', 'config_key', 2],
  ['a standard tag', 'a: !!str 1\n', 'config_tag', 1],
  ['a standard tag on a map', 'a: !!map { b: 1 }\n', 'config_tag', 1],
  ['a tag of its own', 'a: !x 1\n', 'config_yaml', 1],
  ['YAML 1.1, where off is false', '%YAML 1.1\n---\na: off\n', 'config_yaml', 1],
  ['two documents', 'a: 1\n---\nb: 1\n', 'config_yaml', 2],
  ['a duplicate key', 'a: 1\nb: { c: 1, c: 2 }\n', 'config_duplicate_key', 2],
  ['a duplicate key in other quotes', 'a: 1\n"a": 1\n', 'config_duplicate_key', 2],
  ['a number as a key', 'a:\n  1: 2\n', 'config_key', 2],
  ['a list as a key', 'x: 1\n? [a]\n: 1\n', 'config_key', 2],
  ['no key', 'x: 1\n: 1\n', 'config_key', 2],
  ['a tab', 'a:\n\tb: 1\n', 'config_yaml', 2],
  ['an open bracket', 'a: [1\n', 'config_yaml', 2],
  ['nothing', '', 'config_empty', 1],
  ['only a comment', '# x\n', 'config_empty', 1],
  ['null', 'null', 'config_empty', 1],
  ['too much', 'a'.repeat(2 ** 20 + 1), 'config_too_large', 1],
]

test.each(cases)('%s is refused', (_, text, code, line) => {
  const { source, problems } = readYaml(text, 'x.yaml')
  expect(source).toBeUndefined()
  expect(problems).toContainEqual(
    expect.objectContaining({ code, place: expect.objectContaining({ file: 'x.yaml', line }) }),
  )
})

test.each([20, 500, 5_000, 100_000])('%i levels are refused and do not overflow the stack', depth => {
  for (const [open, close] of [
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
  ] as const) {
    const { source, problems } = readYaml(`${open.repeat(depth)}${close.repeat(depth)}`, 'x')
    expect(source).toBeUndefined()
    expect(problems.length).toBeGreaterThan(0)
  }
})

test('a file of ten thousand keys is read', () => {
  const { source } = readYaml(Array.from({ length: 10_000 }, (_, index) => `k${index}:\n`).join(''), 'x')
  expect(Object.keys(source?.value as object).length).toBe(10_000)
})

test('places are those of values, of keys, or of what is around', () => {
  const { source } = readYaml('a:\n  b: [1, { c: 2 }]\n  d:\n', 'x')
  const place = (...args: Parameters<NonNullable<typeof source>['place']>) => {
    const { line, column } = source!.place(...args)
    return [line, column]
  }
  expect(place(['a', 'b', 1, 'c'])).toEqual([2, 15])
  expect(place(['a', 'b', 1, 'c'], 'key')).toEqual([2, 12])
  expect(place(['a', 'b', 1, 'none'], 'key')).toEqual([2, 10])
  expect(place(['a', 'd'])).toEqual([3, 3])
  expect(place(['a'], 'key')).toEqual([1, 1])
  expect(source!.place(['a', 'b', 1, 'c']).field).toBe('a.b[1].c')
})

test('__proto__ stays a key and reaches no prototype', () => {
  const { source } = readYaml('__proto__: { polluted: 1 }\n', 'x')
  expect(Object.keys(source!.value as object)).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})
