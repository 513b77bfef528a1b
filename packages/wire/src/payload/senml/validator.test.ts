import { encode } from 'cbor2'
import { describe, expect, test } from 'vitest'
import { Captures } from '../captures.ts'
import { type Shape, Types } from '../shape.ts'
import type { SenmlSpec } from './spec.ts'
import { senmlValidator } from './validator.ts'

const NAMES = { device: Buffer.from('level-1'), site: Buffer.from('mill-3') }
const NUMBER = Types.integer | Types.fraction
const CBOR_LABELS: Readonly<Record<string, number>> = {
  bver: -1,
  bn: -2,
  bt: -3,
  bu: -4,
  bv: -5,
  bs: -6,
  n: 0,
  u: 1,
  v: 2,
  vs: 3,
  vb: 4,
  s: 5,
  t: 6,
  ut: 7,
  vd: 8,
}

type Field = string | number | boolean
type Fields = Readonly<Record<string, Field>>
type Pack = readonly Fields[]

function cborOf(pack: Pack): Uint8Array {
  return encode(
    pack.map(
      record =>
        new Map(
          Object.entries(record).map(([label, value]): [string | number, Field | Uint8Array] => [
            CBOR_LABELS[label] ?? label,
            label === 'vd' ? new Uint8Array(Buffer.from(String(value), 'base64url')) : value,
          ]),
        ),
    ),
  )
}

function bytesOf(pack: Pack, encoding: 'json' | 'cbor'): Uint8Array {
  return encoding === 'json' ? Buffer.from(JSON.stringify(pack)) : cborOf(pack)
}

function fault(spec: SenmlSpec, pack: Pack, encoding: 'json' | 'cbor', captures = new Captures(8)) {
  const bytes = bytesOf(pack, encoding)
  const validator = senmlValidator(spec, encoding)
  return validator.check(bytes, 0, bytes.length, NAMES, captures) ? null : validator.fault
}

function spec(properties: Readonly<Record<string, Shape>>, more: Partial<SenmlSpec> = {}): SenmlSpec {
  const shape: Shape = {
    types: Types.object,
    properties: new Map(Object.entries(properties)),
    additionalProperties: { types: 0 },
  }
  return { shape, ...more }
}

const anything: SenmlSpec = { shape: { types: Types.object } }

// The packs of RFC 8428, section 5.1, by what each shows.
const EXAMPLES: readonly (readonly [string, Pack, Fields, earlier: readonly Field[]])[] = [
  [
    'a single datapoint',
    [{ n: 'urn:dev:ow:10e2073a01080063', u: 'Cel', v: 23.1 }],
    { 'urn:dev:ow:10e2073a01080063': 23.1 },
    [],
  ],
  [
    'multiple datapoints',
    [
      { bn: 'urn:dev:ow:10e2073a01080063:', n: 'voltage', u: 'V', v: 120.1 },
      { n: 'current', u: 'A', v: 1.2 },
    ],
    { 'urn:dev:ow:10e2073a01080063:voltage': 120.1, 'urn:dev:ow:10e2073a01080063:current': 1.2 },
    [],
  ],
  [
    'several times of one name',
    [
      { bn: 'urn:dev:ow:10e2073a0108006:', bt: 1.276020076001e9, bu: 'A', bver: 10, n: 'voltage', u: 'V', v: 120.1 },
      { n: 'current', t: -5, v: 1.2 },
      { n: 'current', t: -4, v: 1.3 },
      { n: 'current', v: 1.7 },
    ],
    { 'urn:dev:ow:10e2073a0108006:voltage': 120.1, 'urn:dev:ow:10e2073a0108006:current': 1.7 },
    [1.2, 1.3],
  ],
  [
    'values of different types',
    [
      { bn: 'urn:dev:ow:10e2073a01080063:', n: 'temp', u: 'Cel', v: 23.1 },
      { n: 'label', vs: 'Machine Room' },
      { n: 'open', vb: false },
      { n: 'nfc-reader', vd: 'aGkgCg' },
    ],
    {
      'urn:dev:ow:10e2073a01080063:temp': 23.1,
      'urn:dev:ow:10e2073a01080063:label': 'Machine Room',
      'urn:dev:ow:10e2073a01080063:open': false,
      'urn:dev:ow:10e2073a01080063:nfc-reader': 'aGkgCg',
    },
    [],
  ],
  ['an empty string', [{ n: 'a', vs: '' }], { a: '' }, []],
]

describe.each(['json', 'cbor'] as const)('%s', encoding => {
  test.each(EXAMPLES)('RFC 8428, section 5: %s', (_, pack, object, earlier) => {
    // Of a name that comes again each value is judged in the place of the last.
    const others = earlier.map(value => ({ ...object, 'urn:dev:ow:10e2073a0108006:current': value }))
    expect(fault({ shape: { types: Types.object, enum: [object, ...others] } }, pack, encoding)).toBeNull()
    if (others.length > 0) {
      expect(fault({ shape: { types: Types.object, enum: [object, others[0]] } }, pack, encoding)?.code).toBe(
        'value_enum',
      )
    }
    expect(fault({ shape: { types: Types.object, enum: [{ ...object, more: 1 }] } }, pack, encoding)?.code).toBe(
      'value_enum',
    )
  })

  test('values, units and the time are captured, the last of a name', () => {
    const captures = new Captures(8)
    const level = spec(
      {
        level: { types: NUMBER, maximum: 2, capture: 0 },
        mode: { types: Types.string, enum: ['on', 'off'], capture: 1 },
      },
      {
        baseName: 'urn:dev:${site}:${device}/',
        units: new Map([['level', { accepted: ['m', 'cm'], slot: 2 }]]),
        timeSlot: 3,
      },
    )
    const pack = [
      { bn: 'urn:dev:mill-3:level-1/', bt: 1_700_000_000, bv: 1, bu: 'cm', n: 'level', v: 0.25 },
      { n: 'mode', vs: 'off' },
      { n: 'level', t: 0.5, v: 0.5 },
    ]
    expect(fault(level, pack, encoding, captures)).toBeNull()
    expect([...captures.values.subarray(0, 4)]).toEqual([1.5, 1, 1, 1_700_000_000.5])
    const bytes = Buffer.from(bytesOf(pack, encoding))
    expect(bytes.toString('latin1', captures.starts[1], captures.ends[1])).toBe('off')
    expect(fault(level, [{ ...pack[0], v: 1.5 }, ...pack.slice(1)], encoding)).toMatchObject({
      code: 'value_range',
      where: '/0/v',
      why: '2.5 is above the maximum of 2',
    })
    expect(fault(level, [{ ...pack[0], bu: 'ft' }], encoding)?.code).toBe('value_enum')
    expect(fault(level, [{ bn: 'urn:dev:mill-3:level-1/', n: 'level', v: 1 }], encoding)?.code).toBe('value_missing')
    expect(fault(level, [{ ...pack[0], bn: 'urn:dev:mill-3:level-2/' }], encoding)?.code).toBe('value_enum')
    expect(fault(level, [pack[0], { n: 'other', v: 1 }], encoding)).toMatchObject({
      code: 'value_unknown',
      where: '/1/v',
    })
  })

  test('a relative time is captured as it is sent', () => {
    const captures = new Captures(1)
    expect(fault({ ...anything, timeSlot: 0 }, [{ n: 'a', t: -2, v: 1 }], encoding, captures)).toBeNull()
    expect(captures.values[0]).toBe(-2)
  })

  test('a sum is a member of its own, beside a value or without one', () => {
    const counted = spec({ flow: { types: NUMBER }, 'flow#sum': { types: NUMBER, capture: 0 } })
    const captures = new Captures(1)
    expect(fault(counted, [{ bs: 100, n: 'flow', v: 1, s: 5 }], encoding, captures)).toBeNull()
    expect(captures.values[0]).toBe(105)
    expect(fault(counted, [{ n: 'flow', s: 5 }], encoding)).toBeNull()
    expect(fault(spec({ flow: { types: NUMBER } }), [{ n: 'flow', s: 5 }], encoding)?.code).toBe('value_unknown')
  })

  const WRONG: readonly (readonly [string, Pack, string])[] = [
    ['an empty pack', [], 'value_items'],
    ['no name', [{ v: 1 }], 'value_pattern'],
    ['a name that begins with a dash', [{ n: '-a', v: 1 }], 'value_pattern'],
    ['a space in a name', [{ n: 'a b', v: 1 }], 'value_pattern'],
    ['no value', [{ n: 'a' }], 'value_missing'],
    ['only a base value', [{ n: 'a', bv: 1, bs: 1 }], 'value_missing'],
    ['two values', [{ n: 'a', v: 1, vb: true }], 'value_condition'],
    ['another version', [{ n: 'a', v: 1, bver: 11 }], 'value_enum'],
    ['a text for a number', [{ n: 'a', v: '1' }], 'value_type'],
    ['a number for a text', [{ n: 'a', vs: 1 }], 'value_type'],
    ['a number for a boolean', [{ n: 'a', vb: 1 }], 'value_type'],
    ['a label that must be understood', [{ n: 'a', v: 1, foo_: 1 }], 'value_unknown'],
    ['a label that nobody knows', [{ n: 'a', v: 1, foo: 1 }], 'value_unknown'],
    ['a negative update time', [{ n: 'a', v: 1, ut: -1 }], 'value_range'],
    [
      'a name twice at one time',
      [
        { n: 'a', v: 1 },
        { n: 'a', v: 1 },
      ],
      'value_condition',
    ],
    [
      'a name again at an earlier time',
      [
        { n: 'a', v: 1 },
        { n: 'a', t: -1, v: 1 },
      ],
      'value_condition',
    ],
    ['more than a double with its base', [{ n: 'a', bv: 1e308, v: 1e308 }], 'payload_number'],
  ]
  test.each(WRONG)('%s is refused', (_, pack, code) => {
    expect(fault(anything, pack, encoding)?.code).toBe(code)
  })

  test('labels that nobody knows are ignored where the spec says so, but not those that must be understood', () => {
    const ignoring: SenmlSpec = { ...anything, otherLabels: 'ignore' }
    expect(fault(ignoring, [{ n: 'a', v: 1, foo: 1 }], encoding)).toBeNull()
    expect(fault(ignoring, [{ n: 'a', v: 1, foo_: 1 }], encoding)?.code).toBe('value_unknown')
  })
})

describe('CBOR', () => {
  const check = (hex: string) => {
    const bytes = Buffer.from(hex, 'hex')
    const validator = senmlValidator(anything, 'cbor')
    return validator.check(bytes, 0, bytes.length, NAMES, new Captures(0)) ? null : validator.fault?.code
  }

  test('the known labels are integers, and only data are byte strings', () => {
    expect(check('81a2006161 0201'.replace(' ', ''))).toBeNull()
    expect(check('81a2616e61610201')).toBe('value_unknown')
    expect(check('81a30061610201 0901'.replace(' ', ''))).toBe('value_unknown')
    expect(check('81a200616108 426869'.replace(' ', ''))).toBeNull()
    expect(check('81a20061610862 6869'.replace(' ', ''))).toBe('value_type')
    expect(check('81a2006161034268 69'.replace(' ', ''))).toBe('value_type')
    expect(check('81a2004161 0201'.replace(' ', ''))).toBe('value_type')
    expect(check('81a3006161 0201 0202'.replaceAll(' ', ''))).toBe('payload_duplicate_key')
  })

  test('data of any length become base64url', () => {
    for (let length = 0; length < 70; length++) {
      const vd = Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 0xff)).toString('base64url')
      expect(fault({ shape: { types: Types.object, enum: [{ a: vd }] } }, [{ n: 'a', vd }], 'cbor')).toBeNull()
    }
  })
})

describe('JSON', () => {
  const check = (text: string) => {
    const bytes = Buffer.from(text)
    const validator = senmlValidator(anything, 'json')
    return validator.check(bytes, 0, bytes.length, NAMES, new Captures(0)) ? null : validator.fault?.code
  }

  test('escapes are read, also in labels and names', () => {
    expect(check('[{"\\u006e":"\\u0061","v":1}]')).toBeNull()
    expect(check('[{"n":"a","\\u006e":"b","v":1}]')).toBe('payload_duplicate_key')
    expect(check('[{"n":"a","vs":"\\ud83d\\ude00\\n"}]')).toBeNull()
    expect(check('[{"n":"a","vs":"\\ud83d"}]')).toBe('payload_utf8')
    expect(check('[{"n":"a","vd":"a+b="}]')).toBe('value_pattern')
    expect(check('[{"n":"a","v":1e309}]')).toBe('payload_number')
  })
})
