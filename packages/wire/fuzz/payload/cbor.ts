import type { ValidateFunction } from 'ajv/dist/2020.js'
import { decode } from 'cbor2'
import { Captures, cborValidator, compileSchema, isShape, type Json, type PayloadValidator } from '../../src/index.ts'
import { mutate } from '../mutate.ts'
import { Random } from '../random.ts'
import { factsOf, isPlain, selfDescribed } from './cbor-reference.ts'
import type { Judged, PayloadFormat, Reference } from './format.ts'
import { FUZZ_LIMITS } from './json.ts'
import { ajvOf } from './json-reference.ts'
import { randomCbor } from './random-cbor.ts'
import { randomInstance, randomSchema } from './random-schema.ts'

const nobody = new Uint8Array(0)
const names = { device: nobody, site: nobody }
const captures = new Captures(0)
const BAD: Reference = { good: false, codes: new Set() }

interface Pair {
  readonly validator: PayloadValidator
  readonly validate: ValidateFunction
}

/** ajv takes an empty array for enough of `minContains` where there are `prefixItems` too. */
function ajvErrs(schema: Json): boolean {
  const text = JSON.stringify(schema)
  return text.includes('"prefixItems"') && text.includes('"minContains"')
}

const pairs = new WeakMap<Judged, Pair>()

function pairOf(judged: Judged): Pair {
  const known = pairs.get(judged)
  if (known !== undefined) return known
  const pair = { validator: cborValidator(judged.shape, FUZZ_LIMITS), validate: ajvOf(judged.schema) }
  pairs.set(judged, pair)
  return pair
}

/** CBOR beside cbor2 and ajv. */
export const cbor: PayloadFormat = {
  name: 'cbor',
  generate(seed) {
    const random = new Random(seed)
    for (;;) {
      const schema = randomSchema(random)
      const shape = compileSchema(schema)
      if (isShape(shape) && !ajvErrs(schema)) return { schema, shape }
    }
  },
  encode(judged, random) {
    return randomCbor(randomInstance(judged.schema, random), random)
  },
  mutate,
  check(judged, bytes) {
    const { validator } = pairOf(judged)
    if (validator.check(bytes, 0, bytes.length, names, captures)) return null
    return validator.fault?.code ?? 'no fault'
  },
  reference(judged, bytes) {
    const value = decoded(bytes)
    if (value === undefined) return BAD
    const facts = factsOf(bytes)
    if (!isPlain(facts, FUZZ_LIMITS) || facts.byteStrings || facts.integerKeys) return BAD
    if (!pairOf(judged).validate(value)) return BAD
    return { good: true, codes: new Set(facts.unsafe ? ['payload_number'] : []) }
  },
}

/** What cbor2 reads, as JSON has it; undefined where it reads nothing or what JSON has no value for. */
export function decoded(bytes: Uint8Array): Json | undefined {
  try {
    const body = selfDescribed(bytes) ? bytes.subarray(3) : bytes
    return plain(decode(body, { rejectDuplicateKeys: true, preferMap: true }))
  } catch {
    return undefined
  }
}

/** Data become base64url texts, integer keys texts. Throws where there is no such value. */
function plain(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url')
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, one]) => [typeof key === 'string' ? key : `#${key}`, plain(one)]))
  }
  throw new TypeError('no value of JSON')
}
