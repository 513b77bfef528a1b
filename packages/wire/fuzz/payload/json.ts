import type { ValidateFunction } from 'ajv/dist/2020.js'
import {
  Captures,
  compileSchema,
  isShape,
  jsonValidator,
  type PayloadLimits,
  type PayloadValidator,
} from '../../src/index.ts'
import { Random } from '../random.ts'
import type { Judged, PayloadFormat } from './format.ts'
import { ajvOf, referenceOf } from './json-reference.ts'
import { randomInstance, randomSchema } from './random-schema.ts'
import { mutateText, randomText } from './random-text.ts'

// Small, so that they are met often.
export const FUZZ_LIMITS: PayloadLimits = { depth: 6, stringBytes: 40, members: 8, work: 20_000 }

const nobody = new Uint8Array(0)
const names = { device: nobody, site: nobody }
const captures = new Captures(0)

interface Pair {
  readonly validator: PayloadValidator
  readonly validate: ValidateFunction
}

const pairs = new WeakMap<Judged, Pair>()

function pairOf(judged: Judged): Pair {
  const known = pairs.get(judged)
  if (known !== undefined) return known
  const pair = { validator: jsonValidator(judged.shape, FUZZ_LIMITS), validate: ajvOf(judged.schema) }
  pairs.set(judged, pair)
  return pair
}

/** JSON beside JSON.parse and ajv. */
export const json: PayloadFormat = {
  name: 'json',
  generate(seed) {
    const random = new Random(seed)
    for (;;) {
      const schema = randomSchema(random)
      const shape = compileSchema(schema)
      if (isShape(shape)) return { schema, shape }
    }
  },
  encode(judged, random) {
    return new TextEncoder().encode(randomText(randomInstance(judged.schema, random), random))
  },
  mutate: mutateText,
  check(judged, bytes) {
    const { validator } = pairOf(judged)
    if (validator.check(bytes, 0, bytes.length, names, captures)) return null
    return validator.fault?.code ?? 'no fault'
  },
  reference(judged, bytes) {
    return referenceOf(pairOf(judged).validate, bytes, FUZZ_LIMITS)
  },
}
