import { describe, expect, test } from 'vitest'
import { Captures } from '../captures.ts'
import { compileSchema, isShape } from '../schema/compile.ts'
import type { Annotations } from '../schema/options.ts'
import type { Json } from '../shape.ts'
import { PAYLOAD_LIMITS, type PayloadLimits } from '../validator.ts'
import { jsonValidator } from './validator.ts'

const encoder = new TextEncoder()
const names = { device: encoder.encode('level-1'), site: encoder.encode('dé"mo') }

function checker(schema: Json, notes: Record<string, Annotations> = {}, limits: PayloadLimits = PAYLOAD_LIMITS) {
  const shape = compileSchema(schema, { annotate: (_, pointer) => notes[pointer] ?? null })
  if (!isShape(shape)) throw new Error(JSON.stringify(shape))
  const validator = jsonValidator(shape, limits)
  const captures = new Captures(validator.slots)
  const check = (text: string | Uint8Array) => {
    // Not at the buffer's beginning, and something like JSON behind it.
    const inside = typeof text === 'string' ? encoder.encode(text) : text
    const bytes = new Uint8Array([0x22, 0x7b, ...inside, 0x30, 0x22])
    const good = validator.check(bytes, 2, bytes.length - 2, names, captures)
    expect(validator.fault === null).toBe(good)
    const fault = validator.fault
    return fault === null ? null : { ...fault, offset: fault.offset - 2 }
  }
  return { check, captures }
}

describe('RFC 8259', () => {
  const { check } = checker(true)
  test.each([
    ...['null', ' \t\r\n0 ', '-0', '-0.0e-0', '1E+400'.replace('400', '40'), '1e-400', '0.1', '[]', '[ ]', '{}', '{ }'],
    ...[
      '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00"',
      '"\u007f é 😀"',
      '[1,[2,{"a":[]}]]',
      '{"a" : 1 , "b":2}',
      '""',
    ],
  ])('%s is accepted', text => {
    expect(() => JSON.parse(text)).not.toThrow()
    expect(check(text)).toBe(null)
  })
  test.each([
    ...[
      '',
      ' ',
      'nul',
      'True',
      'truefalse',
      '01',
      '-',
      '-a',
      '+1',
      '1.',
      '.5',
      '1e',
      '1e+',
      '0x1',
      'NaN',
      'Infinity',
      '1 2',
    ],
    ...[
      '[',
      ']',
      '[,]',
      '[1,]',
      '[1 2]',
      '{',
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{a:1}',
      '{1:1}',
      '{"a"1}',
      '{"a":1 "b":2}',
    ],
    ...['"', '"\n"', '"\t"', '"\\x"', '"\\u12"', '"\\u12G4"', '"\\', '\ufeff1', '\u00a01', "'a'", '1//', '[}', '{]'],
  ])('%j is refused', text => {
    expect(() => JSON.parse(text)).toThrow()
    expect(check(text)?.code).toBe('payload_syntax')
  })
  test.each([
    [[0x22, 0xc0, 0x80, 0x22], 1],
    [[0x22, 0x61, 0xed, 0xa0, 0x80, 0x22], 2],
    [[0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1],
    [[0x22, 0xe2, 0x82, 0x22], 1],
    [[0x22, 0x80, 0x22], 1],
    [[...encoder.encode('"\\ud800"')], 1],
    [[...encoder.encode('"\\ud800\\u0061"')], 1],
    [[...encoder.encode('"\\udc00\\ud800"')], 1],
  ])('%j is no UTF-8', (bytes, offset) => {
    expect(check(Uint8Array.from(bytes))).toMatchObject({ code: 'payload_utf8', offset })
  })
})

describe('limits', () => {
  const { check } = checker(true, {}, { depth: 3, stringBytes: 5, members: 2, work: 100 })
  test.each([
    ['[[[]]]', null],
    ['[[{"a":[]}]]', 'payload_depth'],
    ['"12345"', null],
    ['"123456"', 'payload_length'],
    ['"\\u0061"', 'payload_length'],
    ['{"123456":1}', 'payload_length'],
    ['123456', 'payload_length'],
    ['[1,2]', null],
    ['[1,2,3]', 'payload_length'],
    ['{"a":1,"b":2}', null],
    ['{"a":1,"b":2,"c":3}', 'payload_length'],
    ['1e309', 'payload_number'],
    ['-1e999', 'payload_number'],
    ['{"a":1,"a":1}', 'payload_duplicate_key'],
  ])('%s: %s', (text, code) => {
    expect(check(text)?.code ?? null).toBe(code)
  })

  test('a key is a duplicate however it is escaped, named by the shape or not', () => {
    const named = checker({ properties: { a: true, b: true } })
    for (const text of [
      '{"a":1,"\\u0061":2}',
      '{"\\u0061":1,"b":2,"a":3}',
      '{"z":1,"\\u007a":2}',
      '{"\\u007a":1,"z":2}',
    ]) {
      expect(named.check(text)?.code).toBe('payload_duplicate_key')
    }
    expect(named.check('{"a":{"a":1},"z":{"z":1}}')).toBe(null)
  })

  test('an integer beyond 2^53 is refused where an integer is wanted or captured', () => {
    const number = checker({ type: 'number' })
    const integer = checker({ type: 'integer' })
    const captured = checker({ type: 'number' }, { '': { capture: 0 } })
    expect(number.check('9007199254740993')).toBe(null)
    for (const { check } of [integer, captured]) {
      expect(check('9007199254740991')).toBe(null)
      for (const text of ['9007199254740992', '-9007199254740993', '1e20'])
        expect(check(text)?.code).toBe('payload_number')
    }
    expect(checker({ not: { type: 'integer' } }).check('1e20')?.code).toBe('payload_number')
  })
})

test('numbers are the nearest doubles', () => {
  const { check, captures } = checker({ type: 'number' }, { '': { capture: 0 } })
  const texts = [
    '0.1',
    '1.2345',
    '123456789012345',
    '9007199254740991',
    '1763880000000.123',
    '5e-324',
    '2.2250738585072011e-308',
  ]
  texts.push(
    '0.000001',
    '1.7976931348623157e308',
    '123e-25',
    '0.30000000000000004',
    '-0',
    '1000000000000000000e-18',
    '8.5e22',
  )
  for (const text of texts) {
    if (check(text) !== null) expect(Number.isSafeInteger(Number(text)) || !Number.isInteger(Number(text))).toBe(false)
    else expect(Object.is(captures.values[0], Number(text)), text).toBe(true)
  }
})

test('captures hold values, indices and spans', () => {
  const { check, captures } = checker(
    { properties: { v: {}, u: { enum: ['m', 'cm'] }, t: {}, f: {}, on: {} } },
    {
      '/properties/v': { capture: 0 },
      '/properties/u': { capture: 1 },
      '/properties/t': { capture: 2, captureForm: 'decimal' },
      '/properties/f': { capture: 3, captureForm: 'float32-hex' },
      '/properties/on': { capture: 4 },
    },
  )
  expect(check('{"v":1.50,"u":"c\\u006d","t":"-2e1","f":"3fC00000","on":true}')).toBe(null)
  expect([...captures.values]).toEqual([1.5, 1, -20, 1.5, 1])
  expect([captures.starts[0], captures.ends[0], captures.starts[1], captures.ends[1]]).toEqual([7, 11, 17, 24])
  expect(check('{"u":"m"}')).toBe(null)
  expect([...captures.values]).toEqual([Number.NaN, 0, Number.NaN, Number.NaN, Number.NaN])
  for (const text of ['{"t":"1 "}', '{"t":"1e999"}', '{"f":"7fc00000"}', '{"f":"3fC0000"}']) {
    expect(check(text)?.code).toBe('value_pattern')
  }
})

test('alternatives capture only where they fit', () => {
  const alternative = (kind: string) => ({ properties: { kind: { const: kind }, v: {} } })
  const { check, captures } = checker(
    { anyOf: [alternative('a'), alternative('b')] },
    { '/anyOf/0/properties/v': { capture: 0 }, '/anyOf/1/properties/v': { capture: 1 } },
  )
  expect(check('{"v":5,"kind":"b"}')).toBe(null)
  expect([...captures.values]).toEqual([Number.NaN, 5])
})

test('placeholders are compared without escapes', () => {
  const { check } = checker({}, { '': { placeholder: 'site' } })
  expect(check('"dé\\"mo"')).toBe(null)
  expect(check('"d\\u00e9\\u0022mo"')).toBe(null)
  expect(check('"demo"')).toMatchObject({ code: 'value_enum' })
})

test.each<[Json, string, string, string, RegExp]>([
  [{ properties: { 'a/b': { items: { maximum: 2 } } } }, '{"a/b":[1, 2.5]}', 'value_range', '/a~1b/1', /2\.5 .* 2$/],
  [{ required: ['x'] }, ' {"a":1}', 'value_missing', '', /"x"/],
  [{ additionalProperties: false }, '{"\\u0061":1}', 'value_unknown', '/a', /not one/],
  [{ dependentRequired: { a: ['b'] } }, '{"a":1}', 'value_missing', '', /"b"/],
  [{ prefixItems: [true], items: false }, '[1,2]', 'value_items', '/1', /first 1/],
  [{ uniqueItems: true }, '[{"a":1,"b":[]},{"b":[ ],"\\u0061":1.0}]', 'value_items', '', /item 1/],
  [{ items: { oneOf: [true, true] } }, '[0]', 'value_condition', '/0', /2 of 2/],
  [{ properties: { a: true } }, '{"b":{"a":[1,]}}', 'payload_syntax', '/b/a/1', /value is expected/],
  [{ minLength: 3 }, '"😀é"', 'value_length', '', /2 characters, at least 3/],
])('%j refuses %s with %s at %j', (schema, text, code, where, why) => {
  const fault = checker(schema).check(text)
  expect(fault).toMatchObject({ code, where })
  expect(fault?.why).toMatch(why)
})
