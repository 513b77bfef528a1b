import { mutate } from '../mutate.ts'
import type { Random } from '../random.ts'
import { decoded } from './cbor.ts'
import { factsOf, isPlain } from './cbor-reference.ts'
import type { PayloadFormat, Reference } from './format.ts'
import { FUZZ_LIMITS } from './json.ts'
import { head, number } from './random-cbor.ts'
import { randomPack } from './random-pack.ts'
import { judgedPack, PackPairs } from './senml.ts'
import { type Field, isGoodPack, type Record } from './senml-reference.ts'

// By the integer and six: from -6 to 8 (RFC 8428, table 4).
const LABELS = ['bs', 'bv', 'bu', 'bt', 'bn', 'bver', 'n', 'u', 'v', 'vs', 'vb', 's', 't', 'ut', 'vd']
const FIRST = -6
const BAD: Reference = { good: false, codes: new Set() }

const pairs = new PackPairs('cbor')

/** SenML in CBOR beside cbor2, a resolver written for it, and ajv. */
export const senmlCbor: PayloadFormat = {
  name: 'senml-cbor',
  generate: judgedPack,
  encode: (_, random) => encoded(randomPack(random), random),
  mutate,
  check: (judged, bytes) => pairs.check(judged, bytes),
  reference(judged, bytes) {
    const records = recordsOf(decoded(bytes))
    if (records === null) return BAD
    const facts = factsOf(bytes)
    if (!isPlain(facts, FUZZ_LIMITS)) return BAD
    if (!isGoodPack(records, pairs.of(judged).validate, FUZZ_LIMITS.stringBytes)) return BAD
    return { good: true, codes: new Set(facts.unsafe ? ['payload_number'] : []) }
  },
}

function encoded(pack: ReturnType<typeof randomPack>, random: Random): Uint8Array {
  const records = pack.map(record => {
    const fields = Object.entries(record).flatMap(([label, value]) => [
      ...(random.below(60) === 0 ? item(label, random) : labelOf(label, random)),
      ...(label === 'vd' && random.below(30) > 0
        ? stringOf(2, Buffer.from(String(value), 'base64url'), random)
        : item(value, random)),
    ])
    return [...head(5, Object.keys(record).length, random), ...fields]
  })
  if (random.below(6) === 0) return Uint8Array.from([0x9f, ...records.flat(), 0xff])
  return Uint8Array.from([...head(4, records.length, random), ...records.flat()])
}

function labelOf(label: string, random: Random): number[] {
  const at = LABELS.indexOf(label)
  return at < 0 ? item(label, random) : number(at + FIRST, random)
}

function item(value: string | number | boolean, random: Random): number[] {
  if (typeof value === 'boolean') return [value ? 0xf5 : 0xf4]
  return typeof value === 'number' ? number(value, random) : stringOf(3, Buffer.from(value), random)
}

function stringOf(major: number, bytes: Uint8Array, random: Random): number[] {
  return [...head(major, bytes.length, random), ...bytes]
}

function recordsOf(value: unknown): readonly Record[] | null {
  if (!Array.isArray(value)) return null
  const records: Record[] = []
  for (const one of value) {
    if (!(one instanceof Map)) return null
    const record = new Map<string, Field>()
    for (const [key, field] of one) {
      const label = typeof key === 'number' ? LABELS[key - FIRST] : key
      const read = fieldOf(field)
      if (typeof label !== 'string' || read === null) return null
      // A known label is an integer in CBOR, and data are bytes.
      if (typeof key === 'string' && LABELS.includes(key)) return null
      record.set(label, read)
    }
    records.push(record)
  }
  return records
}

function fieldOf(field: unknown): Field | null {
  if (field instanceof Uint8Array) return { data: Buffer.from(field).toString('base64url') }
  if (typeof field === 'bigint') return Number(field)
  if (typeof field === 'number') return Number.isFinite(field) ? field : null
  return typeof field === 'string' || typeof field === 'boolean' ? field : null
}
