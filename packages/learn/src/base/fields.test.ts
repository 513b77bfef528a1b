import { expect, test } from 'vitest'
import { Fields } from './fields.ts'

const refused = (message: string) => expect.objectContaining({ code: 'model_field', message })
const fields = new Fields({
  count: 3,
  half: 0.5,
  huge: 1e300,
  name: 'x',
  list: [{ a: 1 }, 7],
  words: ['b', 'a'],
  none: null,
  values: Float64Array.of(1, 2, Number.NaN),
})

test('what is as it should be is read', () => {
  expect(fields.whole('count', { least: 1, most: 3 })).toBe(3)
  expect(fields.number('half')).toBe(0.5)
  expect(fields.oneOf('name', ['x', 'y'])).toBe('x')
  expect(fields.words('words', ['a', 'b', 'c'])).toEqual(['b', 'a'])
  expect([fields.has('name'), fields.has('none'), fields.has('toString')]).toEqual([true, false, false])
})

test('a list within a list is read item by item', () => {
  const lists = new Fields({
    rows: [
      [1, null],
      [2, 3],
    ],
  })
  const row = (each: Fields, at: string): (number | null)[] =>
    each.items(at, { least: 2, most: 2 }, (own, place) => (own.has(place) ? own.whole(place, { least: 2 }) : null))
  expect(() => lists.items('rows', {}, row)).toThrow(refused("'rows[0][0]' is 1, no number from 2 to 1e+40"))
  expect(lists.items('rows', {}, (each, at) => each.items(at, {}, (own, place) => own.has(place)))).toEqual([
    [true, false],
    [true, true],
  ])
  expect(() => lists.items('rows', { least: 3, most: 3 }, row)).toThrow(refused("'rows' is no list of 3"))
  lists.end()
})

test('a field that nobody asked for is named at the end, however deep it lies', () => {
  const held = () => new Fields({ a: { b: 1, c: undefined, list: [{ d: 1 }, { d: 2, extra: 3 }] }, none: null })
  const read = (all: Fields): Fields => {
    expect(all.has('none')).toBe(false)
    expect(all.of('a').number('b')).toBe(1)
    return all.of('a')
  }
  const all = held()
  expect(() => held().end()).toThrow(refused("'a' is a field that no part of the model has"))
  const a = read(all)
  expect(() => all.end()).toThrow(refused("'a.list' is a field that no part of the model has"))
  const [one, two] = a.list('list', {})
  one!.number('d')
  two!.number('d')
  expect(() => all.end()).toThrow(refused("'a.list[1].extra' is a field that no part of the model has"))
  two!.number('extra')
  all.end()
})

test('a refusal names the field by its path, and says what was wrong', () => {
  expect(() => fields.whole('half', {})).toThrow(refused("'half' is 0.5, no whole number"))
  expect(() => fields.number('huge')).toThrow(refused("'huge' is 1e+300, no number from -1e+40 to 1e+40"))
  expect(() => fields.number('gone')).toThrow(refused("'gone' is missing, no number from -1e+40 to 1e+40"))
  expect(() => fields.number('name')).toThrow(refused("'name' is of another type, no number from -1e+40 to 1e+40"))
  expect(() => fields.numbers('values', Float64Array, 2)).toThrow(refused("'values' has 3 numbers, not 2"))
  expect(() => fields.numbers('values', Float64Array, 3)).toThrow(/'values\[2\]' is NaN/)
  expect(() => fields.numbers('values', Int32Array, 3)).toThrow(refused("'values' is no Int32Array"))
  expect(() => fields.list('list', {})).toThrow(refused("'list[1]' is missing, or no object"))
  expect(() => fields.list('list', { least: 3, most: 4 })).toThrow(refused("'list' is no list of 3 to 4"))
  expect(() => fields.of('values')).toThrow(refused("'values' is missing, or no object"))
  expect(() => fields.words('words', ['a', 'c'])).toThrow(refused("'words' is no list of a, c"))
  expect(() => fields.text('count')).toThrow(refused("'count' is no text"))
})
