import type { ValidateFunction } from 'ajv/dist/2020.js'
import { Captures, compileSchema, isShape, type PayloadValidator, senmlValidator } from '../../src/index.ts'
import { Random } from '../random.ts'
import type { Judged } from './format.ts'
import { FUZZ_LIMITS } from './json.ts'
import { ajvOf } from './json-reference.ts'
import { randomPackSchema } from './random-pack.ts'
import { ACCEPTED_UNITS, BASE_NAME } from './senml-reference.ts'

const nobody = new Uint8Array(0)
const names = { device: nobody, site: nobody }
const captures = new Captures(1)

/** A schema of the object that packs are seen as. */
export function judgedPack(seed: number): Judged {
  const schema = randomPackSchema(new Random(seed))
  const shape = compileSchema(schema)
  if (!isShape(shape)) throw new Error(`the schema of a pack is none: ${shape[0].why}`)
  return { schema, shape }
}

interface Pair {
  readonly validator: PayloadValidator
  readonly validate: ValidateFunction
}

/** The validators of one encoding, by what they judge by. */
export class PackPairs {
  readonly #encoding: 'json' | 'cbor'
  readonly #pairs = new WeakMap<Judged, Pair>()

  constructor(encoding: 'json' | 'cbor') {
    this.#encoding = encoding
  }

  of(judged: Judged): Pair {
    const known = this.#pairs.get(judged)
    if (known !== undefined) return known
    const units = new Map([...ACCEPTED_UNITS].map(([name, accepted]) => [name, { accepted }]))
    const spec = { baseName: BASE_NAME, shape: judged.shape, units, timeSlot: 0 }
    const pair = { validator: senmlValidator(spec, this.#encoding, FUZZ_LIMITS), validate: ajvOf(judged.schema) }
    this.#pairs.set(judged, pair)
    return pair
  }

  /** Null where the validator finds it good, otherwise the fault's code. */
  check(judged: Judged, bytes: Uint8Array): string | null {
    const { validator } = this.of(judged)
    if (validator.check(bytes, 0, bytes.length, names, captures)) return null
    return validator.fault?.code ?? 'no fault'
  }
}
