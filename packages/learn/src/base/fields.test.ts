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
