import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cbor } from '../../../fuzz/payload/cbor.ts'
import type { PayloadFormat } from '../../../fuzz/payload/format.ts'
import { number, randomCbor } from '../../../fuzz/payload/random-cbor.ts'
import { randomInstance, randomSchema } from '../../../fuzz/payload/random-schema.ts'
import { senmlCbor } from '../../../fuzz/payload/senml-cbor.ts'
import { senmlJson } from '../../../fuzz/payload/senml-json.ts'
import { Random } from '../../../fuzz/random.ts'
import { accepts } from '../../../test/plain-shape.ts'
import { Captures } from '../captures.ts'
import { cborValidator } from '../cbor/validator.ts'
import { jsonValidator } from '../json/validator.ts'
import { compileSchema, isShape } from '../schema/compile.ts'
import { type Json, type Shape, Types } from '../shape.ts'

const nobody = new Uint8Array(0)
const NAMES = { device: nobody, site: nobody }

test.each([cbor, senmlJson, senmlCbor])('$name agrees with its reference, also on what is malformed', format => {
  for (let seed = 1; seed <= 30; seed++) expect(disagreements(format, seed)).toEqual([])
})

function disagreements(format: PayloadFormat, seed: number): string[] {
  const random = new Random(seed)
  const judged = format.generate(seed)
  const found: string[] = []
  for (let i = 0; i < 40; i++) {
    const made = format.encode(judged, random)
    const bytes = random.below(2) === 0 ? made : format.mutate(made, random)
    const code = format.check(judged, bytes)
    const { good, codes } = format.reference(judged, bytes)
    if (code === null ? !good : good && !codes.has(code)) found.push(`${code} ${Buffer.from(bytes).toString('hex')}`)
  }
  return found
}

function shapeOf(schema: Json): Shape {
  const shape = compileSchema(schema)
  if (!isShape(shape)) throw new Error(shape[0].why)
  return shape
}

/** Whether a payload's integers are all such that a double holds them: beyond, what the shape wants decides. */
function isSafe(value: Json): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isSafe)
}

test('the verdict is that of a plain walk over the decoded value', () => {
  let good = 0
  for (let seed = 1; seed <= 500; seed++) {
    const random = new Random(seed)
    const schema = randomSchema(random)
    const shape = compileSchema(schema)
    if (!isShape(shape)) continue
    const validator = cborValidator(shape)
    for (let i = 0; i < 5; i++) {
      const value = randomInstance(schema, random)
      if (!isSafe(value)) continue
      const bytes = plainCbor(value, random)
      const expected = accepts(shape, value)
      const found = validator.check(bytes, 0, bytes.length, NAMES, new Captures(0))
      expect([seed, value, found, validator.fault === null]).toEqual([seed, value, expected, expected])
      if (found) good++
    }
  }
  expect(good).toBeGreaterThan(200)
})

/** Without the odd things that stand in the fuzzing's payloads now and then. */
function plainCbor(value: Json, random: Random): Uint8Array {
  if (typeof value === 'number') return Uint8Array.from(number(value, random))
  for (;;) {
    const bytes = randomCbor(value, random)
    const validator = cborValidator({ types: Types.any, enum: [value] })
    if (validator.check(bytes, 0, bytes.length, NAMES, new Captures(0))) return bytes
  }
}

test('what JSON captures of a value, CBOR captures of it', () => {
  const anyNumber = Types.integer | Types.fraction
  const properties = new Map<string, Shape>([
    ['n', { types: anyNumber, capture: 0 }],
    ['b', { types: Types.boolean, capture: 1 }],
    ['e', { types: Types.string, enum: ['x', 'é', '"'], capture: 2 }],
    ['d', { types: Types.string, capture: 3, captureForm: 'decimal' }],
    ['f', { types: Types.string, capture: 4, captureForm: 'float32-hex' }],
    [
      'i',
      {
        types: Types.any,
        anyOf: [
          { types: Types.integer, capture: 5 },
          { types: Types.string, capture: 6 },
        ],
      },
    ],
  ])
  const shape: Shape = { types: Types.object, properties }
  const validators = [jsonValidator(shape), cborValidator(shape)]
  const captures = [new Captures(7), new Captures(7)]
  const some = fc.record(
    {
      n: fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map(value => (Number.isInteger(value) ? value % 2 ** 50 : value)),
      b: fc.boolean(),
      e: fc.constantFrom('x', 'é', '"', 'other'),
      d: fc.oneof(fc.double({ noNaN: true }).map(String), fc.constantFrom('1', '-0', '1e5', '01', '', 'x', '0.1e-400')),
      f: fc.oneof(fc.stringMatching(/^[0-9a-fA-F]{8}$/), fc.constantFrom('7f800000', '3fc0000', '3fc000000')),
      i: fc.oneof(fc.integer(), fc.string(), fc.boolean()),
    },
    { requiredKeys: [] },
  )
  const random = new Random(1)
  fc.assert(
    fc.property(some, value => {
      const bytes = [Buffer.from(JSON.stringify(value)), plainCbor(value as Json, random)]
      const found = validators.map((one, i) => one.check(bytes[i], 0, bytes[i].length, NAMES, captures[i]))
      expect(found[1]).toBe(found[0])
      expect(validators[1].fault?.code).toBe(validators[0].fault?.code)
      // JSON spells no negative zero.
      if (found[0])
        expect([...captures[1].values].map(one => one + 0)).toEqual([...captures[0].values].map(one => one + 0))
    }),
    { seed: 7, numRuns: 2_000 },
  )
})

test('a schema of its own tree is judged to the depth that is allowed', () => {
  const validator = cborValidator(shapeOf({ items: { $ref: '#' }, type: ['array', 'integer'] }))
  const nested = (depth: number) => Uint8Array.from([...Array(depth).fill(0x81), 0x00])
  expect(validator.check(nested(16), 0, 17, NAMES, new Captures(0))).toBe(true)
  expect(validator.check(nested(17), 0, 18, NAMES, new Captures(0))).toBe(false)
  expect(validator.fault).toMatchObject({ code: 'payload_depth', where: '/0'.repeat(16) })
})
