import { describe, expect, test } from 'vitest'
import { Captures } from '../captures.ts'
import { type Shape, Types } from '../shape.ts'
import { PAYLOAD_LIMITS } from '../validator.ts'
import { cborValidator } from './validator.ts'
import { MALFORMED, REFUSED, VALUES } from './vectors.ts'

const NAMES = { device: Buffer.from('level-1'), site: Buffer.from('mill-3') }
const any: Shape = { types: Types.any }

function fault(shape: Shape, hex: string, captures = new Captures(8), limits = PAYLOAD_LIMITS) {
  const bytes = Buffer.from(hex, 'hex')
  const validator = cborValidator(shape, limits)
  return validator.check(bytes, 0, bytes.length, NAMES, captures) ? null : validator.fault
}

describe('RFC 8949', () => {
  test.each(VALUES)('%s is %j and nothing else', (hex, value) => {
    expect(fault({ types: Types.any, enum: [value] }, hex)).toBeNull()
    expect(fault({ types: Types.any, enum: ['another'] }, hex)?.code).toBe('value_enum')
  })

  test.each(REFUSED)('%s is well formed, yet refused: %s', (hex, code) => {
    expect(fault(any, hex)?.code).toBe(code)
  })

  test.each(MALFORMED)('%s is not well formed: %s', (hex, code) => {
    expect(fault(any, hex)?.code).toBe(code)
  })
})

test('a payload may lie anywhere in its buffer, and what is behind it is not read', () => {
  const bytes = Buffer.from('ff83010203ff', 'hex')
  const validator = cborValidator(any)
  expect(validator.check(bytes, 1, 5, NAMES, new Captures(0))).toBe(true)
  expect(validator.fault).toBeNull()
  expect(validator.check(bytes, 1, 4, NAMES, new Captures(0))).toBe(false)
  expect(validator.fault).toMatchObject({ code: 'payload_syntax', where: '/2' })
})

test('depth, strings and members have limits; what a length claims is not believed', () => {
  const limits = { ...PAYLOAD_LIMITS, depth: 2, stringBytes: 3, members: 2 }
  expect(fault(any, '818100', undefined, limits)).toBeNull()
  expect(fault(any, '81818100', undefined, limits)).toMatchObject({ code: 'payload_depth', where: '/0/0' })
  expect(fault(any, '63616263', undefined, limits)).toBeNull()
  expect(fault(any, '6461626364', undefined, limits)?.code).toBe('payload_length')
  expect(fault(any, '83000000', undefined, limits)?.code).toBe('payload_length')
  expect(fault(any, '9f000000ff', undefined, limits)?.code).toBe('payload_length')
  expect(fault(any, 'bf616100616200616300ff', undefined, limits)?.code).toBe('payload_length')
  expect(fault(any, '8100'.repeat(1), undefined, { ...limits, depth: 0 })?.code).toBe('payload_depth')
})

test('an array of arrays has a limit in all', () => {
  const row = `990100${'00'.repeat(256)}`
  expect(fault(any, `9840${row.repeat(64)}`)?.code).toBe('payload_length')
  expect(fault(any, `98 20${row.repeat(32)}`.replace(' ', ''))).toBeNull()
})

test('an integer is a key where a property is named so', () => {
  const shape: Shape = { types: Types.object, properties: new Map([['1', { types: Types.string }]]) }
  expect(fault(shape, 'a1016161')).toBeNull()
  expect(fault(shape, 'a10101')).toMatchObject({ code: 'value_type', where: '/1' })
  expect(fault(shape, 'a1026161')).toMatchObject({ code: 'value_unknown', where: '' })
  expect(fault(shape, 'a2016161613161 61'.replace(' ', ''))).toMatchObject({
    code: 'payload_duplicate_key',
    where: '/1',
  })
})

test('values are captured by the forms that the shape asks for', () => {
  const shape: Shape = {
    types: Types.object,
    properties: new Map<string, Shape>([
      ['n', { types: Types.integer | Types.fraction, capture: 0 }],
      ['u', { types: Types.string, enum: ['m', 'cm'], capture: 1 }],
      ['d', { types: Types.string, capture: 2, captureForm: 'decimal' }],
      ['f', { types: Types.string, capture: 3, captureForm: 'float32-hex' }],
      ['b', { types: Types.boolean, capture: 4 }],
      ['missing', { types: Types.any, capture: 5 }],
    ]),
  }
  const captures = new Captures(8)
  // {"n": 1.5, "u": "cm", "d": "-12.25", "f": "3fc00000", "b": true}
  const hex = 'a5616ef93e0061756263 6d6164662d31322e3235616668336663303030303 06162f5'.replaceAll(' ', '')
  expect(fault(shape, hex, captures)).toBeNull()
  expect([...captures.values.subarray(0, 6)]).toEqual([1.5, 1, -12.25, 1.5, 1, Number.NaN])
  expect(Buffer.from(hex, 'hex').toString('latin1', captures.starts[1], captures.ends[1])).toBe('cm')
})

test('a branch that does not hold captures nothing', () => {
  const branch = (required: string, capture: number): Shape => ({
    types: Types.object,
    required: [required],
    properties: new Map([['v', { types: Types.integer, capture }]]),
  })
  const captures = new Captures(2)
  const anyOf: Shape = { types: Types.any, anyOf: [branch('a', 0), branch('b', 1)] }
  // {"v": 7, "b": 1}
  expect(fault(anyOf, 'a2617607616201', captures)).toBeNull()
  expect([...captures.values]).toEqual([Number.NaN, 7])
  const oneOf: Shape = { types: Types.any, oneOf: [branch('a', 0), branch('b', 1)] }
  expect(fault(oneOf, 'a2617607616101', captures)).toBeNull()
  expect([...captures.values]).toEqual([7, Number.NaN])
})

test('a fault says where and why', () => {
  const shape: Shape = {
    types: Types.object,
    required: ['x', 'a/b'],
    additionalProperties: { types: 0 },
    properties: new Map<string, Shape>([
      ['a/b', { types: Types.array, items: { types: Types.integer, maximum: 9 } }],
      ['site', { types: Types.string, placeholder: 'site' }],
    ]),
  }
  expect(fault(shape, 'a163612f6282010a')).toMatchObject({
    code: 'value_range',
    where: '/a~1b/1',
    why: '10 is above the maximum of 9',
    offset: 7,
  })
  expect(fault(shape, 'a163612f6280')).toMatchObject({
    code: 'value_missing',
    where: '',
    why: 'the object lacks the property x',
  })
  expect(fault(shape, 'a1617900')).toMatchObject({ code: 'value_unknown', where: '/y' })
  expect(fault(shape, 'a16473697465666d696c6c2d34')).toMatchObject({ code: 'value_enum', where: '/site' })
})

test('an integer that a double cannot hold is refused where an integer is wanted', () => {
  const integer: Shape = { types: Types.integer }
  expect(fault(integer, '1b001fffffffffffff')).toBeNull()
  expect(fault(integer, '1b0020000000000000')?.code).toBe('payload_number')
  expect(fault(integer, '3b001fffffffffffff')?.code).toBe('payload_number')
  expect(fault({ types: Types.any, enum: [-(2 ** 53 + 2)] }, '3b0020000000000001')).toBeNull()
})

test('a text that must spell a number does', () => {
  expect(fault({ types: Types.string, capture: 0, captureForm: 'decimal' }, '623178')?.code).toBe('value_pattern')
  expect(fault({ types: Types.string, capture: 0, captureForm: 'float32-hex' }, '683766383030303030')?.code).toBe(
    'value_pattern',
  )
})
