import { describe, expect, test } from 'vitest'
import { Captures } from '../captures.ts'
import { cborValidator } from '../cbor/validator.ts'
import { compileSchema, isShape } from '../schema/compile.ts'
import type { Json } from '../shape.ts'
import { PAYLOAD_LIMITS, type PayloadLimits, type PayloadValidator } from '../validator.ts'
import { jsonValidator } from './validator.ts'

const names = { device: new Uint8Array(0), site: new Uint8Array(0) }

function fault(schema: Json, payload: Json, limits: PayloadLimits = PAYLOAD_LIMITS, make = jsonValidator) {
  const shape = compileSchema(schema)
  if (!isShape(shape)) throw new Error(JSON.stringify(shape))
  const validator: PayloadValidator = make(shape, limits)
  const bytes = make === jsonValidator ? new TextEncoder().encode(JSON.stringify(payload)) : cbor(payload)
  return validator.check(bytes, 0, bytes.length, names, new Captures(validator.slots)) ? null : validator.fault
}

/** Arrays and small numbers only. */
function cbor(value: Json): Uint8Array {
  const write = (one: Json): number[] =>
    Array.isArray(one) ? [0x80 | one.length, ...one.flatMap(write)] : [Number(one)]
  return Uint8Array.from(write(value))
}

function nested(depth: number): Json {
  return depth === 0 ? 1 : [nested(depth - 1)]
}

/** Every array is read once more for each alternative, and so is all that is within it. */
const HOSTILE: Readonly<Record<string, Json>> = {
  anyOf: { anyOf: [{ allOf: [{ items: { $ref: '#' } }, false] }, { items: { $ref: '#' } }] },
  oneOf: { oneOf: [{ allOf: [{ items: { $ref: '#' } }, false] }, { items: { $ref: '#' } }] },
  not: { not: { items: { $ref: '#' }, type: 'array' }, if: { items: { $ref: '#' } } },
  if: { if: { allOf: [{ items: { $ref: '#' } }, false] }, else: { items: { $ref: '#' } } },
  contains: { allOf: [{ contains: { $ref: '#' } }, { items: { $ref: '#' } }] },
  allOf: { allOf: [{ items: { $ref: '#' } }, { items: { $ref: '#' } }] },
}

describe.each([
  ['json', jsonValidator],
  ['cbor', cborValidator],
] as const)('%s', (_, make) => {
  test.each(Object.keys(HOSTILE))('a schema of its own tree with %s ends by count', keyword => {
    // Unbounded, sixteen levels take 2^16 readings and more; so little work is spent long before that.
    const limits = { ...PAYLOAD_LIMITS, work: 500 }
    const wanted = { code: 'payload_work', why: expect.stringContaining('500') }
    expect(fault(HOSTILE[keyword], nested(16), limits, make)).toMatchObject(wanted)
    expect(fault(HOSTILE[keyword], nested(2), limits, make)?.code).not.toBe('payload_work')
  })

  test('that much work is allowed, and not more', () => {
    const schema = { anyOf: [{ type: 'string' }, { type: 'integer' }] }
    expect(fault(schema, 1, { ...PAYLOAD_LIMITS, work: 2 }, make)).toBe(null)
    expect(fault(schema, 1, { ...PAYLOAD_LIMITS, work: 1 }, make)?.code).toBe('payload_work')
  })

  test('what is read once costs nothing, however much it is', () => {
    const schema = { items: { type: 'integer', maximum: 23 }, uniqueItems: true, maxItems: 30 }
    const payload = Array.from({ length: 20 }, (_, i) => i)
    expect(fault(schema, payload, { ...PAYLOAD_LIMITS, work: 0 }, make)).toBe(null)
  })
})

test('a negation does not make good what was too much work', () => {
  const schema = { not: { not: { enum: [{ a: 1 }] } } }
  expect(fault(schema, { a: 1 }, { ...PAYLOAD_LIMITS, work: 2 })?.code).toBe('payload_work')
  expect(fault(schema, { a: 1 })).toBe(null)
})

test('256 different objects may be compared with each other', () => {
  const payload = Array.from({ length: 256 }, (_, i) => ({ id: i, name: `n${i}`, on: [true, null, { at: i }] }))
  expect(fault({ uniqueItems: true }, payload)).toBe(null)
  const reordered = { on: [true, null, { at: 3 }], name: 'n3', id: 3 }
  expect(fault({ uniqueItems: true }, [...payload.slice(0, 99), reordered])?.code).toBe('value_items')
})

test('keys that several patterns name are paid for', () => {
  const schema = { patternProperties: { '^a': { $ref: '#' }, a$: { $ref: '#' } } }
  const deep = (levels: number): Json => (levels === 0 ? 1 : { a: deep(levels - 1) })
  expect(fault(schema, deep(16))?.code).toBe('payload_work')
  expect(fault(schema, deep(3))).toBe(null)
})
